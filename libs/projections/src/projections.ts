import type { Pool } from 'pg';
import { type Instant, type Position, instant } from '#domain';
import type { EventLog } from '#event-log';
import type { PolicyChange } from './projection.js';
import { Descriptions } from './policies/descriptions.js';
import { FactsCache } from './policy-facts/facts-cache.js';
import { CREATE_HEADS, POLICY_HEADS, PolicyHeads } from './policy-heads/policy-heads.js';
import { type Progress, Runner } from './runner.js';
import { projections } from './registry.js';

/** What the read side stands on. All of it is the caller's to close. */
export interface ProjectionsNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  readonly log: EventLog;
  readonly now: () => Instant;
  /** Told when the read models cannot go on. */
  readonly onStopped: (error: unknown) => void;
}

/** How far one read model has come. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly position: Position;
  readonly lagEvents: number;
  readonly lagMs: number;
  readonly state: 'starting' | 'running' | 'stopped';
  readonly lastError: string | null;
}

/** When nothing came for so long after a full batch, the news is over. */
const NEWS_PAUSE_MS = 500;

interface Waiting {
  readonly position: Position;
  readonly wake: () => void;
}

/** The read models of this process: brings them on, and says how far they have come. */
export class Projections {
  /** The facts of the policies that are asked for. */
  readonly facts: FactsCache;
  /** What the policies are called. */
  readonly descriptions = new Descriptions();
  /** The documents of now. */
  readonly heads: PolicyHeads;
  readonly #runner: Runner;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<Waiting>();
  #state: ProjectionStatus['state'] = 'starting';
  #lastError: string | null = null;
  #head: Progress;
  #running: Promise<void> = Promise.resolve();
  #refreshing: NodeJS.Timeout | undefined;

  constructor(private readonly needs: ProjectionsNeeds) {
    this.facts = new FactsCache(needs.pool);
    this.#runner = new Runner({
      ...needs,
      projections,
      onCommitted: (changes) => this.#takeIn(changes),
      onTrouble: (error) => (this.#lastError = error === null ? null : messageOf(error)),
    });
    this.heads = new PolicyHeads({
      pool: needs.pool,
      now: needs.now,
      progress: () => this.progress,
      policies: () => this.descriptions.current(),
      onError: needs.onStopped,
    });
    this.#head = this.#runner.progress;
  }

  /** Makes the tables, catches up with what is known to be in the log, then goes on by itself. */
  async start(): Promise<void> {
    await this.#runner.prepare(this.#stop.signal);
    await this.descriptions.load(this.needs.pool);
    this.#head = this.#runner.progress;
    await this.needs.pool.query(CREATE_HEADS);
    this.#state = 'running';
    this.#running = this.#run();
    const { position } = await this.needs.log.head();
    await this.#reached(position);
    this.heads.start();
  }

  /** Stops after the batch under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    clearTimeout(this.#refreshing);
    await this.heads.stop();
    for (const { wake } of this.#waiting) wake();
  }

  get progress(): Progress {
    return this.#runner.progress;
  }

  /** Waits until the read models hold a position, at most so long; answers the position that they hold. */
  async waitFor(position: Position, timeoutMs: number): Promise<Position> {
    if (this.progress.position < position && this.#state === 'running') await this.#reached(position, timeoutMs);
    // Answers are to say how far behind they are; otherwise nobody looks at the head.
    if (this.progress.position < position) await this.#seeHead();
    return this.progress.position;
  }

  /** How old the oldest entry is that the log holds and the read models do not, as last seen; 0 when level. */
  lagMs(): number {
    const { position, recordedAt } = this.progress;
    if (this.#head.position <= position || recordedAt === null) return 0;
    return Math.max(0, this.needs.now() - recordedAt);
  }

  /** How far each read model has come, against the log as it is now. */
  async status(): Promise<readonly ProjectionStatus[]> {
    const head = await this.#seeHead();
    return [...projections, POLICY_HEADS].map(({ name, version }) => ({
      name,
      version,
      position: this.progress.position,
      lagEvents: Math.max(0, head.position - this.progress.position),
      lagMs: this.lagMs(),
      state: this.#state,
      lastError: this.#lastError,
    }));
  }

  async #seeHead(): Promise<Progress> {
    const { position, recordedAt } = await this.needs.log.head();
    this.#head = { position, recordedAt: recordedAt === null ? null : instant(recordedAt) };
    return this.#head;
  }

  #takeIn(changes: readonly PolicyChange[]): void {
    this.facts.apply(changes);
    this.descriptions.apply(changes);
    this.heads.apply(changes);
  }

  async #run(): Promise<void> {
    try {
      await this.#runner.run(this.#stop.signal, ({ position }, more) => this.#advanced(position, more));
      this.#state = 'stopped';
    } catch (error) {
      this.#state = 'stopped';
      this.#lastError = messageOf(error);
      if (!this.#stop.signal.aborted) this.needs.onStopped(error);
      this.#wake(Infinity);
    }
  }

  #advanced(position: Position, more: boolean): void {
    this.#wake(position);
    clearTimeout(this.#refreshing);
    // Heads made in the middle of much news would be stale at once; but the news may end with a full batch.
    if (more) this.#refreshing = setTimeout(() => this.heads.refresh(), NEWS_PAUSE_MS).unref();
    else this.heads.refresh();
  }

  #wake(position: number): void {
    for (const waiting of this.#waiting) if (waiting.position <= position) waiting.wake();
  }

  #reached(position: Position, timeoutMs?: number): Promise<void> {
    if (this.progress.position >= position || this.#state !== 'running') return Promise.resolve();
    return new Promise((resolve) => {
      const waiting: Waiting = {
        position,
        wake: () => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          resolve();
        },
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(waiting.wake, timeoutMs);
      this.#waiting.add(waiting);
    });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
