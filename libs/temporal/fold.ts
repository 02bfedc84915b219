/**
 * The fold alone: what holds at a coordinate, from a policy's events. It reaches no ledger, no diff and nothing of Node,
 * and so can run in browsers.
 */
export { type Fact, FOLD_VERSION, assertionsAt, keysInForce, knownSteps, stateAt } from './src/fold/fold.js';
export { stateDocument } from './src/fold/state-document.js';
export type { Uncertainty } from './src/events/dated-assertion.js';
export type { VersionWithRecords } from './src/events/event-version.js';
export type { Coordinate } from './src/time/coordinate.js';
export { type PausingWork, finish } from './src/time/pausing-work.js';
