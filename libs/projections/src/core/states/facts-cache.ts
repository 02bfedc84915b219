import { constrainedMemory } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { Pool } from 'pg';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import type { PolicyChange } from '../../rows/projection.js';
import { type PolicyRows, ROWS_LIMIT, loadPolicyRows } from './policy-rows.js';
import type { FactsAt } from '../replay/fold-entries.js';
import { factsOfOne } from '../state.js';

/** What a row takes, in bytes, with its share of what rows say; measured. */
const ROW_BYTES = 140;

/** Shares of the machine's memory and of what Node lets JavaScript have. */
const MEMORY_SHARE = 1 / 16;
const HEAP_SHARE = 1 / 4;

/** A policy that is asked for once only is not loaded: that takes longer than the answer. */
const QUESTIONS_WORTH_LOADING = 2;

/** Loading keeps the process and the database from answering, so policies take turns. */
const LOADED_AT_ONCE = 1;

/** And it takes a fifth of the time at most: boxes answer as well. */
const REST = 4;

/** So many policies wait for their turn at most; the next question about another tries again. */
const WAITING = 1_000;

/** After so many questions, how often each policy was asked for counts half. */
const QUESTIONS_REMEMBERED = 10_000;

/** How many times as often as another a policy must be asked for to take its place. */
const CLEARLY = 2;

interface Entry {
  /** The rows, once they are loaded. */
  rows: PolicyRows | undefined;
  /** Changes that were committed while the rows were being loaded. */
  readonly meanwhile: PolicyChange[];
}

/** Rests after work that took so long. */
type RestAfter = (tookMs: number) => Promise<unknown>;

/** A rest keeps no process from ending. */
const restAfter: RestAfter = (tookMs) => setTimeout(REST * tookMs, undefined, { ref: false });

/** How many rows this process may keep: they are to leave the machine, and JavaScript, most of their memory. */
const rowsToKeep = (): number =>
  Math.floor(
    Math.min(
      Math.min(totalmem(), constrainedMemory() || Infinity) * MEMORY_SHARE,
      getHeapStatistics().heap_size_limit * HEAP_SHARE,
    ) / ROW_BYTES,
  );

/**
 * The facts of the policies that are asked for most, in memory: any coordinate of theirs is answered without the
 * database, all others' by one statement.
 *
 * A policy's rows are loaded behind the answer to a question, page by page and with rests, so that loading holds up no
 * other question; then they are brought on by what is committed. Applying a change
 * twice does no harm, so it does not matter which changes a load has seen already. When memory is full, a policy is
 * taken in only if it is asked for clearly more often than the one that would give way: otherwise many policies asked
 * for in turn would be loaded and dropped without end.
 */
export class FactsCache {
  readonly #entries = new Map<number, Entry>();
  /** Policies to be loaded, the longest waiting first. */
  readonly #waiting = new Set<number>();
  readonly #tooLarge = new Set<number>();
  #asked = new Map<number, number>();
  #questions = 0;
  #rows = 0;
  /** Policies whose rows are in memory. */
  #loaded = 0;
  /** Loads under way, also of policies that were let go of meanwhile. */
  #loading = 0;

  constructor(
    private readonly pool: Pool,
    private readonly rowsKept = rowsToKeep(),
    private readonly rest = restAfter,
  ) {}

  /** The facts of a policy at a coordinate, the same as the boxes in the database say. */
  async factsOf(policy: number, at: ResolvedCoordinate): Promise<FactsAt> {
    return this.kept(policy, at) ?? (await factsOfOne(this.pool, policy, at));
  }

