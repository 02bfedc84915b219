import { randomUUID } from 'node:crypto';
import { type AppendOutcome, type AppendRequest, type FlushPlan, planFlush, revisionOf } from '#event-log/adapter';
import { PENDING_FLUSH_LOCATION, makePendingLocation } from './location-watch.js';
import type { LogLimits } from './log-limits.js';
import type { Claim, ReservationRequest, Reservation, Reservations } from './reservations.js';
import { type StoreCache, StoreLogView } from './store-log-view.js';
import type { EventStore } from '../store/store.js';

/** Requests are planned at most this often; if other appends came first each time, they wait. */
const PLANS_LIMIT = 8;

/** A plan for requests whose names are reserved: what to append, and the outcome of each if that succeeds. */
export interface StorePlan {
  readonly requests: readonly AppendRequest[];
  /** Requests, of those that came, that have to wait for what other processes have under way. */
  readonly blocked: readonly AppendRequest[];
  readonly plan: FlushPlan;
  /** The outcome of each request, in their order; locations whose positions are still to come are pending. */
  readonly outcomes: readonly AppendOutcome[];
  readonly holder: string;
  readonly claims: readonly Claim[];
}

interface Needs {
  readonly store: EventStore;
  readonly reservations: Reservations;
  readonly cache: StoreCache;
  readonly limits: LogLimits;
  /** Called with each name of a dead holder whose event was found in the store. */
  readonly onFound: (found: Reservation) => void;
}

/**
 * Plans requests in their order, each seeing those before it, on what this process knows; then verifies.
 *
 * A name is taken in the database before the append, a stream's end is confirmed by the store: by the append where
 * there is one, by reading it where a refusal rests on it.
 */
export class StorePlanner {
  constructor(private readonly needs: Needs) {}

  async plan(given: readonly AppendRequest[]): Promise<StorePlan> {
    const view = new StoreLogView(this.needs.cache);
    const holder = randomUUID();
    let requests = given;
    for (let attempt = 0; attempt < PLANS_LIMIT; attempt += 1) {
      const plan = planFlush(requests, view);
      const outcomes = plan.outcomes(PENDING_FLUSH_LOCATION);
      if (await this.#confirmStreamEnds({ requests, plan, outcomes, view })) {
        const claims = claimsOf(requests, plan);
        const actual = await this.needs.reservations.reserve(requestReservations({ holder, requests, claims, view }));
        if (!actual) {
          const planned = new Set(requests);
          return { requests, blocked: given.filter((one) => !planned.has(one)), plan, outcomes, holder, claims };
        }
        view.correct(actual);
        requests = dropBlocked(requests, await this.#findBlocking(requests, actual.reservations, view));
      }
    }
    const plan = planFlush([], view);
    return { requests: [], blocked: given, plan, outcomes: [], holder, claims: [] };
  }

  /** False when the store had to be asked where streams end that refusals rest on. */
  async #confirmStreamEnds({
    requests,
    plan,
    outcomes,
    view,
  }: {
    requests: readonly AppendRequest[];
    plan: FlushPlan;
    outcomes: readonly AppendOutcome[];
    view: StoreLogView;
  }): Promise<boolean> {
    const appendedTo = new Set(plan.drafts.map(({ stream }) => stream));
    const refused = requests.filter((_, index) => outcomes[index]?.outcome === 'conflict').map(({ stream }) => stream);
    const doubtful = [...new Set(refused)].filter((stream) => !appendedTo.has(stream) && !view.isConfirmed(stream));
    await Promise.all(
      doubtful.map(async (stream) => view.confirm(stream, await this.needs.store.readStreamEnd(stream))),
    );
    return doubtful.length === 0;
  }

  /** The names that have to be waited for. Those of dead holders are settled by looking at the store. */
  async #findBlocking(
    requests: readonly AppendRequest[],
    reservations: readonly Reservation[],
    view: StoreLogView,
  ): Promise<ReadonlySet<string>> {
    const open = reservations.filter(
      ({ kind, name }) => !(kind === 'key' ? view.findKey(name) : view.findIdempotencyKey(name)),
    );
    const settled = await Promise.all(open.map((reservation) => this.#settleReservation(requests, reservation)));
    return new Set(open.filter((_, index) => !settled[index]).map(nameOf));
  }

  /**
   * Looks whether a reserved name has to be waited for; if not, releases it. Its event can only be at the stream and
   * revision of the reservation: if another event is there, it never will be. If none is there yet it still may be, from
   * a holder that is slow and not dead, which does no harm to whoever appends the same event at the same revision.
   */
  async #settleReservation(requests: readonly AppendRequest[], reservation: Reservation): Promise<boolean> {
    const { stream, revision, id, holder, abandoned, ageMs } = reservation;
    // One of long after now was made before the clock was set back.
    const isExpired = Math.abs(ageMs) > this.needs.limits.reservationMs;
    if (!abandoned && !isExpired) return false;
    const [there] = await this.needs.store.readStream(stream, { from: revision, limit: 1 });
    if (there?.id === id) {
      const location = makePendingLocation({
        id,
        stream,
        key: there.metadata['key'] ?? '',
        revision: revisionOf(there.revision),
      });
      this.needs.cache.pending.keep(reservation.kind, reservation.name, location);
      this.needs.onFound(reservation);
      return true;
    }
    if (
      !there &&
      !isExpired &&
      !requests.some((one) => one.stream === stream && one.events.some((own) => own.id === id))
    )
      return false;
    await this.needs.reservations.release([{ holder, claim: reservation }]);
    return true;
  }
}

