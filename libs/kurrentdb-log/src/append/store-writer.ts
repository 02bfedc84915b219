import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AppendOutcome,
  type AppendRequest,
  type Draft,
  LogUnavailableError,
  type Place,
  type Revision,
  revisionOf,
} from '#event-log/adapter';
import { Knowledge } from './head-cache.js';
import type { LogLimits } from './log-limits.js';
import { type PlaceWatch, isUnplaced, unplaced } from './location-watch.js';
import type { Claim, Reservation, Reservations } from './reservations.js';
import { type Judgement, StoreJudge } from './store-planner.js';
import {
  type Run,
  type RunResult,
  appendRuns,
  appendRunsInOrder,
  joinedByStream,
  runsOf,
  settledAppend,
} from './store-runs.js';
import type { EventStore } from '../store/store.js';

/** What appends to a store stand on. */
export interface StoreWriterNeeds {
  readonly store: EventStore;
  readonly reservations: Reservations;
  readonly watch: PlaceWatch;
  readonly limits: LogLimits;
}

/** Events that were not appended, by id, and why. */
export type FailedAppends = ReadonlyMap<
  string,
  { readonly stream: string; readonly result: Exclude<RunResult, { outcome: 'appended' }> }
>;

/** How long is waited in one go for a position that is late, after its append was answered. */
const LATE_PLACE_MS = 60_000;

/** Names of events that are in the log are released together with those that follow within this. */
const RELEASE_AFTER_MS = 50;

/** The steps of an append to the store: judged, names reserved, appended, given its place. */
export class StoreWriter {
  readonly #knowledge = new Knowledge();
  readonly #judge: StoreJudge;
  readonly #underWay = new Set<Promise<void>>();
  #released: { readonly holder: string; readonly claim: Claim }[] = [];
  #isReleasing = false;
  #isClosed = false;

