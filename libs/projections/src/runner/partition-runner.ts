import type { Pool } from 'pg';
import { type Position, position } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import { type RetryOptions, UNTIL_IT_SUCCEEDS, isSelfInflicted, isTransient, retry, sleep } from '#postgres';
import { Interrupted } from '#runtime/turns';
import type { Projection } from '../rows/projection.js';
import { type Batch, foldBatches, tableByTable, writeBatch } from './batch.js';
import { LogMismatchError, TakenOver, isFinal } from '../rows/faults.js';
import type { Gathering } from './batch-window.js';
import type { ChangeFeed } from './change-feed.js';
import { LEASE_TICK_MS, leaveAll, shareOut } from './membership/leases.js';
import { Narrowing } from './narrowing.js';
import { unitKey } from './ledgers/partitions.js';
import { PoisonedError, poisonedOf } from './parking/parked-events.js';
import { PolicyLedgers } from './ledgers/policy-ledgers.js';
import type { Presence } from './membership/membership.js';
import type { PositionPoller } from './membership/position-poller.js';
import { RefusedError, UnexplainedRefusals, noteRefusal, suspectTriesOf } from './refusals.js';
import { Sieve } from './parking/parked-policies.js';
import { type StoredUnit, stopUnit } from './membership/partition-units.js';

/** New entries are taken in batches of at most this many. */
const LIVE_BATCH = 500;

/** While catching up, in batches of this many: fewer rows are then written only to be ended. */
const CATCH_UP_BATCH = 2000;

/** And of this many once the ledgers do not fit in memory: each is then rebuilt once for many entries. */
const CROWDED_BATCH = 20_000;

/** Units that are behind by at most this are brought level before the others go on; those further behind, beside them. */
const NEAR = CATCH_UP_BATCH;

/** Before a round is tried again that ended in a passing fault. */
const PAUSE_MS = 200;

const NONE: ReadonlySet<number> = new Set();

interface Needs {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly projections: readonly Projection[];
  readonly presence: Presence;
  /** What this process is called in the list of those that live. */
  readonly name: string;
  /** Is given what is committed. */
  readonly feed: ChangeFeed;
  /** Publishes what others have committed, before units are acquired from them. */
  readonly poller: Pick<PositionPoller, 'poll'>;
  /** Says how long news may gather before it is taken. */
  readonly gathering: Gathering;
  /** Told what failed and will be tried again, then, with null, that it went through. */
  readonly onTrouble: (error: unknown) => void;
}

/** Units at one position, brought on together, and with what. */
interface Lane {
  readonly units: readonly StoredUnit[];
  readonly from: Position;
  readonly ledgers: PolicyLedgers;
  readonly signal: AbortSignal;
}

/**
 * Brings the units on that this process holds, batch by batch: rows and positions in one transaction, so effects
 * happen exactly once.
 *
 * Units move only if they stand where this process left them, in the epoch of its taking: a process that was taken
 * over from rolls back, and looks again what is its own. An entry is never skipped. A batch is folded while the one
 * before it is being written.
 */
export class Worker {
  #held = new Map<string, StoredUnit>();
  #member = 0;
  /** Aborts the lanes under way, because other units are to be brought on. */
  #again = new AbortController();
  #ticking: Promise<void> = Promise.resolve();
  #tickSoon: (() => void) | undefined;
  readonly #ledgers: PolicyLedgers;
  readonly #sieve: Sieve;
  readonly #narrowing = new Narrowing();
  readonly #unexplained = new UnexplainedRefusals();
  #isTroubled = false;
  /** The units whose partitions the ledgers are level with. */
  #continuous = new Set<string>();

  constructor(private readonly needs: Needs) {
    this.#ledgers = new PolicyLedgers(needs.log);
    this.#sieve = new Sieve(needs.log);
  }

