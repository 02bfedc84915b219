/**
 * What holds, what was known and what changed: the pure rules of the three times.
 *
 * Two engines give one answer. `stateAt` folds a policy's events at a coordinate; a `Ledger` keeps, event by event,
 * disjoint boxes from which any coordinate is one look-up.
 */
export {
  type Coordinate,
  type Interval,
  type Knowledge,
  contains,
  intersection,
  isEmpty,
  overlaps,
  isSameInterval,
} from './time/coordinate.js';
export {
  type AssertedValue,
  type DatedAssertion,
  type Uncertainty,
  compareText,
  listUncertainties,
  datedAssertionsOf,
} from './events/dated-assertion.js';
export { type RecordNote, type EventAtPoint, correctionsBehind } from './fold/causes.js';
export { type FieldDifference, type PolicyDifference, type PolicyPoint, WHYS, differenceBetween } from './fold/diff.js';
export { type FieldEffect, effectsOf } from './ledger/effects.js';
export {
  type EventAnomaly,
  type EventVersion,
  type VersionWithRecords,
  correctionsInForce,
  isInRecord,
} from './events/event-version.js';
export {
  type Fact,
  FOLD_VERSION,
  type PolicyState,
  inOrderOfOccurrence,
  keysInForce,
  stateAt,
  stateSteps,
} from './fold/fold.js';
export { type PatchOperation, patchBetween, patchSteps } from './fold/json-patch.js';
export { type PausingWork, finish } from './time/pausing-work.js';
export { LEDGER_VERSION, Ledger, type LedgerChange } from './ledger/ledger.js';
export { type OrderDoubt } from './fields/pairing.js';
export { orderKey } from './events/order-key.js';
export { factBefore, replayPoint, replaySteps } from './fold/replay.js';
export {
  type Box,
  type ItemChanges,
  type VersionInterval,
  type LedgerItem,
  type UncertainInterval,
} from './events/ledger-items.js';
export { type StateDocument, splitField, stateDocument } from './fold/state-document.js';
export { isWhole, sourcesInForce } from './records/sources-in-force.js';
export { bodyInForce } from './records/view.js';
