import { hostname } from 'node:os';
import type { Pool } from 'pg';
import { type Instant, type Position, instant, policyStream, position } from '#domain';
import type { EventLog } from '#event-log';
import { sleep } from '#postgres';
import { Administration, type SetAsideEvent } from './administration.js';
import { Descriptions } from '../core/descriptions.js';
import { FactsCache } from '../core/states/facts-cache.js';
import { Replays } from '../core/replay/replay-threads.js';
import { PolicyHeads } from '../core/states/policy-heads.js';
import type { PolicyChange, Projection } from '../rows/projection.js';
import { Rebuilder } from '../rebuild/rebuilder.js';
import { requestRebuilds } from '../rebuild/rebuilds.js';
import { Restatements } from '../rebuild/restatements.js';
import { RecordTimes } from '../core/record-times.js';
import { projections as readModels } from '../read-models/registry.js';
import { ChangeFeed, type CommittedChange } from '../runner/change-feed.js';
import { PositionPoller } from '../runner/membership/position-poller.js';
import { Gathering } from '../runner/batch-window.js';
import { partitionOf } from '../runner/ledgers/partitions.js';
import { Presence } from '../runner/membership/membership.js';
import { prepareReadSchema } from '../rebuild/read-schema.js';
import type { Progress } from '../core/progress.js';
import { PartitionPositions } from '../runner/membership/partition-positions.js';
import { PartitionRunner } from '../runner/partition-runner.js';

/** What the read side stands on. All of it is the caller's to close. */
export interface ProjectionsNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  readonly log: EventLog;
  readonly now: () => Instant;
  /** Whether this process brings read models on, or only follows what others bring on; it does unless told. */
  readonly bringsOn?: boolean;
  /** Told when the read models cannot go on here. */
  readonly onStopped: (error: unknown) => void;
  /** Told of each event that a read model could not take, at least once, so that it gets on record. */
  readonly onSetAside?: (event: SetAsideEvent) => Promise<void>;
  /** Told what keeps the read models from going on for now, once until it is over. */
  readonly onTrouble?: (error: unknown) => void;
  /** Threads beside this one in which rebuilds of long logs fold, reading the log over `pool`'s address; none unless told. */
  readonly foldingThreads?: number;
  /** Folds long streams for answers; of its own unless told. */
  readonly replays?: Replays;
  /** The read models; all of the product's unless told. */
  readonly projections?: readonly Projection[];
}

/** How often it is looked whether anything is to be rebuilt, besides whenever somebody asks for it here. */
const REBUILD_LOOK_MS = 1_000;

/** Rebuilds that are asked for within so long of each other are built together, which takes little longer than one. */
const REBUILD_GATHER_MS = 500;

/** How often it is looked what others brought on, besides whenever they say so. */
const FOLLOW_MS = 1_000;

/** Parts of the work that can be kept from going on. */
type Part = 'batches' | 'rebuilds' | 'following';

/** The read models as this process sees them: brings on its share of them, and says how far they have come. */
export class Projections {
  /** The facts of the policies that are asked for. */
  readonly facts: FactsCache;
  /** Folds long streams for answers. */
  readonly replays: Replays;
  /** What the policies are called. */
  readonly descriptions = new Descriptions();
  /** The documents of now. */
  readonly heads: PolicyHeads;
  readonly times: RecordTimes;
  /** When read models came to say something else. */
  readonly restatements: Restatements;
  /** What operators see and do. */
  readonly administration: Administration;
  readonly #projections: readonly Projection[];
  readonly #gathering = new Gathering(() => this.#positions.isAwaited);
  readonly #positions = new PartitionPositions(() => this.#gathering.readSoon());
  readonly #feed = new ChangeFeed(this.#positions);
  readonly #presence: Presence;
  readonly #runner: PartitionRunner;
  readonly #poller: PositionPoller;
  readonly #rebuilder: Rebuilder;
  readonly #stop = new AbortController();
  #state: 'starting' | 'running' | 'stopped' = 'starting';
  #hasCaughtUp = false;
  #stoppedBy: string | null = null;
  readonly #troubles = new Map<Part, string>();
  #head: Progress;
  /** The partitions whose heads this process makes. */
  #headsOf: readonly number[] = [];
  #rebuildSoon = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #opening: Promise<void> = Promise.resolve();

