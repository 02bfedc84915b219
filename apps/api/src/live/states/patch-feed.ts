import { type Instant, position as positionOf } from '#domain';
import { DISREGARDED } from '#event-log';
import { type PolicyRow, type StateChanges, type Viewpoint, coordinateFrom, goesWithClock } from '#projections';
import type { Coordinate, StateDocument } from '#temporal';
import type { StreamConnection } from '../connection.js';
import type { ReadEntry } from '../events/log-reader.js';
import { type PatchMessage, stateChangeMessage, wholeStateMessage } from './patch-message.js';
import { type PatchPoint, patchId } from './resume-points.js';
import { Semaphore } from '../semaphore.js';

/** The most events for which states are read at a time. */
const LOOK_UPS_AT_ONCE = 6;

/** Timers do not run while a machine sleeps, so the clock is checked at least this often. */
const LONGEST_WAIT_MS = 60_000;

/** A client that receives patches: its connection, and how it is removed from the feed. */
export interface FedClient {
  readonly connection: Pick<StreamConnection, 'write' | 'isBehind'>;
  /** Removes the client, which was sent everything up to the point. With `isReset`, its states are no longer valid. */
  readonly leave: (shown: PatchPoint, isReset?: boolean) => void;
}

interface WatchedPolicy {
  readonly row: PolicyRow;
  state: StateDocument;
  readonly fed: Set<FedClient>;
}

/** A change of the state of a policy. */
interface StateChange {
  readonly row: PolicyRow;
  readonly at: PatchPoint;
  readonly after: StateDocument;
  /** Absent if the state is the same. */
  readonly message: PatchMessage | undefined;
}

interface Needs {
  readonly states: Pick<StateChanges, 'stateOf' | 'nextChanges' | 'ofStream' | 'policies' | 'causesOf'>;
  readonly viewpoint: Viewpoint;
  readonly shown: PatchPoint;
  /** Called when time may have changed a state: {@link PatchFeed.advance} must then be called in turn. */
  readonly onDue: () => void;
}

/**
 * The states of the policies watched from one viewpoint, all at one coordinate, which advances from event to event and
 * from instant to instant. Each step sends the differences to all clients of the feed.
 *
 * A step is asynchronous except for its last part, in which all messages are sent and the coordinate advances, without
 * interruption. Only one step runs at a time; joining is a step, too.
 */
