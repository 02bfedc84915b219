import type { Pool } from 'pg';
import { type Instant, instant } from '#domain';
import type { EventLog } from '#event-log';
import { sleep } from '#postgres';
import { Descriptions } from '../core/descriptions.js';
import type { Progress } from '../core/progress.js';
import { RecordTimes } from '../core/record-times.js';
import { CurrentStates } from '../core/states/current-states.js';
import { projections as registry } from '../read-models/registry.js';
import { prepareReadSchema } from '../rebuild/read-schema.js';
import { requestRebuilds } from '../rebuild/rebuilds.js';
import type { Projection } from '../rows/projection.js';
import { BatchWindow } from '../runner/batch-window.js';
import { ChangeFeed } from '../runner/change-feed.js';
import { Membership } from '../runner/membership/membership.js';
import { PositionPoller } from '../runner/membership/position-poller.js';
import { PartitionPositions } from '../runner/membership/partition-positions.js';
import { Condition } from './condition.js';
import { type ParkedEventReport, reportParked } from './parked-event-reports.js';
import { descriptionsSubscriber } from './subscribers.js';

/** What the read models rest on. All of it is the caller's to close. */
export interface ReadModelsNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  readonly log: EventLog;
  readonly now: () => Instant;
  /** Whether a runner is started on them here; without one, they follow what other processes advance. */
  readonly runsProjections: boolean;
  /** Is given the error with which the read models cannot go on here. */
  readonly onStopped: (error: unknown) => void;
  /** Is given each event that a read model could not process, at least once, to be recorded. */
  readonly onParked?: (event: ParkedEventReport) => Promise<void>;
  /** Is given what holds the read models up, once until that is over. */
  readonly onTrouble?: (error: unknown) => void;
  /** The read models; all of the product's by default. */
  readonly projections?: readonly Projection[];
}

/** How often it is read what others have applied, besides whenever they notify. */
const POLL_MS = 1_000;

/**
 * The read models as one process knows them: the feed of committed changes, how far each has come, and what follows from
 * the changes wherever they were made: names of policies.
 *
 * A {@link Runner} advances them, a {@link ReadSide} answers from them, an {@link Administration} shows them to operators.
 */
export class ReadModels {
  readonly projections: readonly Projection[];
  /** The names of policies. */
  readonly descriptions = new Descriptions();
  /** The states of now. */
  readonly currentStates: CurrentStates;
  readonly times: RecordTimes;
  readonly condition: Condition;
  /** How long news may gather before it is applied. */
  readonly batchWindow: BatchWindow = new BatchWindow(() => this.positions.isAwaited);
  readonly positions = new PartitionPositions(() => this.batchWindow.readSoon());
  readonly feed = new ChangeFeed(this.positions);
  readonly membership: Membership;
  readonly #poller: PositionPoller;
  readonly #onNotified: (() => void)[] = [];
  readonly #stop = new AbortController();
  #opening: Promise<void> = Promise.resolve();
  #polling: Promise<void> = Promise.resolve();
  #head: Progress;

  constructor(readonly needs: ReadModelsNeeds) {
    const { pool, log, onTrouble, projections = registry } = needs;
    this.projections = projections;
    this.condition = new Condition(onTrouble);
    this.times = new RecordTimes(log);
    this.membership = new Membership(pool, (member) => this.#hear(member));
    this.#poller = new PositionPoller({
      pool,
      log,
      times: this.times,
      positions: this.positions,
      names: projections.map(({ name }) => name),
      feed: this.feed,
      member: () => this.membership.member,
    });
    this.currentStates = new CurrentStates({
      pool,
      onTrouble: (error) => this.condition.noteTrouble('current states', error),
    });
    this.#head = this.positions.running();
    this.feed.subscribe(descriptionsSubscriber(this.descriptions, pool));
  }

  /** Makes the tables, and follows from then on what is committed to them. */
  open(): Promise<void> {
    this.#opening = this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { pool, log, runsProjections } = this.needs;
    const toBuild = await prepareReadSchema(pool, this.projections, await log.head());
    await requestRebuilds(
      pool,
      toBuild.map(({ name }) => name),
    );
    await this.poll();
    if (!runsProjections) await this.membership.connect({ joins: false });
    if (this.#stop.signal.aborted) return;
    if (!runsProjections) this.condition.noteCaughtUp();
    this.condition.noteRunning();
    this.#polling = this.#keepPolling();
  }

  /** Publishes what others have applied. */
  poll(): Promise<void> {
    return this.#poller.poll();
  }

  /** Has something called whenever another process notifies. */
  onNotified(act: () => void): void {
    this.#onNotified.push(act);
  }

  /** Stops following; whoever waits for a position waits no longer. */
  async stop(): Promise<void> {
    this.#stop.abort();
    // Whoever opened it has the error.
    await this.#opening.catch(() => undefined);
    await this.#polling;
    await this.currentStates.settle();
    this.membership.close();
    this.positions.wakeAll();
  }

  /** Where the log ended when somebody last looked. */
  get head(): Progress {
    return this.#head;
  }

  /** Looks where the log ends. */
  async seeHead(): Promise<Progress> {
    const { position: at, recordedAt } = await this.needs.log.head();
    this.#head = { position: at, recordedAt: recordedAt === null ? null : instant(recordedAt) };
    return this.#head;
  }

  #hear(member: number): void {
    if (member === this.membership.member || this.#stop.signal.aborted) return;
    void this.#pollOrNote();
    for (const act of this.#onNotified) act();
  }

  async #keepPolling(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await sleep(POLL_MS, this.#stop.signal);
      if (!this.#stop.signal.aborted) await this.#pollOrNote();
    }
  }

  /** What cannot be read now is read the next time. */
  async #pollOrNote(): Promise<void> {
    const { pool, runsProjections, onParked } = this.needs;
    try {
      if (!runsProjections) await this.membership.connect({ joins: false });
      await this.poll();
      if (onParked) await reportParked(pool, onParked);
      this.condition.noteTrouble('polling', null);
    } catch (error) {
      if (!this.#stop.signal.aborted) this.condition.noteTrouble('polling', error);
    }
  }
}
