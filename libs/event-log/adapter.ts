/** The parts for an adapter outside this lib: the port, the planning of appends, the form of entries, and the log on Postgres. */
export { isPlainlyCanonical } from './src/entries/canonical-bytes.js';
export { canonicalJson } from './src/entries/canonical-json.js';
export {
  DISREGARDED,
  type Disregarded,
  type DisregardReason,
  makeDisregardedBody,
  readDisregarded,
} from './src/disregarded.js';
export { entryAround, type EntryHead, entryVersionOf, readEntry } from './src/entries/entry.js';
export { type Draft, type FlushPlan, planFlush } from './src/plan-flush.js';
export { isAppendRefused, type LogView, type StreamEnd } from './src/plan-append.js';
export { LogStartError } from './src/log-start-error.js';
export { type LogPosition, positionOf, type StreamRevision, revisionOf } from './src/positions.js';
export {
  type AppendOutcome,
  type AppendRequest,
  ENTRY_VERSION,
  type EventLog,
  type ExpectedRevision,
  type EntryValue,
  type EntryObject,
  type LogEntry,
  LogOverloadedError,
  LogUnavailableError,
  type NewEvent,
  type EventLocation,
  type TogetherOutcome,
} from './src/port.js';
export { FLUSH_LIMIT, QUEUE_LIMIT, appendInTurn } from './src/postgres/append/group-commit.js';
export { type LogAdditions, logDataSource, migrateEventLog } from './src/postgres/schema/migrations.js';
export { createPostgresEventLog, subscribeToLog } from './src/postgres/postgres-event-log.js';
export { assertKnownForms } from './src/postgres/known-forms.js';
export { postgresReads } from './src/postgres/reads.js';
export { APPLICATION_ROLE, INDEX_DISREGARDED } from './src/postgres/schema/schema.sql.js';
export { settleSetting } from './src/postgres/settings.js';
export { reportUnavailability } from './src/postgres/unavailability.js';
export { WakeUps } from './src/postgres/wake-ups.js';
export { StreamEndCache } from './src/stream-end-cache.js';
export { WaitingReaders } from './src/waiting-readers.js';