  /** The units that this process holds. */
  get held(): readonly StoredUnit[] {
    return [...this.#held.values()];
  }

  /** Takes its share and brings it on until the signal aborts; then lets go. Throws what no retry mends. */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const running = AbortSignal.any([signal, ended.signal]);
    await this.#look(running);
    this.#ticking = this.#tick(running);
    try {
      while (!signal.aborted) await this.#round(signal);
    } finally {
      ended.abort();
      await this.#ticking;
      await leaveAll(this.needs.pool, this.#member).catch(this.needs.onTrouble);
    }
  }

  /** Looks at once whether there is anything to take or to leave. */
  lookSoon(): void {
    this.#tickSoon?.();
  }

  async #tick(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const soon = new AbortController();
      this.#tickSoon = () => soon.abort();
      await sleep(LEASE_TICK_MS, AbortSignal.any([signal, soon.signal]));
      if (!signal.aborted) await this.#look(signal);
    }
  }

  /** Takes its share; where that is other than before, the lanes begin again. */
  async #look(signal: AbortSignal): Promise<void> {
    const { pool, presence, name, poller } = this.needs;
    const sharing = retry(async () => {
      const { member, units } = await shareOut(pool, { presence, name });
      this.#member = member;
      if (this.#areHeld(units)) return undefined;
      await poller.poll();
      return units;
    }, this.#retrying(signal));
    const units = await sharing.catch(this.#noteTrouble);
    if (!units) return;
    this.#held = new Map(units.map((unit) => [unitKey(unit), this.#asKnown(unit)]));
    this.#again.abort();
  }

  #areHeld(units: readonly StoredUnit[]): boolean {
    return (
      units.length === this.#held.size && units.every((unit) => this.#held.get(unitKey(unit)) === this.#asKnown(unit))
    );
  }

  /** What was committed since it was read is known here only. */
  #asKnown(unit: StoredUnit): StoredUnit {
    const known = this.#held.get(unitKey(unit));
    return known?.epoch === unit.epoch && known.state === unit.state ? known : unit;
  }

  /** Brings on what is held, until something else is. */
  async #round(stop: AbortSignal): Promise<void> {
    this.#again = new AbortController();
    const signal = AbortSignal.any([stop, this.#again.signal]);
    const running = this.held.filter(({ state }) => state === 'running');
    const furthest = position(Math.max(0, ...running.map((unit) => unit.position)));
    const far = running.filter((unit) => unit.position < furthest - NEAR);
    const near = running.filter((unit) => unit.position >= furthest - NEAR);
    try {
      if (near.length === 0) return await aborted(signal);
      await this.#assertLogReaches(furthest, signal);
      await retry(() => this.#sieve.load(this.needs.pool, running), this.#retrying(signal));
      await this.#level(near, { to: furthest, signal });
      if (signal.aborted) return;
      await this.#together([this.#live(near, furthest, signal), this.#catchUp(far, furthest, signal)]);
    } catch (error) {
      this.#ledgers.keepOnly(NONE);
      if (error instanceof TakenOver) return await this.#letGo(stop);
      if (error instanceof PoisonedError) return await this.#standStill(error, stop);
      if (error instanceof RefusedError) return;
      if (!isTransient(error)) throw error;
      this.#noteTrouble(error);
      await sleep(PAUSE_MS, stop);
    }
  }

  /** Lanes end together; the first error is the one to report. */
  async #together(lanes: readonly Promise<void>[]): Promise<void> {
    for (const lane of lanes) lane.catch(() => this.#again.abort());
    const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Lets a unit stand still before an event that it cannot take; the others go on. */
  async #standStill(error: PoisonedError, signal: AbortSignal): Promise<void> {
    const poisoned = poisonedOf(error);
    const unit = this.#held.get(unitKey({ projection: error.projection, partition: error.change.partition }));
    if (unit)
      await retry(() => stopUnit(this.needs.pool, { owner: this.#member, unit, poisoned }), this.#retrying(signal));
    await this.#look(signal);
  }

  /** What is held is read anew, positions too. */
  async #letGo(signal: AbortSignal): Promise<void> {
    this.#held = new Map();
    await this.#look(signal);
  }

  async #assertLogReaches(furthest: Position, signal: AbortSignal): Promise<void> {
    const head = await retry(() => this.needs.log.head(), this.#retrying(signal));
    if (furthest > head.position) throw logTooShort(head.position, furthest);
  }

  /** Brings units that are a little behind to where the others stand. */
  async #level(
    units: readonly StoredUnit[],
    { to, signal }: { readonly to: Position; readonly signal: AbortSignal },
  ): Promise<void> {
    const steps = [...new Set([...units.map((unit) => unit.position), to])].sort((one, other) => one - other);
    for (const [index, from] of steps.entries()) {
      const next = steps[index + 1];
      if (next === undefined || signal.aborted) return;
      const behind = units.flatMap((unit) => this.#now(unit)).filter((unit) => unit.position <= from);
      await this.#stretch({ units: behind, from, ledgers: new PolicyLedgers(this.needs.log), signal }, next);
    }
  }

  /** Brings the units that are furthest behind nearer, beside the others; then all begin again together. */
  async #catchUp(far: readonly StoredUnit[], to: Position, signal: AbortSignal): Promise<void> {
    if (far.length === 0) return;
    const from = position(Math.min(...far.map((unit) => unit.position)));
    const [next = to] = far
      .map((unit) => unit.position)
      .filter((each) => each > from)
      .sort((one, other) => one - other);
    const units = far.filter((unit) => unit.position === from);
    await this.#stretch({ units, from, ledgers: new PolicyLedgers(this.needs.log), signal }, next);
    this.#again.abort();
  }

  /** Applies what is appended. */
  async #live(units: readonly StoredUnit[], from: Position, signal: AbortSignal): Promise<void> {
    const level = units.flatMap((unit) => this.#now(unit));
    const stayed = level.filter((unit) => this.#continuous.has(`${unitKey(unit)}/${unit.epoch}/${unit.position}`));
    this.#ledgers.keepOnly(new Set(stayed.map(({ partition }) => partition)));
    this.#continuous.clear();
    const lane = { units: level, from, ledgers: this.#ledgers, signal };
    const batches = this.needs.log.subscribe(from, { signal, batchLimit: LIVE_BATCH });
    await this.#feed(lane, () => this.needs.gathering.between(batches, { full: LIVE_BATCH, signal }));
    for (const unit of level.flatMap((each) => this.#now(each)))
      this.#continuous.add(`${unitKey(unit)}/${unit.epoch}/${unit.position}`);
  }

  #stretch(lane: Lane, to: Position): Promise<void> {
    return this.#feed(lane, () => this.#entries(lane, to));
  }

  async *#entries({ from, ledgers, signal }: Lane, to: Position): AsyncGenerator<readonly LogEntry[]> {
    for (let reached = from; reached < to && !signal.aborted;) {
      const limit = Math.min(ledgers.isCrowded ? CROWDED_BATCH : CATCH_UP_BATCH, to - reached);
      const after = reached;
      const entries = await retry(() => this.needs.log.readAll(after, limit), this.#retrying(signal));
      const last = entries.at(-1);
      if (!last) throw logTooShort(reached, to);
      yield entries;
      reached = position(last.position);
    }
  }

  /** Folds each batch while the one before it is being written. */
  async #feed(lane: Lane, batches: () => AsyncIterable<readonly LogEntry[]>): Promise<void> {
    const { ledgers, signal } = lane;
    let written: Promise<void> = Promise.resolve();
    try {
      for await (const entries of batches())
        for await (const { batch, poison } of this.#folded(entries, lane)) {
          await written;
          // What is folded and not written would be folded twice.
          if (signal.aborted) return ledgers.keepOnly(NONE);
          if (batch) written = this.#write(batch, lane);
          // Ends the wait for further entries; the error itself is raised below.
          written.catch(() => this.#again.abort());
          if (poison) throw poison;
        }
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    } finally {
      await written;
    }
  }

  /** Folds entries, batch by batch; where one of them is poison, those before it. */
  async *#folded(
    entries: readonly LogEntry[],
    lane: Lane,
  ): AsyncGenerator<{ readonly batch?: Batch; readonly poison?: PoisonedError }> {
    let rest = entries;
    for (let first = rest[0]; first && !lane.signal.aborted; first = rest[0]) {
      const limit = this.#narrowing.limitAfter(first.position - 1, rest.length);
      const { batches, poison } = await this.#foldSome(rest.slice(0, limit), lane);
      for (const batch of batches) yield { batch };
      const reached = batches.at(-1)?.last.position ?? 0;
      rest = rest.filter(({ position: at }) => at > reached);
      // Poison that is further on is found again.
      if (poison && rest[0]?.position === poison.change.position) yield { poison };
    }
  }

  async #foldSome(
    entries: readonly LogEntry[],
    { units, ledgers, signal }: Lane,
  ): Promise<{ readonly batches: readonly Batch[]; readonly poison?: PoisonedError }> {
    const { projections } = this.needs;
    const folding = { ledgers, projections, units, sieve: this.#sieve, signal };
    const fold = (some: readonly LogEntry[]): Promise<readonly Batch[]> =>
      retry(() => foldBatches(some, folding), this.#retrying(signal));
    try {
      return { batches: await fold(entries) };
    } catch (poison) {
      ledgers.keepOnly(NONE);
      if (!(poison instanceof PoisonedError)) throw poison;
      const sound = entries.filter((entry) => entry.position < poison.change.position);
      return { batches: sound.length === 0 ? [] : await fold(sound), poison };
    }
  }

  async #write(batch: Batch, { units, signal }: Lane): Promise<void> {
    const moving = { owner: this.#member, units };
    const unsure = async (error: unknown): Promise<never> => {
      await this.needs.feed.publish({ kind: 'uncertain', changes: batch.changes, units: [] });
      throw error;
    };
    try {
      const retrying = { ...this.#retrying(signal), selfInflictedTries: suspectTriesOf(batch) };
      // What was too much for one statement may not be for one each table.
      const write = (suspects: number): Promise<void> =>
        writeBatch(this.needs.pool, suspects === 0 ? batch : tableByTable(batch), moving).catch(unsure);
      await retry(write, retrying);
    } catch (error) {
      if (isFinal(error) || (isTransient(error) && !isSelfInflicted(error))) throw error;
      this.#noteTrouble(error);
      const [sieve, narrowing, unexplained] = [this.#sieve, this.#narrowing, this.#unexplained];
      const { pool, projections } = this.needs;
      await noteRefusal(batch, error, { pool, projections, sieve, narrowing, unexplained, signal });
    }
    if (this.#isTroubled) this.#noteTrouble(null);
    for (const unit of units) this.#moved(unit, batch.last.position);
    this.#narrowing.passed(batch.last.position);
    this.#unexplained.passed(batch.last.position);
    await this.#publish(batch, units);
  }

  async #publish({ changes, last, size, aside }: Batch, units: readonly StoredUnit[]): Promise<void> {
    const { feed } = this.needs;
    const standings = units.map((unit) => ({ ...unit, progress: last }));
    // Positions move with the last of them.
    if (aside.unsure.length === 0)
      return feed.publish({ kind: 'advanced', changes, more: size === LIVE_BATCH, units: standings });
    await feed.publish({ kind: 'advanced', changes, more: size === LIVE_BATCH, units: [] });
    await feed.publish({ kind: 'uncertain', changes: aside.unsure, units: standings });
  }

  #moved(unit: StoredUnit, to: Position): void {
    const held = this.#held.get(unitKey(unit));
    if (held?.epoch === unit.epoch) this.#held.set(unitKey(unit), { ...held, position: to });
  }

  /** The unit as it stands, where it is still held. */
  #now(unit: StoredUnit): readonly StoredUnit[] {
    const held = this.#held.get(unitKey(unit));
    return held?.epoch === unit.epoch ? [held] : [];
  }

  #retrying(signal: AbortSignal): RetryOptions {
    return { schedule: UNTIL_IT_SUCCEEDS, signal, onTrouble: this.#noteTrouble };
  }

  readonly #noteTrouble = (error: unknown): void => {
    this.#isTroubled = error !== null;
    this.needs.onTrouble(error);
  };
}

const logTooShort = (head: Position, wanted: Position): LogMismatchError =>
  new LogMismatchError(
    `The read models hold position ${wanted}, and the log ends at ${head}. Is it the log that they were built from? To build them anew, empty the schema "read".`,
  );

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
