import type { Pool } from 'pg';
import { LogStartError, reportUnavailability } from '#event-log/adapter';
import { sleep } from '#postgres';
import { type GuardFinding, type MirroredEntry, compareStretches, isBefore } from './guard-comparison.js';
import { MirrorMismatchError } from '../sequencer/mirror-call.js';
import type { EventStore, StorePosition, StoredRecord, StreamLimit } from '../store/store.js';

/** The dependencies of a guard. All of them are the caller's to close. */
export interface GuardNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  readonly store: Pick<EventStore, 'readAll' | 'readLimits' | 'readStream'>;
  /** Called with each finding, once in a comparison; and with each error after which work is tried again. */
  readonly onFinding: (finding: GuardFinding) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** The comparison goes through the store in pages of this many events, with a rest after each: it is to disturb nobody. */
const PAGE = 500;
const REST_MS = 200;

/** It begins again this long after it ended, or failed. */
const PAUSE_MS = 600_000;
const RETRY_MS = 10_000;

/** The number of findings that are kept of one comparison; more would say no more. */
const FINDINGS_LIMIT = 1_000;

/** The store may forget events of the log, so copying them must not begin. */
export class StoreLimitsError extends LogStartError {
  override readonly name = 'StoreLimitsError';
}

/**
 * Watches over the store: limits by which it would forget events, and what was done to those that were copied.
 *
 * A store can be scavenged, truncated, redacted and written to by others; the log's own entries are what it is held
 * against.
 */
export class Guard {
  constructor(private readonly needs: GuardNeeds) {}

  /** Throws {@link StoreLimitsError} where a limit is set on a stream of the log. */
  async assertUnlimited(): Promise<void> {
    await this.#learnLimits();
    const { rows } = await reportUnavailability(
      this.needs.pool.query<StoredLimit>('SELECT stream, kind, value FROM log.store_limits ORDER BY stream, kind'),
    );
    if (rows.length === 0) return;
    const said = rows.slice(0, LISTED).map(sentenceOf).join(' ');
    const more = rows.length > LISTED ? ` And ${rows.length - LISTED} more.` : '';
    throw new StoreLimitsError(
      `KurrentDB may delete events of this log. ${said}${more} Remove these limits from the metadata of the streams, then start again.`,
    );
  }

  /** Throws {@link MirrorMismatchError} where the store does not have the event that was copied last at its position. */
  async assertSameStore(): Promise<void> {
    const last = await readLastMirrored(this.needs.pool);
    if (!last) return;
    const [record] = await this.needs.store.readStream(last.stream, { from: last.revision, limit: 1 });
    if (record?.at.commit === last.at.commit && record.at.prepare === last.at.prepare) return;
    throw new MirrorMismatchError(
      `KurrentDB does not hold event ${last.revision} of the stream "${last.stream}", the last one of this database's log (position ${last.position}), where it was. Either KURRENTDB_URL names another store, or events were removed from this one: restore it, or switch the log to PostgreSQL and back.`,
    );
  }

  /** Compares again and again until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isWhole = await this.compare(signal).catch((error: unknown) => {
        this.needs.onTrouble(error);
        return false;
      });
      await sleep(isWhole ? PAUSE_MS : RETRY_MS, signal);
    }
  }

  /** Compares the whole store, as far as it is copied by now, with the log; false when the signal aborted before. */
  async compare(signal: AbortSignal, { restMs = REST_MS }: { readonly restMs?: number } = {}): Promise<boolean> {
    await this.#learnLimits();
    const { pool } = this.needs;
    const until = await readLastMirrored(pool);
    const pass = await beginPass(pool);
    let [after, position, found]: [StorePosition | undefined, number, number] = [undefined, 0, 0];
    while (until && (!after || isBefore(after, until.at))) {
      const stretch = await this.#readStretch(after, position, until.at);
      position = stretch.entries.at(-1)?.position ?? position;
      found = await this.#keep(compareStretches(stretch.records, stretch.entries), { pass, found, compared: position });
      after = stretch.to;
      if (isBefore(after, until.at)) await sleep(restMs, signal);
      if (signal.aborted) return false;
    }
    await pool.query('UPDATE log.guard SET whole_pass = $1, whole_at = clock_timestamp() WHERE pass = $1', [pass]);
    return true;
  }

