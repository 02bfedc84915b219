import { type EventBody, type Instant, type Position, type Stance, actorName } from '#domain';
import { type EventVersion, isInRecord } from '#temporal';
import { type EventDates, datesOf } from '../dates/event-dates.js';

/** That an actor took a stance on a policy in an event, or was asked and did not answer. */
export interface TakenStance {
  readonly event: string;
  readonly policy: string;
  readonly actor: string;
  readonly role: string | null;
  /** For whom the actor spoke; a stance taken for another is apart from those of one's own. */
  readonly onBehalfOf: string | null;
  /** `null`: asked, and did not answer. */
  readonly stance: Stance | null;
  readonly dates: EventDates;
  /** Keys of the events that the event names: links, and what it undoes. */
  readonly names: readonly string[];
  /** Keys of the events that it follows, where the link acts: it happened after them. */
  readonly follows: readonly string[];
  readonly knownFrom: Instant;
  readonly position: Position;
  /** Compares, as text, in order of occurrence. */
  readonly order: string;
}

/** That an event undoes an earlier one. */
export interface Undoing {
  readonly event: string;
  readonly policy: string;
  readonly undoes: string;
  readonly actors: readonly NamedActor[];
  readonly dates: EventDates;
  readonly follows: readonly string[];
  readonly knownFrom: Instant;
  readonly position: Position;
  readonly order: string;
}

/** An actor who can be named: no group, and not anonymous. */
export interface NamedActor {
  readonly actor: string;
  readonly role: string | null;
  readonly onBehalfOf: string | null;
}

/** The stances that an event has at one state of knowledge, one a named actor; none of groups and of who is anonymous. */
export function stancesIn(version: EventVersion): readonly TakenStance[] {
  const { event, body, follows, knownFrom, order } = version;
  const stance = event.type === 'answer.withheld' ? null : body.stance;
  if (stance === undefined || !isInRecord(version)) return [];
  const { key, policy } = body;
  const place = { knownFrom, position: event.position, order };
  const common = { event: key, policy, stance, dates: datesOf(version), names: namesIn(body), follows, ...place };
  return namedActors(body).map((actor) => ({ ...common, ...actor }));
}

const namesIn = ({ links = [], undoes }: EventBody): readonly string[] => [
  ...new Set([...links.map(({ to }) => to), ...(undoes === undefined ? [] : [undoes])]),
];

/** What an event undoes at one state of knowledge; undefined where it undoes nothing. */
export function findUndoing(version: EventVersion): Undoing | undefined {
  const { event, body, follows, knownFrom, order } = version;
  const { key, policy, undoes } = body;
  if (undoes === undefined || !isInRecord(version)) return undefined;
  const place = { knownFrom, position: event.position, order };
  return { event: key, policy, undoes, actors: namedActors(body), dates: datesOf(version), follows, ...place };
}

/** The actors of an event who can be named, each once. */
export function namedActors({ actors = [] }: Pick<EventBody, 'actors'>): readonly NamedActor[] {
  const named = actors
    .filter(({ name, kind, anonymous }) => typeof name === 'string' && kind !== 'group' && anonymous !== true)
    .map((actor) => ({
      actor: actorName(actor),
      role: typeof actor.role === 'string' ? actor.role : null,
      onBehalfOf: actor.onBehalfOf ?? null,
    }));
  return [...new Map(named.map((actor) => [actor.actor, actor])).values()];
}
