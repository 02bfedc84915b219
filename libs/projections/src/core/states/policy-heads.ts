import type { Pool, PoolClient } from 'pg';
import type { Instant, Position } from '#domain';
import { isTransient, sleep } from '#postgres';
import { Turns } from '#runtime/turns';
import type { PolicyRow } from '../descriptions.js';
import { type StateAnswer, factsOfAll, stateAnswer } from '../state.js';
import type { PolicyChange } from '../../rows/projection.js';
import type { Progress } from '../progress.js';
import { WITHOUT_END } from '../../rows/table.js';

/** Heads are made anew at most this many at a time. */
const BATCH = 25;

/** Making them takes a fifth of the time at most, within limits: readers come first, and facts answer them as well. */
const REST = 4;
const LONGEST_REST_MS = 10_000;

/** Heads made in the midst of news would be stale at once: they wait for a pause of so long after much of it. */
const NEWS_PAUSE_MS = 2_000;

/** And little news gathers for so long. */
const GATHER_MS = 500;

/** Timers stand still while a machine sleeps, so the clock is looked at again at least this often. */
const LONGEST_WAIT_MS = 60_000;

/** When heads could not be made because the database could not be reached, it is tried again so much later. */
const RETRY_MS = 1_000;

/** Raise the version whenever the same facts would give another document. */
export const POLICY_HEADS = { name: 'policy-heads', version: 1 };

/** Takes every head away, so that all are made anew: until then facts answer in their place. */
export async function dropHeads(client: PoolClient): Promise<void> {
  await client.query('DELETE FROM read.policy_heads');
  await client.query('UPDATE read.projections SET generation = generation + 1 WHERE name = $1', [POLICY_HEADS.name]);
}

/** The statement that makes the table of heads: one row a policy, its state of now and until when that holds. */
export const CREATE_HEADS = `CREATE TABLE IF NOT EXISTS read.policy_heads (
  policy integer PRIMARY KEY, document json NOT NULL, position bigint NOT NULL, made_at bigint NOT NULL, until bigint NOT NULL);
ALTER TABLE read.policy_heads ADD COLUMN IF NOT EXISTS basis text NOT NULL DEFAULT ''`;

/** SQL that names what heads are made from: of a read model that is built again, or by another code, they count no more. */
export const HEAD_BASIS = `(SELECT '${POLICY_HEADS.version} ' || string_agg(name || ' ' || version || ' ' || generation, ',' ORDER BY name) FROM read.projections)`;

interface HeadRow {
  readonly policy: number;
  readonly position: number;
}

interface Needs {
  readonly pool: Pool;
  readonly now: () => Instant;
  /** How far the read models have come that states rest on. */
  readonly progress: () => Progress;
  /** Every policy as it is called now. */
  readonly policies: () => readonly PolicyRow[];
  readonly onError: (error: unknown) => void;
}

/**
 * The current document of each policy, ready to be answered.
 *
 * A head says up to which position it counts and until when: a fact that is dated forward, or becomes known later,
 * ends it. Heads are made anew behind the commits, and when their time comes; a reader takes one only where it counts.
 */
export class PolicyHeads {
  readonly #changedAt = new Map<number, Position>();
  readonly #stale = new Set<number>();
  #refreshing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Some of the stale ones may hold: they were taken up, and nobody has looked yet. */
  #areUnseen = false;
  /** Runs while news gathers. */
  #gathering: NodeJS.Timeout | undefined;
  #isMuchNews = false;
  /** Is due after the last heads that were made. */
  #restMs = 0;
  readonly #stop = new AbortController();

  constructor(private readonly needs: Needs) {}

  /** Learns when each policy that has a head changed last. */
  async load(): Promise<void> {
    const { rows } = await this.needs.pool.query<{ policy: number; changed: Position }>(CHANGED_LAST);
    for (const { policy, changed } of rows) this.noteChange(policy, changed);
  }

  /** Looks once at the heads that this process is to make; those that do not hold are made anew. */
  takeUp(isMine: (policy: PolicyRow) => boolean): void {
    for (const row of this.needs.policies()) if (isMine(row)) this.#stale.add(row.policy);
    this.#areUnseen = true;
    this.refresh();
  }

  /** Leaves the heads to others. */
  leave(isMine: (policy: PolicyRow) => boolean): void {
    for (const row of this.needs.policies()) if (!isMine(row)) this.#stale.delete(row.policy);
  }

