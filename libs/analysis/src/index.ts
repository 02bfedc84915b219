/** What analysts ask of the events in force at one state of knowledge: pure functions, in no engine of their own. */
export { type DayRange, type EventDates } from './dates/event-dates.js';
export {
  type MadePromise,
  OVER,
  PROMISE_KINDS,
  type PromiseKind,
  type Settlement,
  promiseIn,
  settlementsIn,
} from './promises/promise-events.js';
export { type CalendarStyle, promiseCalendar } from './promises/promise-calendar.js';
export { PromiseRecordDraft } from './promises/promise-record.js';
export {
  type NamedActor,
  type TakenStance,
  type Undoing,
  namedActors,
  stancesIn,
  findUndoing,
} from './turns/turn-events.js';
export { TurnRecordDraft } from './turns/turn-record.js';
export {
  STANCE_SCALE,
  TURN_KINDS,
  type Turn,
  type TurnEnd,
  type TurnRecord,
  type UndoneEvent,
  subjectOf,
  turnsIn,
} from './turns/turns.js';
export {
  PROMISE_STATES,
  type PolicyEnd,
  type PromiseRecord,
  type PromiseState,
  type SettledPromise,
  settlePromises,
  settleSome,
} from './promises/promise-states.js';
export { type OwnerCounts, type PromiseCounts, summarize, summarizeByOwner } from './promises/promise-summary.js';
