import {
  type Actor,
  type EventBody,
  type Instant,
  type Position,
  type Status,
  type WorldDate,
  actorName,
  assertionsOf,
} from '#domain';
import { type EventVersion, isInRecord } from '#temporal';
import { type EventDates, datesOf } from '../dates/event-dates.js';

/** What is promised: something planned, a target, or (no promise) something that somebody expects. */
export const PROMISE_KINDS = ['plan', 'target', 'forecast'] as const;
export type PromiseKind = (typeof PROMISE_KINDS)[number];

/** A promise as its event makes it: something planned, a target or a forecast, with the date that it is due by, if any. */
export interface MadePromise {
  /** Key of the event that makes it. */
  readonly promise: string;
  readonly policy: string;
  readonly kind: PromiseKind;
  /** Names of those who made it. */
  readonly by: readonly string[];
  readonly summary: string;
  readonly due: WorldDate | null;
  readonly made: EventDates;
  readonly knownFrom: Instant;
  readonly position: Position;
  /** Compares, as text, in order of occurrence. */
  readonly order: string;
}

/** What a later event can do to a promise: come true, not come true, be moved to another date, be taken back. */
export type SettlementWay = 'fulfils' | 'misses' | 'moves' | 'withdraws';

/** What one event says of one promise. */
export interface Settlement {
  readonly event: string;
  readonly policy: string;
  /** Key of the event that made the promise, if it made one. */
  readonly promise: string;
  readonly way: SettlementWay;
  /** The new date, where the promise is moved to one. */
  readonly due: WorldDate | null;
  readonly dates: EventDates;
  readonly order: string;
}

/** The promise that an event makes at one state of knowledge; undefined where it makes none. */
export function promiseIn(version: EventVersion): MadePromise | undefined {
  const { event, body, order } = version;
  const kind = kindOf(version);
  if (kind === undefined || !isInRecord(version)) return undefined;
  return {
    promise: event.key,
    policy: body.policy,
    kind,
    by: makersIn(version).map(actorName),
    summary: body.summary,
    due: body.plannedFor ?? null,
    made: datesOf(version),
    knownFrom: version.knownFrom,
    position: event.position,
    order,
  };
}

/**
 * Those who made a promise or forecast. A forecast that is attributed to somebody speaks of its actors, and the actors of
 * a disclosure are those who report it: neither promised anything.
 */
function makersIn({ event: { type }, body: { actors = [], attributedTo = [] } }: EventVersion): readonly Actor[] {
  if (type === 'disclosure.reported') return attributedTo;
  return type === 'forecast.made' && attributedTo.length > 0 ? attributedTo : actors;
}

/** A forecast counts with a date alone: without one, nothing could be said of it at any time. */
function kindOf({ event: { type }, body: { plannedFor } }: EventVersion): PromiseKind | undefined {
  if (type === 'target.set') return 'target';
  if (type === 'forecast.made') return plannedFor && 'forecast';
  return plannedFor || type === 'pilot.planned' ? 'plan' : undefined;
}

/** What an event says of the promises that it links to, at one state of knowledge: at most one thing of each. */
export function settlementsIn(version: EventVersion): readonly Settlement[] {
  if (!isInRecord(version)) return [];
  const { event, body, order } = version;
  const settled = new Map<string, SettlementWay>();
  for (const { rel, to } of body.links ?? []) {
    const way = wayOf(version, rel);
    const other = settled.get(to);
    if (way && (other === undefined || PRECEDENCE.indexOf(way) < PRECEDENCE.indexOf(other))) settled.set(to, way);
  }
  return [...settled].map(([promise, way]) => ({
    event: event.key,
    policy: body.policy,
    promise,
    way,
    due: way === 'moves' ? (body.plannedFor ?? null) : null,
    dates: datesOf(version),
    order,
  }));
}

/** Of several links of one event to one promise the first of these counts. */
const PRECEDENCE: readonly SettlementWay[] = ['fulfils', 'misses', 'moves', 'withdraws'];

/** A target that is met or missed is named by any link; a promise otherwise by the link that says what became of it. */
function wayOf(version: EventVersion, rel: string): SettlementWay | undefined {
  const { type } = version.event;
  if (type === 'target.met') return 'fulfils';
  if (type === 'target.missed') return 'misses';
  if (rel === 'fulfils') return 'fulfils';
  if (rel === 'falsifies') return endsPolicy(version.body) ? 'withdraws' : 'misses';
  if (rel !== 'supersedes') return undefined;
  if (kindOf(version) !== undefined) return 'moves';
  // Revising or withdrawing a figure leaves what was promised beside it.
  return type.startsWith('figure.') ? undefined : 'withdraws';
}

/** The statuses of a policy that is over: what it promised is dropped. */
export const OVER: readonly Status[] = ['scrapped', 'ended'];

/** Whoever ends a policy takes back what it promised, and did not fail to keep it. */
const endsPolicy = (body: EventBody): boolean =>
  assertionsOf(body).some(({ field, value }) => field === 'status' && OVER.some((status) => status === value));
