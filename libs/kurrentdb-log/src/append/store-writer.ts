import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AppendOutcome,
  type AppendRequest,
  type Draft,
  LogUnavailableError,
  type EventLocation,
  StreamEndCache,
  type StreamRevision,
  revisionOf,
} from '#event-log/adapter';
import type { LogLimits } from './log-limits.js';
import { PendingEvents } from './pending-events.js';
import { type LocationWatch, isPendingLocation, makePendingLocation } from './location-watch.js';
import type { Claim, Reservation, Reservations } from './reservations.js';
import type { StoreCache } from './store-log-view.js';
import { type StorePlan, StorePlanner } from './store-planner.js';
import {
  type DraftRun,
  type DraftRunResult,
  appendRuns,
  appendRunsInOrder,
  joinByStream,
  runsOf,
  appendUntilSettled,
} from './store-runs.js';
import type { EventStore } from '../store/store.js';

/** The dependencies of a store writer. */
export interface StoreWriterNeeds {
  readonly store: EventStore;
  readonly reservations: Reservations;
  readonly watch: LocationWatch;
  readonly limits: LogLimits;
}

/** Events that were not appended, by id, and why. */
export type FailedAppends = ReadonlyMap<
  string,
  { readonly stream: string; readonly result: Exclude<DraftRunResult, { outcome: 'appended' }> }
>;

/** The time for which a position is waited for in one go that is late, after its append was answered. */
const LATE_LOCATION_MS = 60_000;

/** Names of events that are in the log are released together with those that follow within this. */
const RELEASE_AFTER_MS = 50;

/** The steps of an append to the store: planned, names reserved, appended, located. */
export class StoreWriter {
  readonly #cache: StoreCache = { lastRevisions: new StreamEndCache(), pending: new PendingEvents() };
  readonly #planner: StorePlanner;
  readonly #underWay = new Set<Promise<void>>();
  #released: { readonly holder: string; readonly claim: Claim }[] = [];
  #isReleasing = false;
  #isClosed = false;

