import type { Instant, WorldDate } from '#domain';
import { compareText } from '#temporal';
import { type DayRange, type EventDates, type Stretch, daysBetween, lastOf } from '../dates/event-dates.js';
import type { MadePromise, Settlement, SettlementWay } from './promise-events.js';

/**
 * What became of a promise. `overdue` says that nothing is recorded that fulfils it, and no more than that;
 * `met-or-late` that the dates leave open whether it was fulfilled in time.
 */
export const PROMISE_STATES = [
  'pending',
  'due',
  'overdue',
  'met',
  'late',
  'met-or-late',
  'missed',
  'dropped',
  'replaced',
] as const;
export type PromiseState = (typeof PROMISE_STATES)[number];

/** Another date that a promise was moved to, and the event that did so. */
export interface DueRevision {
  readonly event: string;
  readonly due: WorldDate | null;
}

/** What became of one promise, as known at one state of knowledge and seen from one instant of the world. */
export interface SettledPromise extends MadePromise {
  /** The date that was promised first: its own, or that of the promise that it moves to another date. */
  readonly firstDue: WorldDate | null;
  /** Key of the first promise, where this one moves it to another date. */
  readonly replaces: string | null;
  /** The dates that it was moved to later, in order of occurrence. */
  readonly revisions: readonly DueRevision[];
  readonly state: PromiseState;
  /** Keys of the events that make the state what it is; none where only time does. */
  readonly because: readonly string[];
  /** When it was fulfilled, if it was. */
  readonly done: EventDates | null;
  /**
   * Days from the first date that was promised to the one that counts: when it was fulfilled, else the date that it was
   * moved to, else, if overdue, the instant from which it is seen. `null` where there is nothing to count.
   */
  readonly slipDays: DayRange | null;
}

/** That a policy is scrapped or ended at the instant from which its promises are seen. */
export interface PolicyEnd {
  readonly event: string;
  readonly since: Instant;
}

/** What promises are judged from, at one state of knowledge. Whatever concerns a promise must be there; more may be. */
export interface PromiseRecord {
  readonly promises: readonly MadePromise[];
  readonly settlements: readonly Settlement[];
  /** By slug of the policy; as of the instant from which promises are seen. */
  readonly ends: ReadonlyMap<string, PolicyEnd>;
}

/** What of the record of promises had happened by an instant, with the look-ups that judging needs. */
interface View {
  readonly validAt: Instant;
  readonly promises: ReadonlyMap<string, MadePromise>;
  /** In order of occurrence. */
  readonly settlementsOf: (promise: string) => readonly Settlement[];
  /** The moves of a promise to other dates, in order of occurrence. */
  readonly movesOf: (promise: string) => readonly Settlement[];
  readonly movedBy: (event: string) => readonly string[];
  readonly ends: PromiseRecord['ends'];
}

/**
 * What became of each promise, seen from an instant, in order of occurrence: nothing that had not happened by then counts,
 * the making of a promise included.
 */
export function settlePromises(record: PromiseRecord, validAt: Instant): readonly SettledPromise[] {
  const view = viewOf(record, validAt);
  return [...view.promises.values()].sort(byOccurrence).map((promise) => settle(promise, view));
}

/** The same of some promises, in the order of their keys; undefined for one that had not been made by then. */
export function settleSome(
  record: PromiseRecord,
  validAt: Instant,
  keys: readonly string[],
): readonly (SettledPromise | undefined)[] {
  const view = viewOf(record, validAt);
  return keys.map((key) => {
    const promise = view.promises.get(key);
    return promise && settle(promise, view);
  });
}

function viewOf({ promises, settlements, ends }: PromiseRecord, validAt: Instant): View {
  const acting = settlements.filter(({ dates: { settled } }) => settled <= validAt);
  const moving = acting.filter(({ way }) => way === 'moves');
  const byPromise = groupInOrder(acting, ({ promise }) => promise);
  const moves = groupInOrder(moving, ({ promise }) => promise);
  const moved = groupInOrder(moving, ({ event }) => event);
  return {
    validAt,
    promises: new Map(
      promises.filter(({ made: { settled } }) => settled <= validAt).map((promise) => [promise.promise, promise]),
    ),
    settlementsOf: (promise) => byPromise.get(promise) ?? NONE,
    movesOf: (promise) => moves.get(promise) ?? NONE,
    movedBy: (event) => (moved.get(event) ?? NONE).map(({ promise }) => promise),
    ends,
  };
}

const NONE: readonly Settlement[] = [];

const byOccurrence = (one: { readonly order: string }, other: { readonly order: string }): number =>
  compareText(one.order, other.order);

/** Settlements by a text, each group in order of occurrence. */
function groupInOrder(
  settlements: readonly Settlement[],
  by: (settlement: Settlement) => string,
): ReadonlyMap<string, readonly Settlement[]> {
  const groups = new Map<string, Settlement[]>();
  for (const settlement of settlements) {
    const group = groups.get(by(settlement));
    if (group) group.push(settlement);
    else groups.set(by(settlement), [settlement]);
  }
  for (const group of groups.values()) if (group.length > 1) group.sort(byOccurrence);
  return groups;
}