const nameOf = ({ kind, name }: Pick<Claim, 'kind' | 'name'>): string => `${kind} ${name}`;

/** The names that the drafts of a plan take: their keys, and the idempotency keys of their requests. */
function claimsOf(requests: readonly AppendRequest[], { drafts, kept }: FlushPlan): readonly Claim[] {
  const own = new Set(requests.flatMap(({ events, idempotencyKey }) => (idempotencyKey === undefined ? [] : events)));
  const keys = drafts.map(({ event, stream, revision }): Claim => ({
    kind: 'key',
    name: event.key,
    id: event.id,
    stream,
    revision,
  }));
  const idempotencyKeys = kept.flatMap(({ idempotencyKey, at }): readonly Claim[] => {
    const draft = 'offset' in at ? drafts[at.offset - 1] : undefined;
    if (!draft || !own.has(draft.event)) return [];
    const { event, stream, revision } = draft;
    return [{ kind: 'idempotency-key', name: idempotencyKey, id: event.id, stream, revision }];
  });
  return [...keys, ...idempotencyKeys];
}

/** The reservations for a plan: the names that its appends take, and those without an append, which must be free. */
function requestReservations({
  holder,
  requests,
  claims,
  view,
}: {
  holder: string;
  requests: readonly AppendRequest[];
  claims: readonly Claim[];
  view: StoreLogView;
}): ReservationRequest {
  const claimed = new Set(claims.map(nameOf));
  const keys = requests.flatMap(({ events }) => events.map(({ key }) => key));
  const idempotencyKeys = requests.flatMap(({ idempotencyKey }) => idempotencyKey ?? []);
  return {
    holder,
    claims,
    expected: new Map(requests.map(({ stream }) => [stream, view.lastRevision(stream)])),
    newKeys: [...new Set(keys)].filter((name) => !view.findKey(name) && !claimed.has(nameOf({ kind: 'key', name }))),
    newIdempotencyKeys: [...new Set(idempotencyKeys)].filter(
      (name) => !view.findIdempotencyKey(name) && !claimed.has(nameOf({ kind: 'idempotency-key', name })),
    ),
  };
}

/** Requests that need not wait: neither for a name, nor behind a request of their stream or of their names that does. */
function dropBlocked(requests: readonly AppendRequest[], names: ReadonlySet<string>): readonly AppendRequest[] {
  if (names.size === 0) return requests;
  const blocked = new Set(names);
  return requests.filter(({ stream, events, idempotencyKey }) => {
    const own = [
      `stream ${stream}`,
      ...events.map(({ key }) => nameOf({ kind: 'key', name: key })),
      ...(idempotencyKey === undefined ? [] : [nameOf({ kind: 'idempotency-key', name: idempotencyKey })]),
    ];
    if (!own.some((name) => blocked.has(name))) return true;
    for (const name of own) blocked.add(name);
    return false;
  });
}