  constructor(private readonly needs: StoreWriterNeeds) {
    this.#judge = new StoreJudge({
      ...needs,
      knowledge: this.#knowledge,
      onFound: (found) => void this.#track(found.holder, [found], found),
    });
  }

  judge(requests: readonly AppendRequest[]): Promise<Judgement> {
    return this.#judge.judge(requests);
  }

  /** Appends what a judgement has drafted, at once or in order. */
  append(judgement: Judgement, { inOrder }: { readonly inOrder: boolean }): Promise<FailedAppends> {
    const { store, limits } = this.needs;
    const appended = inOrder ? appendRunsInOrder : appendRuns;
    return this.#append(judgement, (runs) => appended(store, runs, limits.settleMs));
  }

  /** Appends what a judgement has drafted, all or none where the server can. */
  appendTogether(judgement: Judgement): Promise<FailedAppends> {
    const { store, limits } = this.needs;
    return this.#append(judgement, async (runs) => {
      if (runs.length > 1 && (await store.server()).appendsTogether) {
        const result = await settledAppend(limits.settleMs, () => store.appendTogether(joinedByStream(runs)));
        // What is too large for one append is appended as on servers that take none to several streams.
        if (result.outcome !== 'failed') return runs.map(() => result);
      }
      return appendRunsInOrder(store, runs, limits.settleMs);
    });
  }

  /** Gives up the names of a judgement that is not appended. */
  async release({ holder, claims }: Judgement): Promise<void> {
    await this.needs.reservations.release(claims.map((claim) => ({ holder, claim })));
  }

  /** Counts work that is to be waited for before the log is closed. */
  during(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** The outcome with positions; undefined when the log has other events there, so that it has to be judged again. */
  async placed(request: AppendRequest, verdict: AppendOutcome): Promise<AppendOutcome | undefined> {
    switch (verdict.outcome) {
      case 'pending':
        return verdict;
      case 'conflict':
        // Whoever decides again reads the stream from the log, which should be as far as what is told here.
        if (verdict.actual !== null) await this.#placeAt(request.stream, verdict.actual);
        return verdict;
      case 'key-reused':
      case 'idempotency-key-reused': {
        const place = await this.place(verdict.place);
        if (place === 'pending')
          throw new LogUnavailableError('An event with that key was recorded just now. Send the same request again.');
        return place && { ...verdict, place };
      }
      case 'appended':
      case 'duplicate':
        return this.#allPlaced(request, verdict);
    }
  }

  /** A place with its position; undefined when the log has another event there. */
  async place(place: Place): Promise<Place | 'pending' | undefined> {
    if (!isUnplaced(place)) return place;
    const found = await this.#placeAt(place.stream, place.revision);
    if (!found) return 'pending';
    return found.id === place.id ? found : undefined;
  }

  async #allPlaced(
    request: AppendRequest,
    verdict: Extract<AppendOutcome, { places: unknown }>,
  ): Promise<AppendOutcome | undefined> {
    const places = await Promise.all(verdict.places.map((place) => this.place(place)));
    if (places.includes(undefined)) return undefined;
    const found = places.filter((place) => place !== undefined && place !== 'pending');
    const [first] = found;
    if (!first || found.length < places.length)
      return { outcome: 'pending', stream: request.stream, keys: request.events.map(({ key }) => key) };
    if (verdict.outcome === 'duplicate' && request.idempotencyKey !== undefined)
      await this.needs.reservations.keepIdempotencyKey(request.idempotencyKey, first);
    return { ...verdict, places: found };
  }

  #placeAt(stream: string, revision: Revision): Promise<Place | undefined> {
    return this.needs.watch.placeAt(stream, revision, this.needs.limits.placeMs);
  }

  async #append(
    judgement: Judgement,
    append: (runs: readonly Run[]) => Promise<readonly RunResult[]>,
  ): Promise<FailedAppends> {
    const runs = runsOf(judgement.requests, judgement.plan);
    await this.needs.reservations.keepErasable(judgement.plan.drafts.flatMap(erasableOf));
    const results = await append(runs);
    const failed: FailedAppends = this.#learn(judgement, runs, results);
    if (failed.size > 0) await this.#giveUp(judgement, failed);
    return failed;
  }

  #learn({ holder, claims }: Judgement, runs: readonly Run[], results: readonly RunResult[]): FailedAppends {
    const failed = new Map<string, { stream: string; result: Exclude<RunResult, { outcome: 'appended' }> }>();
    const byId = new Map<string, Claim[]>();
    for (const claim of claims) byId.set(claim.id, [...(byId.get(claim.id) ?? []), claim]);
    for (const [index, { append, drafts }] of runs.entries()) {
      const result = results[index];
      if (result?.outcome === 'appended')
        for (const draft of drafts) this.#appended(holder, draft, byId.get(draft.event.id) ?? []);
      else if (result) {
        for (const { event } of drafts) failed.set(event.id, { stream: append.stream, result });
        if (result.outcome === 'conflict') this.#knowledge.learnHead(append.stream, result.actual ?? -1);
        else this.#knowledge.forgetHead(append.stream);
      }
    }
    return failed;
  }

  #appended(holder: string, { event, stream, revision }: Draft, claims: readonly Claim[]): void {
    this.#knowledge.learnHead(stream, revision);
    for (const { kind, name } of claims)
      this.#knowledge.learnAppended(kind, name, unplaced({ id: event.id, key: event.key, stream, revision }));
    void this.#track(holder, claims, { stream, revision });
  }

  /** Names whose append is not known stay, for whoever looks whether it was recorded; the others are free again. */
  async #giveUp({ holder, claims }: Judgement, failed: FailedAppends): Promise<void> {
    const { reservations } = this.needs;
    const lost = claims.filter(({ id }) => failed.has(id));
    const open = lost.filter(({ id }) => failed.get(id)?.result.outcome === 'unknown');
    await reservations.release(lost.filter((claim) => !open.includes(claim)).map((claim) => ({ holder, claim })));
    // Where the database cannot be reached either, they can be taken over when their time is over.
    await reservations.abandon(holder, open).catch(() => undefined);
  }

  /** Once the event is in the log, its names need no other keeping. */
  async #track(
    holder: string,
    claims: readonly (Claim | Reservation)[],
    { stream, revision }: { readonly stream: string; readonly revision: number },
  ): Promise<void> {
    const { watch, limits } = this.needs;
    let waitMs: number = limits.placeMs;
    while (!(await watch.placeAt(stream, revisionOf(revision), waitMs))) {
      if (this.#isClosed) return;
      waitMs = LATE_PLACE_MS;
    }
    for (const { kind, name } of claims) this.#knowledge.forgetAppended(kind, name);
    this.#released.push(...claims.map((claim) => ({ holder, claim })));
    if (!this.#isReleasing) this.during(this.#releaseAll());
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

/** What lies beside an event's body, with the digest of the body that says which append it belongs to. */
const erasableOf = ({ event: { id, body, erasable = [] } }: Draft) =>
  erasable.map((value) => ({ id, digest: createHash('sha256').update(body).digest('hex'), ...value }));
