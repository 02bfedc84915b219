import { randomUUID } from 'node:crypto';
import { type AppendOutcome, type AppendRequest, type FlushPlan, planFlush, revisionOf } from '#event-log/adapter';
import type { Knowledge } from './head-cache.js';
import { UNPLACED_LANDING, unplaced } from './location-watch.js';
import type { LogLimits } from './log-limits.js';
import type { Claim, Claims, Reservation, Reservations } from './reservations.js';
import { StoreBeliefs } from './store-log-view.js';
import type { EventStore } from '../store/store.js';

/** Requests are judged at most this often before others, who are first each time, are waited for. */
const JUDGEMENTS_LIMIT = 8;

/** What requests come to, names reserved: what to append, and what each is told if the appends go through. */
export interface Judgement {
  readonly requests: readonly AppendRequest[];
  /** Requests, of those that came, that have to wait for what other processes have under way. */
  readonly blocked: readonly AppendRequest[];
  readonly plan: FlushPlan;
  /** Of each of the requests, in their order; places that are still to come are unplaced. */
  readonly verdicts: readonly AppendOutcome[];
  readonly holder: string;
  readonly claims: readonly Claim[];
}

interface Needs {
  readonly store: EventStore;
  readonly reservations: Reservations;
  readonly knowledge: Knowledge;
  readonly limits: LogLimits;
  /** Told of names whose event was found in the store, of a holder that is dead. */
  readonly onFound: (found: Reservation) => void;
}

/**
 * Judges requests in their order, each seeing those before it, on what this process knows; then verifies.
 *
 * A name is taken in the database before the append, a stream's end is confirmed by the store: by the append where
 * there is one, by reading it where a refusal rests on it.
 */
export class StoreJudge {
  constructor(private readonly needs: Needs) {}

  async judge(given: readonly AppendRequest[]): Promise<Judgement> {
    const beliefs = new StoreBeliefs(this.needs.knowledge);
    const holder = randomUUID();
    let requests = given;
    for (let judgement = 0; judgement < JUDGEMENTS_LIMIT; judgement += 1) {
      const plan = planFlush(requests, beliefs);
      const verdicts = plan.outcomes(UNPLACED_LANDING);
      if (await this.#confirmed({ requests, plan, verdicts, beliefs })) {
        const claims = claimsOf(requests, plan);
        const truth = await this.needs.reservations.reserve(restingOn({ holder, requests, claims, beliefs }));
        if (!truth) {
          const judged = new Set(requests);
          return { requests, blocked: given.filter((one) => !judged.has(one)), plan, verdicts, holder, claims };
        }
        beliefs.learn(truth);
        requests = withoutBlocked(requests, await this.#blocking(requests, truth.reservations, beliefs));
      }
    }
    const plan = planFlush([], beliefs);
    return { requests: [], blocked: given, plan, verdicts: [], holder, claims: [] };
  }

  /** False when the store had to be asked where streams end that refusals rest on. */
  async #confirmed({
    requests,
    plan,
    verdicts,
    beliefs,
  }: {
    requests: readonly AppendRequest[];
    plan: FlushPlan;
    verdicts: readonly AppendOutcome[];
    beliefs: StoreBeliefs;
  }): Promise<boolean> {
    const appendedTo = new Set(plan.drafts.map(({ stream }) => stream));
    const refused = requests.filter((_, index) => verdicts[index]?.outcome === 'conflict').map(({ stream }) => stream);
    const doubtful = [...new Set(refused)].filter((stream) => !appendedTo.has(stream) && !beliefs.isConfirmed(stream));
    await Promise.all(
      doubtful.map(async (stream) => beliefs.confirm(stream, await this.needs.store.readStreamHead(stream))),
    );
    return doubtful.length === 0;
  }

  /** The names that have to be waited for. Those of dead holders are settled by looking at the store. */
  async #blocking(
    requests: readonly AppendRequest[],
    reservations: readonly Reservation[],
    beliefs: StoreBeliefs,
  ): Promise<ReadonlySet<string>> {
    const open = reservations.filter(
      ({ kind, name }) => !(kind === 'key' ? beliefs.place(name) : beliefs.idempotent(name)),
    );
    const settled = await Promise.all(open.map((reservation) => this.#isSettled(requests, reservation)));
    return new Set(open.filter((_, index) => !settled[index]).map(nameOf));
  }

  /**
   * A name says where its event was to stand, and nowhere else can it come to stand: where something else stands, it
   * never will. Where nothing stands yet it still may, from a holder that is not dead but slow; which does no harm to
   * who appends the same event at the same place.
   */
  async #isSettled(requests: readonly AppendRequest[], reservation: Reservation): Promise<boolean> {
    const { stream, revision, id, holder, abandoned, ageMs } = reservation;
    // One of long after now was made before the clock was set back.
    const isExpired = Math.abs(ageMs) > this.needs.limits.reservationMs;
    if (!abandoned && !isExpired) return false;
    const [there] = await this.needs.store.readStream(stream, { from: revision, limit: 1 });
    if (there?.id === id) {
      const place = unplaced({ id, stream, key: there.metadata['key'] ?? '', revision: revisionOf(there.revision) });
      this.needs.knowledge.learnAppended(reservation.kind, reservation.name, place);
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

/** What the drafts of a plan take: their keys, and the idempotency keys of their requests. */
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

/** What a judgement rests on: besides what its appends take, that names without an append are free. */
function restingOn({
  holder,
  requests,
  claims,
  beliefs,
}: {
  holder: string;
  requests: readonly AppendRequest[];
  claims: readonly Claim[];
  beliefs: StoreBeliefs;
}): Claims {
  const claimed = new Set(claims.map(nameOf));
  const keys = requests.flatMap(({ events }) => events.map(({ key }) => key));
  const idempotencyKeys = requests.flatMap(({ idempotencyKey }) => idempotencyKey ?? []);
  return {
    holder,
    claims,
    believed: new Map(requests.map(({ stream }) => [stream, beliefs.last(stream)])),
    newKeys: [...new Set(keys)].filter((name) => !beliefs.place(name) && !claimed.has(nameOf({ kind: 'key', name }))),
    newIdempotencyKeys: [...new Set(idempotencyKeys)].filter(
      (name) => !beliefs.idempotent(name) && !claimed.has(nameOf({ kind: 'idempotency-key', name })),
    ),
  };
}

/** Requests that need not wait: neither for a name, nor behind a request of their stream or of their names that does. */
function withoutBlocked(requests: readonly AppendRequest[], names: ReadonlySet<string>): readonly AppendRequest[] {
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