function settle(promise: MadePromise, view: View): SettledPromise {
  const first = originOf(promise, view);
  const revisions = revisionsOf(promise, view);
  const outcome = outcomeOf(promise, revisions, view);
  const firstDue = first.due;
  const counted = countedDate({ promise, outcome, revisions, isMoved: first !== promise }, view.validAt);
  return {
    // Each by its name: copying an object of so many fields takes longer than all the rest.
    promise: promise.promise,
    policy: promise.policy,
    kind: promise.kind,
    by: promise.by,
    summary: promise.summary,
    due: promise.due,
    made: promise.made,
    knownFrom: promise.knownFrom,
    position: promise.position,
    order: promise.order,
    firstDue,
    replaces: first === promise ? null : first.promise,
    revisions: revisions.map(({ event, due }) => ({ event, due })),
    state: outcome.state,
    because: outcome.because,
    done: outcome.done,
    slipDays: firstDue && counted && daysBetween(firstDue, counted),
  };
}

/** The promise that was made first of those that this one moves to another date, however often; else this one. */
function originOf(promise: MadePromise, view: View): MadePromise {
  if (view.movedBy(promise.promise).length === 0) return promise;
  const earlier = reachedFrom(promise.promise, view.movedBy).flatMap((key) => view.promises.get(key) ?? []);
  return earlier.reduce((first, each) => (each.order < first.order ? each : first), promise);
}

/** The moves of a promise to other dates, and of what it was moved to; in order of occurrence. */
function revisionsOf(promise: MadePromise, view: View): readonly Settlement[] {
  if (view.movesOf(promise.promise).length === 0) return NONE;
  const moving = (key: string): readonly Settlement[] => view.movesOf(key).filter(({ event }) => event !== key);
  const keys = reachedFrom(promise.promise, (key) => moving(key).map(({ event }) => event));
  const moves = [promise.promise, ...keys].flatMap(moving).filter(({ event }) => event !== promise.promise);
  return [...new Map(moves.map((move) => [move.event, move])).values()].sort(byOccurrence);
}

/** What is reached from a key, each once, without the key itself: moves may run in a circle. */
function reachedFrom(key: string, next: (key: string) => readonly string[]): readonly string[] {
  const reached = new Set([key]);
  for (const each of reached) for (const other of next(each)) reached.add(other);
  reached.delete(key);
  return [...reached];
}

interface Outcome {
  readonly state: PromiseState;
  readonly because: readonly string[];
  readonly done: EventDates | null;
}

/** Fulfilled goes before moved, moved before what ended it first, and that before what its date says. */
function outcomeOf(promise: MadePromise, revisions: readonly Settlement[], view: View): Outcome {
  const done = firstWay(promise, view, 'fulfils');
  if (done) return { state: doneState(promise.due, done.dates), because: [done.event], done: done.dates };
  if (revisions.length > 0) return { state: 'replaced', because: revisions.map(({ event }) => event), done: null };
  return endedBy(promise, view) ?? { state: stateByDate(promise.due, view.validAt), because: [], done: null };
}

const firstWay = ({ promise }: MadePromise, view: View, way: SettlementWay): Settlement | undefined =>
  view.settlementsOf(promise).find((settlement) => settlement.way === way);

/** Without a date there is nothing to be late for. */
function doneState(due: WorldDate | null, done: EventDates): PromiseState {
  if (!due || lastOf(done) <= due.latest) return 'met';
  return done.earliest > due.latest ? 'late' : 'met-or-late';
}

/** What ended a promise first: it was missed or taken back, or its policy ended. */
function endedBy(promise: MadePromise, view: View): Outcome | undefined {
  const said = view.settlementsOf(promise.promise).find(({ way }) => way === 'misses' || way === 'withdraws');
  const end = view.ends.get(promise.policy);
  const isEnded = end !== undefined && end.event !== promise.promise && end.since > promise.made.settled;
  if (isEnded && (!said || end.since < said.dates.settled))
    return { state: 'dropped', because: [end.event], done: null };
  return said && { state: said.way === 'misses' ? 'missed' : 'dropped', because: [said.event], done: null };
}

/** With an open beginning a date is a deadline: the promise is pending until it has passed. */
function stateByDate(due: WorldDate | null, validAt: Instant): PromiseState {
  if (!due || (validAt <= due.latest && !Number.isFinite(due.earliest)) || validAt < due.earliest) return 'pending';
  return validAt <= due.latest ? 'due' : 'overdue';
}

interface Counted {
  readonly promise: MadePromise;
  readonly outcome: Outcome;
  readonly revisions: readonly Settlement[];
  /** True where the promise moves an earlier one. */
  readonly isMoved: boolean;
}

/** The date up to which slip is counted; undefined where there is nothing to count. */
function countedDate({ promise, outcome, revisions, isMoved }: Counted, validAt: Instant): Stretch | null {
  if (outcome.done) return { earliest: outcome.done.earliest, latest: lastOf(outcome.done) };
  if (outcome.state === 'replaced') return revisions.findLast(({ due }) => due !== null)?.due ?? null;
  if (outcome.state === 'overdue') return { earliest: validAt, latest: validAt };
  return isMoved && (outcome.state === 'pending' || outcome.state === 'due') ? promise.due : null;
}
