import type { Pool } from 'pg';
import { DISREGARDED } from '#event-log/adapter';
import type { GuardFinding } from './guard-comparison.js';

/** The status of the store that a log is kept in. */
export interface StoreStatus {
  /** The time since the process that copies was last seen, in milliseconds; null when none ever was. */
  readonly sequencerSeenMs: number | null;
  /** The number of entries that replace records which the log did not accept. */
  readonly disregarded: number;
  /** Streams of which the store may forget events. */
  readonly limitedStreams: number;
  /** Differences between store and log: those of the last whole comparison, and of the one under way. */
  readonly findings: Readonly<Record<GuardFinding['kind'], number>>;
  /** Some of them, in words. */
  readonly examples: readonly string[];
  /** When the last whole comparison ended, in milliseconds since 1970; null when there was none yet. */
  readonly comparedAt: number | null;
}

interface StatusRow {
  readonly seen_ms: number | null;
  readonly disregarded: number;
  readonly limited: number;
  readonly findings: Partial<StoreStatus['findings']> | null;
  readonly examples: readonly string[] | null;
  readonly compared_ms: number | null;
}

const STATUS = `WITH found AS (
    SELECT f.kind, f.detail FROM log.guard_findings f CROSS JOIN log.guard g
    WHERE f.pass = g.whole_pass OR (f.pass = g.pass AND g.pass > g.whole_pass)
  )
  SELECT (SELECT (extract(epoch FROM clock_timestamp() - s.seen_at) * 1000)::float8 FROM log.sequencer s) AS seen_ms,
    (SELECT count(*)::integer FROM log.events e WHERE e.type = '${DISREGARDED}') AS disregarded,
    (SELECT count(DISTINCT l.stream)::integer FROM log.store_limits l) AS limited,
    (SELECT jsonb_object_agg(k.kind, k.count) FROM (SELECT kind, count(*) FROM found GROUP BY kind) k) AS findings,
    (SELECT jsonb_agg(x.detail) FROM (SELECT DISTINCT detail FROM found ORDER BY detail LIMIT 10) x) AS examples,
    (SELECT (extract(epoch FROM g.whole_at) * 1000)::float8 FROM log.guard g) AS compared_ms`;

/** Reads the status of the store that sequencer and guard, wherever they run, have kept. */
export async function readStoreStatus(pool: Pool): Promise<StoreStatus> {
  const { rows } = await pool.query<StatusRow>({ name: 'log-store-status', text: STATUS });
  const [row] = rows;
  return {
    sequencerSeenMs: row?.seen_ms ?? null,
    disregarded: row?.disregarded ?? 0,
    limitedStreams: row?.limited ?? 0,
    findings: { altered: 0, blanked: 0, missing: 0, added: 0, ...row?.findings },
    examples: row?.examples ?? [],
    comparedAt: row?.compared_ms ?? null,
  };
}
