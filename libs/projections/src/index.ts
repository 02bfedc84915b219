/** The read side: the runner, the read models, and the questions that can be asked of them. */
export type { ActorAnswer } from './read-models/actors.js';
export type { AnomalyAnswer } from './read-models/anomalies/anomalies.js';
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
} from './rows/answers.js';
export type { ClaimAnswer } from './read-models/claims/claims.js';
export type { FigureAnswer } from './read-models/figures/figures.js';
export type { NegotiationAnswer } from './read-models/negotiations.js';
export type { FieldBlame } from './core/blame.js';
export { TooMuchDiffersError } from './core/difference.js';
export type { DifferenceAnswer } from './core/difference-answer.js';
export type { HistoryAnswer, HistorySlice } from './core/boxes/history.js';
export type { StateAnswer } from './core/state.js';
export type { PolicyRow } from './core/descriptions.js';
export type { Memento, Mementos } from './queries/mementos.js';
export { namesInUse } from './queries/near-names.js';
export { namesAsked } from './rows/table.js';
export { instantText } from './rows/answer-parts.js';
export { recordedEvent } from './queries/events/event-answer.js';
export type { PositionAnswer } from './read-models/positions.js';
export { ProjectionsModule } from './service/projections.module.js';
export { Administration, PROJECTION_STATES, type ProjectionStatus } from './service/administration.js';
export type { ParkedEventReport } from './service/parked-event-reports.js';
export { ReadModels } from './service/read-models.js';
export { ReadSide } from './service/read-side.js';
export { Runner } from './service/runner.js';
export type { TableComparison } from './rebuild/digest.js';
export type { RebuildStatus } from './rebuild/rebuild-status.js';
export { type AnalyticsStatus, readAnalyticsStatus } from './rebuild/sql/analytics-status.js';
export { READER_ROLE } from './rebuild/sql/analytics.js';
export { migrateAnalytics } from './rebuild/sql/migrations.js';
export { REBUILD_STATES } from './rebuild/rebuilds.js';
export type { Restatement } from './rebuild/restatements.js';
export { type CheckedRows, type RowFinding, checkRowsAfter } from './rebuild/checks/row-check.js';
export { compareWithReplay, type ReplayComparison } from './rebuild/checks/replay-check.js';
export {
  ActorsAt,
  AnomaliesAt,
  ClaimsAt,
  DiffBetween,
  EventAt,
  EventIndexAt,
  EventsAt,
  FactTableAt,
  FiguresAt,
  HiddenEventsAt,
  HistoriesAt,
  NegotiationsAt,
  PoliciesAt,
  HistoryAt,
  MementosOf,
  PositionsAt,
  SeriesAt,
  SourcesAt,
  RecordAt,
  StateAt,
  TimelineAt,
} from './queries/read-side.queries.js';
export {
  EveryPromiseAt,
  ImpactAt,
  PromiseSummaryAt,
  PromisesAt,
  RestingAt,
  TurnsAt,
} from './queries/analysis/analysis.queries.js';
export type { CitedPlace, FindCited } from './queries/impact/citations-behind.js';
export type { PromiseFilter } from './queries/analysis/promises-at.js';
export { TooManyPromisesError } from './queries/analysis/promises-at.js';
export { UnknownThingError } from './queries/impact/unknown-thing.js';
export { type LeftOut, UnknownLeftOutError } from './queries/counterfactual/left-out.js';
export { READ_MODELS_VERSION } from './read-models/registry.js';
export { compareEngines, enginesAgree } from './rebuild/checks/engine-check.js';
export { ReplayOverloadedError, ReplayTooLongError, Replays } from './core/replay/replay-threads.js';
export type { SourceAnswer } from './read-models/sources.js';
export { StateChanges } from './service/state-changes.js';
export { type Viewpoint, coordinateFrom, goesWithClock } from './service/viewpoint.js';
export type { HiddenEvents } from './queries/events/hidden-events.js';
export { TooManyEventsError } from './queries/events/event-index.js';
export type { EventAnswer } from './queries/events/event-answer.js';
export type { EventTimes } from './rows/event-times.js';
export type { EventFilter, EventScope } from './queries/events/event-filter.js';
export type { EventOrder } from './queries/events/events.js';