  /** Notes that a policy has changed, or may have: its head of before does not count any more. */
  noteChange(policy: number, at: Position): void {
    // Read models that are behind come to what others have long had.
    if (at > (this.#changedAt.get(policy) ?? 0)) this.#changedAt.set(policy, at);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#gathering);
    await this.#refreshing;
  }

  /** Takes in what was committed, and whether more is waiting; heads are made once it has gathered. */
  apply(changes: readonly PolicyChange[], more: boolean): void {
    for (const { policy, position: at } of changes) {
      this.noteChange(policy, at);
      this.#stale.add(policy);
    }
    this.#gather(more);
  }

  #gather(more: boolean): void {
    if (this.#gathering && !more && !this.#isMuchNews) return;
    clearTimeout(this.#gathering);
    this.#isMuchNews = more;
    this.#gathering = setTimeout(
      () => {
        this.#gathering = undefined;
        this.refresh();
      },
      Math.max(more ? NEWS_PAUSE_MS : GATHER_MS, this.#restMs),
    ).unref();
  }

  /** The heads of these policies that count at a position and an instant. */
  async headsOf(
    policies: readonly number[],
    at: { readonly recorded: Position; readonly now: Instant },
  ): Promise<ReadonlyMap<number, StateAnswer>> {
    const { rows } = await this.needs.pool.query<HeadRow & { document: StateAnswer }>({
      name: 'heads-of-policies',
      text: `SELECT policy, document, position::float8 AS position ${HEADS_AT}`,
      values: [policies, at.now, at.recorded],
    });
    return new Map(rows.filter((row) => this.#counts(row)).map(({ policy, document }) => [policy, document]));
  }

  #counts({ policy, position: at }: HeadRow): boolean {
    return (this.#changedAt.get(policy) ?? 0) <= at;
  }

  /** Makes stale heads anew, behind whatever was committed, unless news is gathering. */
  refresh(): void {
    if (this.#refreshing || this.#gathering || this.#stop.signal.aborted || this.#stale.size === 0) return;
    this.#refreshing = this.#refreshAll()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#refreshing = undefined;
      });
  }

  async #refreshAll(): Promise<void> {
    if (this.#areUnseen) await this.#keepWhatHolds();
    for (let isDone = false; !isDone && !this.#stop.signal.aborted;) {
      const progress = this.needs.progress();
      const batch = this.#makeable(progress).slice(0, BATCH);
      const begun = performance.now();
      if (batch.length > 0) await this.#make(batch, progress);
      this.#restMs = Math.min(REST * (performance.now() - begun), LONGEST_REST_MS);
      for (const policy of batch)
        if ((this.#changedAt.get(policy) ?? 0) <= progress.position) this.#stale.delete(policy);
      isDone = batch.length < BATCH;
      if (!isDone) await sleep(this.#restMs, this.#stop.signal);
    }
    await this.#waitForNext();
  }

  /** After a start most heads still hold. */
  async #keepWhatHolds(): Promise<void> {
    this.#areUnseen = false;
    await this.load();
    const { rows } = await this.needs.pool.query<HeadRow>({
      text: `SELECT policy, position::float8 AS position ${HEADS_AT}`,
      values: [[...this.#stale], this.needs.now(), this.needs.progress().position],
    });
    for (const row of rows) if (this.#counts(row)) this.#stale.delete(row.policy);
  }

  /** What has changed further on has to wait until the read models are there. */
  #makeable({ position: reached }: Progress): readonly number[] {
    return [...this.#stale].filter((policy) => (this.#changedAt.get(policy) ?? 0) <= reached);
  }

  async #make(policies: readonly number[], { position: recorded, recordedAt }: Progress): Promise<void> {
    const basis = await this.#basis();
    const now = this.needs.now();
    const at = { recorded, recordedAt, knownAt: now, validAt: now };
    const [facts, until] = [await factsOfAll(this.needs.pool, policies, at), await this.#holdUntil(policies, now)];
    const named = new Map(this.needs.policies().map((row) => [row.policy, row]));
    const turns = new Turns();
    const rows: string[] = [];
    for (const policy of policies) {
      const [row, found] = [named.get(policy), facts.get(policy)];
      if (!row || !found) continue;
      const document = stateAnswer(row, at, found);
      const hold = { position: recorded, made_at: now, until: until.get(policy) ?? WITHOUT_END };
      rows.push(JSON.stringify({ policy, document, ...hold }));
      if (turns.isOver) await turns.next();
    }
    await this.needs.pool.query({ name: 'make-heads', text: MAKE_HEADS, values: [`[${rows.join(',')}]`, basis] });
  }

  async #basis(): Promise<string> {
    const { rows } = await this.needs.pool.query<{ basis: string }>(`SELECT ${HEAD_BASIS} AS basis`);
    return rows[0]?.basis ?? '';
  }

  /** The next instant after now at which anything about a policy begins or ends. */
  async #holdUntil(policies: readonly number[], now: Instant): Promise<ReadonlyMap<number, number>> {
    const { rows } = await this.needs.pool.query<{ policy: number; until: number }>({
      name: 'heads-hold-until',
      text: HOLD_UNTIL,
      values: [policies, now],
    });
    return new Map(rows.map(({ policy, until }) => [policy, until]));
  }

  async #waitForNext(): Promise<void> {
    const { rows } = await this.needs.pool.query<{ policy: number; until: number }>({
      name: 'next-head-to-end',
      text: 'SELECT policy, until::float8 AS until FROM read.policy_heads ORDER BY until LIMIT 1',
    });
    if (!rows[0] || rows[0].until >= WITHOUT_END) return;
    this.#lookIn(Math.min(Math.max(rows[0].until - this.needs.now(), 0), LONGEST_WAIT_MS));
  }

  /** Until they are made, facts answer in their place. */
  #failed(error: unknown): void {
    if (!isTransient(error)) return this.needs.onError(error);
    this.#lookIn(RETRY_MS);
  }

  #lookIn(waitMs: number): void {
    clearTimeout(this.#timer);
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#ended().catch((error: unknown) => this.#failed(error)), waitMs).unref();
  }

  async #ended(): Promise<void> {
    const { rows } = await this.needs.pool.query<{ policy: number }>({
      name: 'ended-heads',
      text: 'SELECT policy FROM read.policy_heads WHERE until <= $1',
      values: [this.needs.now()],
    });
    for (const { policy } of rows) this.#stale.add(policy);
    if (this.#stale.size > 0) this.refresh();
    else await this.#waitForNext();
  }
}

/** The heads of some policies at an instant and a position, unless their policies have changed since. */
const HEADS_AT = `FROM read.policy_heads WHERE policy = ANY ($1) AND made_at <= $2 AND until > $2 AND position <= $3 AND basis = ${HEAD_BASIS}`;

const MAKE_HEADS = `INSERT INTO read.policy_heads (policy, document, position, made_at, until, basis)
  SELECT policy, document, position, made_at, until, $2 FROM json_to_recordset($1) AS h(policy integer, document json, position bigint, made_at bigint, until bigint)
  ON CONFLICT (policy) DO UPDATE SET document = excluded.document, position = excluded.position, made_at = excluded.made_at, until = excluded.until, basis = excluded.basis
    WHERE policy_heads.position <= excluded.position`;

// Rows are numbered as they come, so the last ones say when anything changed, however many there are.
const CHANGED_LAST = `SELECT policy, greatest(${['timeline', 'boxes', 'unsure']
  .map(
    (table) =>
      `(SELECT t.recorded_from FROM read.${table} t WHERE t.policy = h.policy ORDER BY t.id DESC, t.part DESC LIMIT 1)`,
  )
  .join(', ')})::float8 AS changed FROM read.policy_heads h`;

const HOLD_UNTIL = `SELECT policy, min(at)::float8 AS until FROM (
    SELECT b.policy, unnest(ARRAY[b.known_from, b.known_to, b.valid_from, b.valid_to]) AS at FROM read.boxes b WHERE b.policy = ANY ($1) AND b.recorded_to = ${WITHOUT_END}
      AND greatest(b.known_from, b.valid_from, CASE WHEN b.known_to < ${WITHOUT_END} THEN b.known_to END, CASE WHEN b.valid_to < ${WITHOUT_END} THEN b.valid_to END) > $2
    UNION ALL SELECT u.policy, unnest(ARRAY[u.known_from, u.known_to, u.unsure_from, u.settled]) FROM read.unsure u WHERE u.policy = ANY ($1) AND u.recorded_to = ${WITHOUT_END}
    UNION ALL SELECT t.policy, unnest(ARRAY[t.known_from, t.known_to]) FROM read.timeline t WHERE t.policy = ANY ($1) AND t.recorded_to = ${WITHOUT_END} AND greatest(t.known_from, CASE WHEN t.known_to < ${WITHOUT_END} THEN t.known_to END) > $2
  ) bounds WHERE at > $2 AND at < ${WITHOUT_END} GROUP BY policy`;

/** A head for an answer at a later coordinate of the same now. */
export const headAnswer = (
  head: StateAnswer,
  at: { readonly recorded: number; readonly knownAt: number },
): StateAnswer => ({ ...head, resume: `${at.recorded}.${at.knownAt}` });
