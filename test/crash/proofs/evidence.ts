import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { bodyDigest } from '../load/tracks.js';

/** An event as the table of the log has it, without its content. */
export interface EvidenceRow {
  readonly position: number;
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly prev: number | null;
  readonly recordedAt: number;
  /** Of the body in the entry. */
  readonly body: string;
  /** What the entry's text says otherwise than the columns beside it. */
  readonly differsIn: readonly string[];
}

/** The whole log as it lies in the tables, read past the port and the proxy. */
export interface Evidence {
  readonly rows: readonly EvidenceRow[];
  readonly head: { readonly position: number; readonly recordedAt: number | null };
  readonly idempotencyKeys: ReadonlyMap<string, number>;
  /** Of every entry in order, as a reader forms it. */
  readonly digest: string;
}

const PAGE = 5000;

/** Reads everything; the caller sees to it that nobody writes. */
export async function gatherEvidence(pool: Pool): Promise<Evidence> {
  const content = createHash('sha256');
  const rows: EvidenceRow[] = [];
  for (let after = 0, more = true; more;) {
    const page = await pool.query<EventRow>(EVENTS, [after, PAGE]);
    for (const row of page.rows) {
      content.update(row.entry).update('\n');
      rows.push(storedRow(row));
    }
    after = page.rows.at(-1)?.position ?? after;
    more = page.rows.length === PAGE;
  }
  const head = await pool.query<Evidence['head']>(HEAD);
  const kept = await pool.query<{ key: string; position: number }>(IDEMPOTENCY_KEYS);
  return {
    rows,
    head: head.rows[0] ?? { position: -1, recordedAt: null },
    idempotencyKeys: new Map(kept.rows.map(({ key, position }) => [key, position])),
    digest: content.digest('hex'),
  };
}

interface EventRow extends Omit<EvidenceRow, 'body' | 'differsIn'> {
  readonly entry: string;
}

const EVENTS = `SELECT position::float8 AS position, id, key, type, stream, revision, prev::float8 AS prev,
    (extract(epoch FROM recorded_at) * 1000)::float8 AS "recordedAt", entry
  FROM log.events WHERE position > $1 ORDER BY position LIMIT $2`;

const HEAD = `SELECT position::float8 AS position, (extract(epoch FROM recorded_at) * 1000)::float8 AS "recordedAt" FROM log.head`;

const IDEMPOTENCY_KEYS = `SELECT idempotency_key AS key, position::float8 AS position FROM log.idempotency_keys`;

function storedRow({ entry, ...row }: EventRow): EvidenceRow {
  const written: Readonly<Record<string, unknown>> = JSON.parse(entry);
  const expected: Readonly<Record<string, unknown>> = {
    id: row.id,
    key: row.key,
    type: row.type,
    stream: row.stream,
    revision: row.revision,
    prev: row.prev ?? undefined,
    recordedAt: new Date(row.recordedAt).toISOString(),
    v: 1,
  };
  return {
    ...row,
    body: bodyDigest(bodyTextOf(entry, row)),
    differsIn: Object.keys(expected).filter((member) => written[member] !== expected[member]),
  };
}

/** The body is the entry's first member and the id its second: what lies between is the body as it was sent. */
function bodyTextOf(entry: string, { id, key }: Pick<EvidenceRow, 'id' | 'key'>): string {
  const end = entry.lastIndexOf(`,"id":${JSON.stringify(id)},"key":${JSON.stringify(key)}`);
  return entry.slice('{"body":'.length, end);
}