export class PatchFeed {
  readonly #watched = new Map<number, WatchedPolicy>();
  readonly #everything = new Set<FedClient>();
  /** The instants at which time alone changes each policy next. */
  readonly #next = new Map<number, Instant>();
  #unknown = new Set<number>();
  #isAllUnknown = false;
  /** True while every policy is watched. */
  #isAllWatched = false;
  readonly #lookUps = new Semaphore(LOOK_UPS_AT_ONCE);
  #shown: PatchPoint;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly needs: Needs) {
    this.#shown = needs.shown;
  }

  get shown(): PatchPoint {
    return this.#shown;
  }

  /** The coordinate of a point from this feed's viewpoint. */
  at(point: PatchPoint): Coordinate {
    return coordinateFrom(this.needs.viewpoint, point);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Watches a policy; returns its state at the coordinate of the feed. */
  async watch(row: PolicyRow, now: Instant): Promise<StateDocument> {
    const { states } = this.needs;
    if (!this.#watched.has(row.policy)) {
      const state = await states.stateOf(row.policy, this.at(this.#shown));
      this.#watched.set(row.policy, { row, state, fed: new Set() });
      this.#unknown.add(row.policy);
    }
    await this.advance(now);
    return this.#watched.get(row.policy)?.state ?? {};
  }

  /** Sends a client the changes of one policy from now on; returns a function that ends it. */
  feedPolicy({ policy }: PolicyRow, fed: FedClient): () => void {
    const watched = this.#watched.get(policy);
    watched?.fed.add(fed);
    return () => watched?.fed.delete(fed);
  }

  /** Sends a client the changes of every policy from now on; returns a function that ends it. */
  feedEverything(fed: FedClient): () => void {
    this.#everything.add(fed);
    return () => this.#everything.delete(fed);
  }

  /** Watches every policy from now on, also when only the clock advances. */
  async watchEverything(now: Instant): Promise<void> {
    if (!this.#isAllWatched) this.#isAllUnknown = true;
    this.#isAllWatched = true;
    await this.advance(now);
  }

  /** Advances to the last of these entries; skips those already processed. */
  async take(entries: readonly ReadEntry[], now: Instant): Promise<void> {
    this.#dropUnfed();
    await this.advance(now);
    await this.#moveTo(entries);
    // When time changes these policies next must be looked up now: no further entry may come to trigger it.
    await this.advance(now);
  }

  /** Stops watching policies without clients. Done here, since clients may leave while another joins. */
  #dropUnfed(): void {
    for (const [policy, { fed }] of this.#watched) if (fed.size === 0) this.#watched.delete(policy);
    this.#isAllWatched = this.#everything.size > 0;
  }

  async #moveTo(entries: readonly ReadEntry[]): Promise<void> {
    const last = entries.at(-1);
    if (!last || last.position <= this.#shown.position) return;
    const { instant } = this.#shown;
    const changes = await this.#changesOf(
      entries.filter((one) => this.#concerns(one)),
      instant,
    );
    for (const change of changes) {
      this.#tell([change], patchId(change.at));
      this.#unknown.add(change.row.policy);
    }
    this.#shown = { position: last.position, instant };
  }

  /** Advances to an instant, in steps at each instant at which time changes a state. */
  async advance(now: Instant): Promise<void> {
    if (!goesWithClock(this.needs.viewpoint)) return;
    for (;;) {
      await this.#learnNext();
      const due = this.#earliest();
      if (due > now) break;
      await this.#stepTo([...this.#next].filter(([, at]) => at === due));
    }
    if (now > this.#shown.instant) this.#shown = { ...this.#shown, instant: now };
    this.#wait(this.#earliest() - now);
  }

  /** Sends the differences after a rebuild gave other states; clients of all policies start again with whole states. */
  async restate(): Promise<void> {
    const at = this.#shown;
    const changes: StateChange[] = [];
    for (const { row, state } of this.#watched.values()) {
      const after = await this.needs.states.stateOf(row.policy, this.at(at));
      const message = stateChangeMessage(state, after, { policy: row.slug, at: this.at(at), causes: [] });
      changes.push({ row, at, after, message });
    }
    for (const fed of [...this.#everything]) fed.leave(at, true);
    this.#tell(changes, patchId(at));
    for (const policy of this.#watched.keys()) this.#unknown.add(policy);
  }

  #concerns({ entry, event }: ReadEntry): boolean {
    const { knownAt } = this.needs.viewpoint;
    const row = this.needs.states.ofStream(entry.stream);
    if (!row || entry.position <= this.#shown.position || entry.type === DISREGARDED) return false;
    if (!this.#isAllWatched && !this.#watched.has(row.policy)) return false;
    if (knownAt === undefined) return true;
    // An event that became public later changes nothing that was known before, unless it is about another event.
    return event !== undefined && (event.body.target !== undefined || event.body.publishedAt.from <= knownAt);
  }

  async #changesOf(entries: readonly ReadEntry[], instant: Instant): Promise<readonly StateChange[]> {
    const { states } = this.needs;
    const looked = await Promise.all(
      entries.map((one) =>
        this.#lookUps.run(async () => {
          const row = states.ofStream(one.entry.stream);
          const at = { position: one.position, instant };
          return row && { row, at, one, after: await states.stateOf(row.policy, this.at(at)) };
        }),
      ),
    );
    const changes: StateChange[] = [];
    const before = new Map<number, StateDocument>();
    for (const found of looked) {
      if (!found) continue;
      const { row, at, one, after } = found;
      const circumstances = { policy: row.slug, at: this.at(at), causes: [one.entry.key] };
      const message = one.event
        ? stateChangeMessage(before.get(row.policy) ?? (await this.#stateBefore(row, at)), after, circumstances)
        : wholeStateMessage(after, circumstances);
      before.set(row.policy, after);
      changes.push({ row, at, after, message });
    }
    return changes;
  }

  /** The state last sent, or just before a position. */
  async #stateBefore({ policy }: PolicyRow, { position, instant }: PatchPoint): Promise<StateDocument> {
    const before = positionOf(position - 1);
    return (
      this.#watched.get(policy)?.state ?? this.needs.states.stateOf(policy, this.at({ position: before, instant }))
    );
  }

  /** Sends the messages of one coordinate; clients of all policies can resume only after the last of them. */
  #tell(changes: readonly StateChange[], id: string): void {
    const before = this.#shown;
    const told = changes.filter(({ message }) => message !== undefined);
    for (const [index, { row, at, message }] of told.entries()) {
      const isLast = index === told.length - 1;
      if (message)
        for (const fed of [...this.#everything])
          send(fed, message.frame(isLast ? id : patchId(before)), isLast ? at : before);
      if (message) for (const fed of [...(this.#watched.get(row.policy)?.fed ?? [])]) send(fed, message.frame(id), at);
    }
    for (const { row, after } of changes) {
      const watched = this.#watched.get(row.policy);
      if (watched) watched.state = after;
    }
  }

  #earliest(): number {
    let earliest = Infinity;
    for (const at of this.#next.values()) if (at < earliest) earliest = at;
    return earliest;
  }

  async #learnNext(): Promise<void> {
    const { states, viewpoint } = this.needs;
    if (this.#unknown.size === 0 && !this.#isAllUnknown) return;
    const asked = this.#isAllUnknown ? 'all' : [...this.#unknown];
    const { position, instant } = this.#shown;
    const found = await states.nextChanges(viewpoint, { policies: asked, recorded: position, after: instant });
    for (const policy of asked === 'all' ? [...this.#next.keys()] : asked) this.#next.delete(policy);
    for (const { policy, at } of found) this.#next.set(policy, at);
    this.#unknown = new Set();
    this.#isAllUnknown = false;
  }

  /** Advances to the instant at which time changes these policies. */
  async #stepTo(due: readonly (readonly [policy: number, at: Instant])[]): Promise<void> {
    const [first] = due;
    if (!first) return;
    const at = { position: this.#shown.position, instant: first[1] };
    const changes: StateChange[] = [];
    for (const [policy] of due) {
      const change = await this.#changeByTime(policy, at);
      if (change) changes.push(change);
    }
    this.#tell(changes, patchId(at));
    this.#shown = at;
    for (const [policy] of due) {
      this.#next.delete(policy);
      if (this.#isAllWatched || this.#watched.has(policy)) this.#unknown.add(policy);
    }
  }

  async #changeByTime(policy: number, at: PatchPoint): Promise<StateChange | undefined> {
    const { states } = this.needs;
    const watched = this.#watched.get(policy);
    const row = watched?.row ?? (this.#isAllWatched ? states.policies().get(policy) : undefined);
    if (!row) return undefined;
    const between = { from: this.at(this.#shown), to: this.at(at) };
    const before = watched?.state ?? (await states.stateOf(policy, between.from));
    const after = await states.stateOf(policy, between.to);
    const same = { policy: row.slug, at: between.to, causes: [] };
    if (stateChangeMessage(before, after, same) === undefined) return { row, at, after, message: undefined };
    const causes = await states.causesOf(policy, between);
    return { row, at, after, message: stateChangeMessage(before, after, { ...same, causes }) };
  }

  #wait(dueInMs: number): void {
    clearTimeout(this.#timer);
    if (!Number.isFinite(dueInMs)) return;
    this.#timer = setTimeout(this.needs.onDue, Math.min(Math.max(dueInMs, 0), LONGEST_WAIT_MS)).unref();
  }
}

function send(fed: FedClient, frame: Buffer, shown: PatchPoint): void {
  fed.connection.write(frame);
  if (fed.connection.isBehind) fed.leave(shown);
}
