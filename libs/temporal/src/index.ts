/**
 * What holds, what was known and what changed: the pure rules of the three times.
 *
 * Two engines give one answer. `stateAt` folds a policy's events at a coordinate; a `Ledger` keeps, event by event,
 * disjoint boxes from which any coordinate is one look-up.
 */
export { type StandingSource } from './account.js';
export {
  type Coordinate,
  type Interval,
  type Knowledge,
  contains,
  intersection,
  isEmpty,
  overlaps,
  sameInterval,
} from './coordinate.js';
export {
  type AssertedValue,
  type DatedAssertion,
  type Uncertainty,
  compareText,
  listedUncertainties,
  datedAssertionsOf,
} from './dated-assertion.js';
export { type RecordNote, type SeenEvent, correctionsBehind } from './causes.js';
export { type FieldDifference, type PolicyDifference, type PolicyPoint, WHYS, differenceBetween } from './diff.js';
export { type FieldEffect, effectsOf } from './effects.js';
export { type EventAnomaly, type EventStanding, countsInRecord } from './event-standing.js';
export { type Fact, FOLD_VERSION, type PolicyState, inOrderOfOccurrence, keysInForce, stateAt } from './fold.js';
export { type PatchOperation, patchBetween } from './json-patch.js';
export { LEDGER_VERSION, Ledger, type LedgerChange } from './ledger.js';
export { type OrderDoubt } from './pairing.js';
export { orderKey } from './order-key.js';
export { replacedFact, replayedPoint } from './replay.js';
export { type Box, type Change, type EventVersion, type Standing, type Unsure } from './standing.js';
export { type StateDocument, splitField, stateDocument } from './state-document.js';
export { bodyInForce } from './view.js';