  constructor(private readonly needs: StoreWriterNeeds) {
    this.#planner = new StorePlanner({
      ...needs,
      cache: this.#cache,
      onFound: (found) => void this.#releaseOnceRecorded(found.holder, [found], found),
    });
  }

  plan(requests: readonly AppendRequest[]): Promise<StorePlan> {
    return this.#planner.plan(requests);
  }

  /** Appends the drafts of a plan, at once or in order. */
  append(plan: StorePlan, { inOrder }: { readonly inOrder: boolean }): Promise<FailedAppends> {
    const { store, limits } = this.needs;
    const appendAll = inOrder ? appendRunsInOrder : appendRuns;
    return this.#append(plan, (runs) => appendAll(store, runs, limits.settleMs));
  }

  /** Appends the drafts of a plan, all or none where the server can. */
  appendTogether(plan: StorePlan): Promise<FailedAppends> {
    const { store, limits } = this.needs;
    return this.#append(plan, async (runs) => {
      if (runs.length > 1 && (await store.describeServer()).appendsTogether) {
        const result = await appendUntilSettled(limits.settleMs, () => store.appendTogether(joinByStream(runs)));
        // What is too large for one append is appended as on servers that take none to several streams.
        if (result.outcome !== 'failed') return runs.map(() => result);
      }
      return appendRunsInOrder(store, runs, limits.settleMs);
    });
  }

  /** Gives up the names of a plan that is not appended. */
  async release({ holder, claims }: StorePlan): Promise<void> {
    await this.needs.reservations.release(claims.map((claim) => ({ holder, claim })));
  }

  /** Counts work that is to be waited for before the log is closed. */
  trackWork(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async drain(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** The outcome with positions; undefined when the log has other events there, so that it has to be planned again. */
  async locateOutcome(request: AppendRequest, planned: AppendOutcome): Promise<AppendOutcome | undefined> {
    switch (planned.outcome) {
      case 'pending':
        return planned;
      case 'conflict':
        // Whoever decides again reads the stream from the log, which should be as far as this answer.
        if (planned.actual !== null) await this.#waitForLocation(request.stream, planned.actual);
        return planned;
      case 'key-reused':
      case 'idempotency-key-reused': {
        const location = await this.locate(planned.location);
        if (location === 'pending')
          throw new LogUnavailableError('An event with that key was recorded just now. Send the same request again.');
        return location && { ...planned, location };
      }
      case 'appended':
      case 'duplicate':
        return this.#locateAll(request, planned);
    }
  }

  /** A location with its position; undefined when the log has another event there. */
  async locate(location: EventLocation): Promise<EventLocation | 'pending' | undefined> {
    if (!isPendingLocation(location)) return location;
    const found = await this.#waitForLocation(location.stream, location.revision);
    if (!found) return 'pending';
    return found.id === location.id ? found : undefined;
  }

  async #locateAll(
    request: AppendRequest,
    planned: Extract<AppendOutcome, { locations: unknown }>,
  ): Promise<AppendOutcome | undefined> {
    const locations = await Promise.all(planned.locations.map((location) => this.locate(location)));
    if (locations.includes(undefined)) return undefined;
    const found = locations.filter((location) => location !== undefined && location !== 'pending');
    const [first] = found;
    if (!first || found.length < locations.length)
      return { outcome: 'pending', stream: request.stream, keys: request.events.map(({ key }) => key) };
    if (planned.outcome === 'duplicate' && request.idempotencyKey !== undefined)
      await this.needs.reservations.keepIdempotencyKey(request.idempotencyKey, first);
    return { ...planned, locations: found };
  }

  #waitForLocation(stream: string, revision: StreamRevision): Promise<EventLocation | undefined> {
    return this.needs.watch.waitForLocation(stream, revision, this.needs.limits.locationMs);
  }

  async #append(
    plan: StorePlan,
    append: (runs: readonly DraftRun[]) => Promise<readonly DraftRunResult[]>,
  ): Promise<FailedAppends> {
    const runs = runsOf(plan.requests, plan.plan);
    await this.needs.reservations.keepErasable(plan.plan.drafts.flatMap(erasableOf));
    const results = await append(runs);
    const failed: FailedAppends = this.#noteResults(plan, runs, results);
    if (failed.size > 0) await this.#releaseFailed(plan, failed);
    return failed;
  }

  #noteResults(
    { holder, claims }: StorePlan,
    runs: readonly DraftRun[],
    results: readonly DraftRunResult[],
  ): FailedAppends {
    const failed = new Map<string, { stream: string; result: Exclude<DraftRunResult, { outcome: 'appended' }> }>();
    const byId = new Map<string, Claim[]>();
    for (const claim of claims) byId.set(claim.id, [...(byId.get(claim.id) ?? []), claim]);
    for (const [index, { append, drafts }] of runs.entries()) {
      const result = results[index];
      if (result?.outcome === 'appended')
        for (const draft of drafts) this.#noteAppended(holder, draft, byId.get(draft.event.id) ?? []);
      else if (result) {
        for (const { event } of drafts) failed.set(event.id, { stream: append.stream, result });
        const end = result.outcome === 'conflict' ? result.actual : undefined;
        this.#cache.lastRevisions.keep(append.stream, end ?? undefined);
      }
    }
    return failed;
  }

  #noteAppended(holder: string, { event, stream, revision }: Draft, claims: readonly Claim[]): void {
    this.#cache.lastRevisions.keep(stream, revision);
    for (const { kind, name } of claims)
      this.#cache.pending.keep(kind, name, makePendingLocation({ id: event.id, key: event.key, stream, revision }));
    void this.#releaseOnceRecorded(holder, claims, { stream, revision });
  }

  /** Names whose append is not known stay, for whoever looks whether it was recorded; the others are free again. */
  async #releaseFailed({ holder, claims }: StorePlan, failed: FailedAppends): Promise<void> {
    const { reservations } = this.needs;
    const lost = claims.filter(({ id }) => failed.has(id));
    const open = lost.filter(({ id }) => failed.get(id)?.result.outcome === 'unknown');
    await reservations.release(lost.filter((claim) => !open.includes(claim)).map((claim) => ({ holder, claim })));
    // Where the database cannot be reached either, they can be taken over when their time is over.
    await reservations.abandon(holder, open).catch(() => undefined);
  }

  /** Once the event is in the log, its names need no other keeping. */
  async #releaseOnceRecorded(
    holder: string,
    claims: readonly (Claim | Reservation)[],
    { stream, revision }: { readonly stream: string; readonly revision: number },
  ): Promise<void> {
    const { watch, limits } = this.needs;
    let waitMs: number = limits.locationMs;
    while (!(await watch.waitForLocation(stream, revisionOf(revision), waitMs))) {
      if (this.#isClosed) return;
      waitMs = LATE_LOCATION_MS;
    }
    for (const { kind, name } of claims) this.#cache.pending.forget(kind, name);
    this.#released.push(...claims.map((claim) => ({ holder, claim })));
    if (!this.#isReleasing) this.trackWork(this.#releaseAll());
  }

  /** Many at once; no append waits for it. What a lost connection leaves is swept up by the next start. */
  async #releaseAll(): Promise<void> {
    this.#isReleasing = true;
    await delay(RELEASE_AFTER_MS);
    const released = this.#released;
    this.#released = [];
    this.#isReleasing = false;
    await this.needs.reservations.release(released).catch(() => undefined);
  }
}

/** The erasable values of an event, with the digest of the body that says which append they belong to. */
const erasableOf = ({ event: { id, body, erasable = [] } }: Draft) =>
  erasable.map((value) => ({ id, digest: createHash('sha256').update(body).digest('hex'), ...value }));