  /** The facts of a policy at a coordinate, where they are in memory; what is asked for often will be. */
  kept(policy: number, at: ResolvedCoordinate): FactsAt | undefined {
    this.#count(policy);
    const entry = this.#entries.get(policy);
    if (!entry && this.#isWorthIt(policy)) this.#want(policy);
    if (!entry?.rows) return undefined;
    // The order of the map is that of use: what is at its front gives way first.
    this.#entries.delete(policy);
    this.#entries.set(policy, entry);
    return entry.rows.factsAt(at);
  }

  /** Takes in what was committed; called before anyone is told that it was. */
  apply(changes: readonly PolicyChange[]): void {
    for (const change of changes) {
      const entry = this.#entries.get(change.policy);
      if (!entry) continue;
      if (!entry.rows) {
        entry.meanwhile.push(change);
        continue;
      }
      this.#rows -= entry.rows.size;
      entry.rows.apply(change);
      this.#rows += entry.rows.size;
    }
    this.#makeRoom();
  }

  /** Lets go of a policy of which more may be committed than is known here; it is loaded again when it is asked for. */
  forget(policy: number): void {
    const entry = this.#entries.get(policy);
    if (entry) this.#drop(policy, entry);
  }

  forgetAll(): void {
    for (const [policy, entry] of [...this.#entries]) this.#drop(policy, entry);
    this.#tooLarge.clear();
  }

  #drop(policy: number, { rows }: Entry): void {
    this.#entries.delete(policy);
    if (!rows) return;
    this.#rows -= rows.size;
    this.#loaded -= 1;
  }

  #count(policy: number): void {
    this.#asked.set(policy, this.#askedFor(policy) + 1);
    this.#questions += 1;
    if (this.#questions < QUESTIONS_REMEMBERED) return;
    // What was asked long ago counts less and less, then nothing.
    this.#asked = new Map(
      [...this.#asked].flatMap(([each, times]) => (times > 1 ? [[each, Math.floor(times / 2)]] : [])),
    );
    this.#questions = 0;
  }

  #isWorthIt(policy: number): boolean {
    const asked = this.#askedFor(policy);
    if (asked < QUESTIONS_WORTH_LOADING || this.#tooLarge.has(policy)) return false;
    if (this.#hasRoomForOneMore()) return true;
    const [givingWay] = this.#entries.keys();
    return givingWay === undefined || asked > CLEARLY * this.#askedFor(givingWay);
  }

  #askedFor(policy: number): number {
    return this.#asked.get(policy) ?? 0;
  }

  /** Room is reckoned with what is being loaded too, or a full memory would load and drop without end. */
  #hasRoomForOneMore(): boolean {
    const usual = this.#loaded === 0 ? 0 : this.#rows / this.#loaded;
    return (this.#entries.size + 1) * usual <= this.rowsKept;
  }

  #want(policy: number): void {
    if (this.#waiting.size < WAITING) this.#waiting.add(policy);
    this.#loadNext();
  }

  #loadNext(): void {
    const [policy] = this.#waiting;
    if (policy === undefined || this.#loading >= LOADED_AT_ONCE) return;
    this.#waiting.delete(policy);
    if (this.#isWorthIt(policy)) this.#load(policy);
    else this.#loadNext();
  }

  #load(policy: number): void {
    const entry: Entry = { rows: undefined, meanwhile: [] };
    this.#entries.set(policy, entry);
    this.#loading += 1;
    let begun = performance.now();
    const rest = async (): Promise<void> => {
      await this.rest(performance.now() - begun);
      begun = performance.now();
    };
    void loadPolicyRows(this.pool, policy, { rest })
      .then((rows) => this.#take(policy, { entry, rows }))
      // The question itself was answered, or failed, by another statement; the next one tries again.
      .catch(() => this.#entries.get(policy) === entry && this.#entries.delete(policy))
      .then(rest)
      .finally(() => {
        this.#loading -= 1;
        this.#loadNext();
      });
  }

  #take(policy: number, { entry, rows }: { readonly entry: Entry; readonly rows: PolicyRows }): void {
    if (this.#entries.get(policy) !== entry) return;
    for (const change of entry.meanwhile) rows.apply(change);
    entry.rows = rows;
    this.#rows += rows.size;
    this.#loaded += 1;
    this.#makeRoom();
  }

  #makeRoom(): void {
    for (const [policy, entry] of this.#entries) {
      const isTooLarge = entry.rows !== undefined && entry.rows.size > Math.min(ROWS_LIMIT, this.rowsKept);
      if (isTooLarge) this.#tooLarge.add(policy);
      if (entry.rows && (this.#rows > this.rowsKept || isTooLarge)) this.#drop(policy, entry);
    }
  }
}