  /** The next stretch of store and log, both up to one position. */
  async #readStretch(after: StorePosition | undefined, position: number, until: StorePosition): Promise<Stretch> {
    const records = await this.needs.store.readAll({ ...(after ? { after } : {}), limit: PAGE });
    const entries = await readMirroredAfter(this.needs.pool, position);
    const ends = [records, entries].flatMap((page) => (page.length < PAGE ? [] : (page.at(-1)?.at ?? [])));
    const to = ends.reduce((earliest, end) => (isBefore(end, earliest) ? end : earliest), until);
    const isIn = ({ at }: { readonly at: StorePosition }): boolean => !isBefore(to, at);
    return { to, records: records.filter(isIn), entries: entries.filter(isIn) };
  }

  async #keep(
    findings: readonly GuardFinding[],
    { pass, found, compared }: { readonly pass: string; readonly found: number; readonly compared: number },
  ): Promise<number> {
    const { pool, onFinding } = this.needs;
    const kept = findings.slice(0, Math.max(0, FINDINGS_LIMIT - found));
    if (kept.length > 0)
      await pool.query(
        `INSERT INTO log.guard_findings (pass, store_commit, store_prepare, position, kind, detail)
         SELECT $1, f.* FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[]) AS f ON CONFLICT DO NOTHING`,
        [
          pass,
          kept.map(({ at }) => at.commit.toString()),
          kept.map(({ at }) => at.prepare.toString()),
          kept.map(({ position }) => position ?? null),
          kept.map(({ kind }) => kind),
          kept.map(({ detail }) => detail),
        ],
      );
    await pool.query('UPDATE log.guard SET compared = $2 WHERE pass = $1', [pass, compared]);
    kept.forEach(onFinding);
    return found + kept.length;
  }

  /** Reads what was set on streams since it was last looked, and keeps what holds now. */
  async #learnLimits(): Promise<void> {
    const { pool, store } = this.needs;
    const { rows } = await reportUnavailability(
      pool.query<{ commit: string | null; prepare: string | null }>(
        'SELECT limits_commit AS commit, limits_prepare AS prepare FROM log.guard',
      ),
    );
    const [{ commit, prepare } = { commit: null, prepare: null }] = rows;
    const after =
      commit === null || prepare === null ? undefined : { commit: BigInt(commit), prepare: BigInt(prepare) };
    const limits = await store.readLimits(after);
    const last = limits.at(-1);
    if (!last) return;
    await keepLimits(pool, limits);
    await pool.query('UPDATE log.guard SET limits_commit = $1, limits_prepare = $2', [
      last.at.commit.toString(),
      last.at.prepare.toString(),
    ]);
  }
}

interface Stretch {
  /** The last position in it. */
  readonly to: StorePosition;
  readonly records: readonly StoredRecord[];
  readonly entries: readonly MirroredEntry[];
}

/** A refusal names at most so many streams. */
const LISTED = 10;

interface StoredLimit {
  readonly stream: string;
  readonly kind: StreamLimit['limit'];
  readonly value: number | null;
}

const LIMIT_TEXTS: Readonly<Record<StreamLimit['limit'], (value: number) => string>> = {
  'max-age': (value) => `keeps its events for ${value} s ($maxAge)`,
  'max-count': (value) => `keeps ${value} events ($maxCount)`,
  'truncated-before': (value) => `begins with event ${value} ($tb)`,
  deleted: () => 'was deleted',
  tombstoned: () => 'was deleted permanently',
  none: () => 'has no limit',
};

const sentenceOf = ({ stream, kind, value }: StoredLimit): string =>
  `The stream "${stream}" ${LIMIT_TEXTS[kind](value ?? 0)}.`;

/** Limits that were set together replace those set on the stream before; a tombstone stays. */
async function keepLimits(pool: Pool, limits: readonly StreamLimit[]): Promise<void> {
  const latest = new Map<string, StreamLimit[]>();
  for (const limit of limits) {
    const known = latest.get(limit.stream) ?? [];
    const isTogether = known.at(-1)?.at.commit === limit.at.commit;
    latest.set(limit.stream, [...(isTogether ? known : known.filter((each) => each.limit === 'tombstoned')), limit]);
  }
  const current = [...latest.values()].flat().filter(({ limit }) => limit !== 'none');
  await pool.query("DELETE FROM log.store_limits WHERE stream = ANY ($1) AND kind <> 'tombstoned'", [
    [...latest.keys()],
  ]);
  await pool.query(
    `INSERT INTO log.store_limits (stream, kind, value)
     SELECT * FROM unnest($1::text[], $2::text[], $3::double precision[]) ON CONFLICT DO NOTHING`,
    [current.map(({ stream }) => stream), current.map(({ limit }) => limit), current.map(({ value }) => value ?? null)],
  );
}

async function beginPass(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ pass: string }>(
    'UPDATE log.guard SET pass = pass + 1, begun_at = clock_timestamp(), compared = 0 RETURNING pass',
  );
  return rows[0]?.pass ?? '0';
}

interface MirroredRow {
  readonly position: number;
  readonly store_commit: string;
  readonly store_prepare: string;
  readonly created_ms: number;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly entry: string;
}

const MIRRORED = `SELECT m.position::float8 AS position, m.store_commit, m.store_prepare,
    (extract(epoch FROM m.store_created_at) * 1000)::float8 AS created_ms, e.type, e.stream, e.revision, e.entry
  FROM log.mirrored m JOIN log.events e USING (position)`;

async function readLastMirrored(pool: Pool): Promise<MirroredEntry | undefined> {
  const last = pool.query<MirroredRow>(`${MIRRORED} ORDER BY m.position DESC LIMIT 1`);
  const { rows } = await reportUnavailability(last);
  return rows.map(toMirroredEntry)[0];
}

/** The log's copies after a position, in the store's order. */
async function readMirroredAfter(pool: Pool, position: number): Promise<readonly MirroredEntry[]> {
  const { rows } = await pool.query<MirroredRow>({
    name: 'log-mirrored-after',
    text: `${MIRRORED} WHERE m.position > $1 ORDER BY m.position LIMIT $2`,
    values: [position, PAGE],
  });
  return rows.map(toMirroredEntry);
}

const toMirroredEntry = ({ store_commit, store_prepare, created_ms, ...row }: MirroredRow): MirroredEntry => ({
  ...row,
  at: { commit: BigInt(store_commit), prepare: BigInt(store_prepare) },
  createdMs: Math.round(created_ms),
});
