import type { Pool } from 'pg';
import { CITED_SUBJECT } from './citation-schema.sql.js';
import { type Citation, type CitedAnswer, type CitedPoint, citationIdOf } from '../citation.js';

/** The result of citing an address: what is kept, and whether it was cited before. */
export interface Cited {
  readonly citation: Citation;
  readonly isNew: boolean;
}

interface CitationRow {
  readonly id: string;
  readonly address: string;
  readonly title: string;
  readonly answerSha256: Buffer;
  readonly fold: number;
  readonly root: Buffer;
  readonly size: number;
  readonly points: readonly CitedPoint[];
  readonly citedAt: number;
}

const COLUMNS = `id, address, title, answer_sha256 AS "answerSha256", fold, root, size::float8 AS size, points,
  (extract(epoch FROM cited_at) * 1000)::float8 AS "citedAt"`;

/** The citations of a database. They are added and never changed: what was printed stays what it was. */
export class Citations {
  constructor(private readonly pool: Pick<Pool, 'query'>) {}

  /** Keeps a citation; of an address that was cited before, the first one, whatever it answers now. Idempotent. */
  async add(cited: CitedAnswer): Promise<Cited> {
    const { address, title, answerSha256, fold, root, size, points } = cited;
    const id = citationIdOf(address);
    const { rows } = await this.pool.query<CitationRow>(
      `INSERT INTO citation.citations (id, address, title, answer_sha256, fold, root, size, points)
        VALUES ($1, $2, $3, decode($4, 'hex'), $5, decode($6, 'base64'), $7, $8) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
      [id, address, title, answerSha256, fold, root, size, JSON.stringify(points)],
    );
    const [added] = rows;
    const citation = added === undefined ? await this.find(id) : citationOf(added);
    if (citation === undefined) throw new Error(`The citation ${id} was there and is not any more.`);
    return { citation, isNew: added !== undefined };
  }

  /** The citation with an id; undefined if there is none. */
  async find(id: string): Promise<Citation | undefined> {
    const { rows } = await this.pool.query<CitationRow>(`SELECT ${COLUMNS} FROM citation.citations WHERE id = $1`, [
      id,
    ]);
    const [row] = rows;
    return row && citationOf(row);
  }

  /**
   * The citations of answers about these policies or events, at most so many, the newest first. An answer about all
   * policies, or several, is about none of them.
   */
  async about(names: readonly string[], most: number): Promise<readonly Citation[]> {
    const { rows } = await this.pool.query<CitationRow>(
      `SELECT ${COLUMNS} FROM citation.citations WHERE ${CITED_SUBJECT} = ANY ($1) ORDER BY cited_at DESC, id LIMIT $2`,
      [names, most],
    );
    return rows.map(citationOf);
  }
}

const citationOf = ({ answerSha256, root, ...row }: CitationRow): Citation => ({
  ...row,
  answerSha256: answerSha256.toString('hex'),
  root: root.toString('base64'),
});