  constructor(private readonly needs: ProjectionsNeeds) {
    const { pool, log } = needs;
    this.#projections = needs.projections ?? readModels;
    this.facts = new FactsCache(pool);
    this.replays = needs.replays ?? new Replays();
    this.times = new RecordTimes(log);
    this.restatements = new Restatements(pool);
    this.#presence = new Presence(pool, (member) => this.#heard(member));
    this.#poller = new PositionPoller({
      pool,
      log,
      times: this.times,
      positions: this.#positions,
      names: this.#projections.map(({ name }) => name),
      feed: this.#feed,
      member: () => this.#presence.member,
    });
    this.#runner = new PartitionRunner({
      pool,
      log,
      projections: this.#projections,
      presence: this.#presence,
      name: `${hostname()}/${process.pid}`,
      feed: this.#feed,
      poller: this.#poller,
      gathering: this.#gathering,
      onTrouble: (error) => this.#noteTrouble('batches', error),
    });
    this.#rebuilder = new Rebuilder({
      pool,
      log,
      projections: this.#projections,
      foldingThreads: needs.foldingThreads ?? 0,
      member: () => this.#presence.member,
    });
    this.heads = new PolicyHeads({
      pool,
      now: needs.now,
      progress: () => this.#positions.running(),
      policies: () => this.descriptions.current(),
      onError: needs.onStopped,
    });
    this.#head = this.#positions.running();
    this.administration = new Administration({
      pool,
      projections: this.#projections,
      positions: this.#positions,
      seeHead: () => this.#seeHead(),
      recordedAt: (position) => this.times.of(position),
      now: needs.now,
      condition: () => ({ state: this.#state, lastError: this.#lastError }),
      onRebuild: async () => {
        await this.#poller.poll();
        this.#rebuildSoon.abort();
      },
      onResumed: () => this.#runner.lookSoon(),
    });
    this.#feed.subscribe((change) => this.#keepDescriptions(change));
    this.#feed.subscribe((change) => this.#keepFacts(change));
    this.#feed.subscribe((change) => this.#keepHeads(change));
    this.#feed.subscribe(({ kind }) => (kind === 'replaced' ? this.restatements.look() : undefined));
  }

  /** As {@link open}, and waits until the read models have caught up with the log. */
  async start(): Promise<void> {
    await this.open();
    await this.caughtUp();
  }

  /** Makes the tables, then brings them on by itself: what is asked is answered, as far as they have come. */
  open(): Promise<void> {
    this.#opening = this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { pool, log, bringsOn = true } = this.needs;
    const toBuild = await prepareReadSchema(pool, this.#projections, await log.head());
    await requestRebuilds(
      pool,
      toBuild.map(({ name }) => name),
    );
    await this.#poller.poll();
    if (!bringsOn) await this.#presence.connect({ takesPart: false });
    if (this.#stop.signal.aborted) return;
    this.#state = 'running';
    this.#running = Promise.all([this.#follow(), ...(bringsOn ? [this.#bringOn(), this.#rebuild()] : [])]);
  }

  /**
   * Waits until every read model is there and holds what is in the log by now, or until they stop. One that only follows
   * what others bring on waits for nothing.
   */
  async caughtUp(): Promise<void> {
    const { log, bringsOn = true } = this.needs;
    if (!bringsOn || this.#state !== 'running') return;
    await this.#positions.built();
    const { position } = await log.head();
    if (!this.#stop.signal.aborted) await this.#positions.reached(position);
    this.#hasCaughtUp ||= !this.#stop.signal.aborted;
  }

  /** True once the tables are there: what is asked is answered, as far as the read models have come. */
  get isOpen(): boolean {
    return this.#state !== 'starting';
  }

  /** True until {@link caughtUp} was so for the first time. */
  get isStarting(): boolean {
    const { bringsOn = true } = this.needs;
    return this.#state === 'starting' || (bringsOn && !this.#hasCaughtUp);
  }

  /** True when one of these read models is not there yet: nothing can be answered from it. */
  isBuilding(names?: readonly string[]): boolean {
    return this.#positions.isBuilding(names);
  }

  /** Stops after the batches under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    // Whoever opened it is told what failed.
    await this.#opening.catch(() => undefined);
    await this.#running;
    await this.heads.stop();
    this.#presence.close();
    this.#positions.wakeAll();
  }

  /** How far answers that rest on these read models have come; without names, the partitions that are not stopped. */
  progressOf(names?: readonly string[]): Progress {
    return names ? this.#positions.least() : this.#positions.running();
  }

  get progress(): Progress {
    return this.progressOf();
  }

  /** Waits until the read models hold a position, at most so long; answers the position that they hold. */
  async waitFor(position: Position, timeoutMs: number): Promise<Position> {
    if (this.progress.position < position && this.#state === 'running')
      await this.#positions.reached(position, timeoutMs);
    // Answers are to say how far behind they are; otherwise nobody looks at the head.
    if (this.progress.position < position) await this.#seeHead();
    return this.progress.position;
  }

  /** Waits until the read models hold more than a position, at most so long. */
  beyond(position: Position, timeoutMs: number): Promise<void> {
    return this.#positions.beyond(position, timeoutMs);
  }

  /** How old the oldest entry is that the log holds and the read models do not, as last seen; 0 when level. */
  lagMs(names?: readonly string[]): number {
    const { position, recordedAt } = this.progressOf(names);
    if (this.#head.position <= position || recordedAt === null) return 0;
    return Math.max(0, this.needs.now() - recordedAt);
  }

  async #seeHead(): Promise<Progress> {
    const { position, recordedAt } = await this.needs.log.head();
    this.#head = { position, recordedAt: recordedAt === null ? null : instant(recordedAt) };
    return this.#head;
  }

  /** Notes what keeps a part of the work from going on for now, or with null that it goes on. */
  #noteTrouble(part: Part, error: unknown): void {
    if (error === null) return void this.#troubles.delete(part);
    // What is cut short by the stop, such as a look at the database that another process asked for, is no trouble.
    if (this.#stop.signal.aborted) return;
    if (!this.#troubles.has(part)) this.needs.onTrouble?.(error);
    this.#troubles.set(part, messageOf(error));
  }

  get #lastError(): string | null {
    return this.#stoppedBy ?? this.#troubles.values().next().value ?? null;
  }

  async #bringOn(): Promise<void> {
    try {
      await this.#runner.run(this.#stop.signal);
      this.#state = 'stopped';
    } catch (error) {
      this.#state = 'stopped';
      this.#stoppedBy = messageOf(error);
      if (!this.#stop.signal.aborted) this.needs.onStopped(error);
      this.#positions.wakeAll();
    }
  }

  /** Sees rebuilds through, one after the other; a fault that passes is tried again. */
  async #rebuild(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#rebuildSoon = new AbortController();
      const hasWorked = await this.#rebuilder.work(signal).catch((error: unknown) => {
        this.#noteTrouble('rebuilds', error);
        return false;
      });
      if (hasWorked) this.#noteTrouble('rebuilds', null);
      if (hasWorked) continue;
      await sleep(REBUILD_LOOK_MS, AbortSignal.any([signal, this.#rebuildSoon.signal]));
      await sleep(REBUILD_GATHER_MS, signal);
    }
  }

  async #follow(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await sleep(FOLLOW_MS, this.#stop.signal);
      if (!this.#stop.signal.aborted) await this.#followed();
    }
  }

  /** What cannot be looked up now is looked up the next time. */
  async #followed(): Promise<void> {
    const { bringsOn = true } = this.needs;
    try {
      if (!bringsOn) await this.#presence.connect({ takesPart: false });
      await this.#poller.poll();
      this.heads.refresh();
      if (this.needs.onSetAside) await this.administration.tellSetAside(this.needs.onSetAside);
      this.#noteTrouble('following', null);
    } catch (error) {
      this.#noteTrouble('following', error);
    }
  }

  #heard(member: number): void {
    if (member === this.#presence.member || this.#stop.signal.aborted) return;
    void this.#followed();
    this.#runner.lookSoon();
    this.#rebuildSoon.abort();
  }

  async #keepDescriptions(change: CommittedChange): Promise<void> {
    if (change.kind === 'advanced') return this.descriptions.apply(change.changes);
    if (change.kind === 'replaced') return this.descriptions.load(this.needs.pool);
    const [first] = change.kind === 'advanced-elsewhere' ? change.entries : [];
    if (first) await this.descriptions.loadAfter(this.needs.pool, position(first.position - 1));
  }

  #keepFacts(change: CommittedChange): void {
    if (change.kind === 'advanced') this.facts.apply(change.changes);
    else if (change.kind === 'replaced') this.facts.forgetAll();
    else for (const { policy } of this.#changedBy(change)) this.facts.forget(policy);
  }

  async #keepHeads(change: CommittedChange): Promise<void> {
    if (change.kind === 'advanced') return this.heads.apply(change.changes, change.more);
    if (change.kind === 'replaced') await this.heads.load();
    else for (const { policy, position: at } of this.#changedBy(change)) this.heads.noteChange(policy, at);
    if (change.kind !== 'uncertain') this.#takeUpHeads(change);
  }

  /** The policies whose rows may have changed, and where. */
  #changedBy(
    change: Extract<CommittedChange, { readonly kind: 'advanced-elsewhere' | 'uncertain' }>,
  ): readonly Pick<PolicyChange, 'policy' | 'position'>[] {
    if (change.kind === 'uncertain') return change.changes;
    return change.entries.flatMap(({ stream, position: at }) => {
      const policy = this.descriptions.ofStream(stream)?.policy;
      return policy === undefined ? [] : [{ policy, position: at }];
    });
  }

  /** Looks at the heads of the partitions that this process owns, once it owns others, or they may be other ones. */
  #takeUpHeads({ kind, partitions }: CommittedChange): void {
    const { member } = this.#presence;
    const owned = partitions.flatMap(({ owner, partition }) => (owner !== null && owner === member ? [partition] : []));
    if (kind !== 'replaced' && owned.join() === this.#headsOf.join()) return;
    this.#headsOf = owned;
    const isMine = ({ slug }: { readonly slug: string }): boolean => owned.includes(partitionOf(policyStream(slug)));
    this.heads.leave(isMine);
    this.heads.takeUp(isMine);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
