/** The read side: the runner, the read models, and the questions that can be asked of them. */
export type { ActorAnswer } from './actors/actors.js';
export type { AnomalyAnswer } from './anomalies/anomalies.js';
export type {
  Answered,
  Between,
  CoordinateRequest,
  Engine,
  Page,
  Paged,
  ReadOutcome,
  ReadRefusal,
  ResolvedCoordinate,
} from './answers.js';
export type { ClaimAnswer } from './claims/claims.js';
export type { FigureAnswer } from './figures/figures.js';
export type { NegotiationAnswer } from './negotiations/negotiations.js';
export type { FieldBlame } from './policy-facts/blame.js';
export { TooMuchDiffersError } from './policy-facts/difference.js';
export type { DifferenceAnswer } from './policy-facts/difference-answer.js';
export type { HistoryAnswer } from './policy-facts/history.js';
export type { StateAnswer } from './policy-facts/state.js';
export type { PolicyRow } from './policies/descriptions.js';
export { namesInUse } from './near-names.js';
export type { PositionAnswer } from './positions/positions.js';
export { ProjectionsModule } from './projections.module.js';
export { PROJECTION_STATES, type ProjectionStatus, type SetAsideEvent } from './administration.js';
export { Projections, type ProjectionsNeeds } from './projections.js';
export type { TableComparison } from './rebuild/digest.js';
export type { RebuildStatus } from './rebuild/rebuild-status.js';
export { REBUILD_STATES } from './rebuild/rebuilds.js';
export type { Restatement } from './rebuild/restatements.js';
export { type CheckedRows, type RowFinding, checkRowsAfter } from './rebuild/row-check.js';
export { compareWithReplay, type ReplayComparison } from './rebuild/replay-check.js';
export {
  ActorsAt,
  AnomaliesAt,
  ClaimsAt,
  DiffBetween,
  EventAt,
  EventsAt,
  FiguresAt,
  NegotiationsAt,
  PoliciesAt,
  PolicyHistory,
  PositionsAt,
  SourcesAt,
  StateAt,
  TimelineAt,
} from './read-side.queries.js';
export { READ_MODELS_VERSION } from './registry.js';
export { compareEngines, enginesAgree } from './policy-facts/engine-check.js';
export { entriesOfStream } from './policy-facts/replay.js';
export { ReplayOverloadedError, ReplayTooLongError, Replays } from './policy-facts/replay-threads.js';
export { isPassing } from './runner/faults.js';
export type { SourceAnswer } from './sources/sources.js';
export { StateChanges } from './state-changes/state-changes.js';
export { type Viewpoint, coordinateFrom, goesWithClock } from './state-changes/viewpoint.js';
export type { EventAnswer } from './timeline/event-answer.js';
export type { EventFilter, EventOrder, EventScope } from './timeline/events.js';
