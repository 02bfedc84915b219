import type { Pool } from 'pg';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { type Bind, type OrderColumn, orderBy } from '../../rows/steps.js';
import { isOfPolicy, standsAt, storedInstant } from '../../rows/table.js';

/** The order of a list that is read policy by policy: in the order of registration, then of occurrence. */
export const POLICY_BY_POLICY = [
  ['policy', 'integer'],
  ['occurred_order', 'text'],
  ['id', 'integer'],
  ['part', 'integer'],
] as const satisfies readonly OrderColumn[];

/** Which rows of which table, of whole policies. */
interface WantedChunk {
  readonly table: string;
  /** Select list of rows `t`, without the columns of the order. */
  readonly select: string;
  /** Slugs of policies, separated by commas; all when undefined. */
  readonly slugs?: string | undefined;
  /** The first policy that may be read, by its number. */
  readonly from: number;
  /** About so many rows are read. */
  readonly most: number;
}

/** Rows of whole policies, and the number at which the next chunk begins; undefined where there is none. */
export interface PolicyChunk<Row> {
  readonly rows: readonly Row[];
  readonly next: number | undefined;
}

/** The columns of a row by which chunks are made. */
export interface ChunkRow {
  readonly policy: number;
  readonly occurred_order: string;
  readonly id: number;
  readonly part: number;
}

/**
 * Reads the rows that stand at a coordinate of as many whole policies as come to about so many rows: at least those of one,
 * however many it has.
 */
export async function rowsOfNextPolicies<Own extends object>(
  pool: Pool,
  at: ResolvedCoordinate,
  wanted: WantedChunk,
): Promise<PolicyChunk<ChunkRow & Own>> {
  const rows = await chunkRows<Own>(
    { pool, at, wanted },
    {
      within: (bind) => `t.policy >= ${bind(wanted.from)}`,
      limit: wanted.most + 1,
    },
  );
  const last = rows.at(-1)?.policy;
  if (rows.length <= wanted.most || last === undefined) return { rows, next: undefined };
  const whole = rows.filter(({ policy }) => policy !== last);
  if (whole.length > 0) return { rows: whole, next: last };
  const ofOne = await chunkRows<Own>({ pool, at, wanted }, { within: (bind) => `t.policy = ${bind(last)}` });
  return { rows: ofOne, next: last + 1 };
}

interface Bounds {
  readonly within: (bind: Bind) => string;
  readonly limit?: number;
}

interface Wanting {
  readonly pool: Pool;
  readonly at: ResolvedCoordinate;
  readonly wanted: WantedChunk;
}

async function chunkRows<Own extends object>(
  { pool, at: { recorded, knownAt }, wanted: { table, select, slugs } }: Wanting,
  { within, limit }: Bounds,
): Promise<readonly (ChunkRow & Own)[]> {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const conditions = [
    standsAt('t', bind(recorded), bind(storedInstant(knownAt))),
    within(bind),
    ...(slugs === undefined ? [] : [isOfPolicy('t', slugs, bind)]),
  ];
  const { rows } = await pool.query<ChunkRow & Own>(
    `SELECT t.policy, t.occurred_order, t.id, t.part, ${select} FROM read.${table} t WHERE ${conditions.join(' AND ')}
      ORDER BY ${orderBy('t', POLICY_BY_POLICY)} ${limit === undefined ? '' : `LIMIT ${bind(limit)}`}`,
    values,
  );
  return rows;
}

/** Column lists of the indexes that a table needs for it. */
export const CHUNK_INDEXES = [`(${POLICY_BY_POLICY.map(([name]) => name).join(', ')})`];
