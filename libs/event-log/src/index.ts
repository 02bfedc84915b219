/** The append-only event log: its port, and its adapters in memory and on Postgres. Knows no policy. */
export { canonicalJson, sameJson } from './entries/canonical-json.js';
export { DISREGARDED, type DisregardReason, type Disregarded, readDisregarded } from './disregarded.js';
export { parseJson, type ReadJson } from './entries/json-reader.js';
export { LogStartError } from './log-start-error.js';
export { createMemoryEventLog } from './memory/memory-event-log.js';
export {
  type AppendOutcome,
  type AppendRequest,
  ENTRY_VERSION,
  type ErasableValue,
  type EventLog,
  type ExpectedRevision,
  type Head,
  type EntryValue,
  type LogEntry,
  LogGapError,
  LogOverloadedError,
  LogUnavailableError,
  type NewEvent,
  type EventLocation,
  type TogetherOutcome,
} from './port.js';
export { type LogPosition, positionOf, type StreamRevision, revisionOf } from './positions.js';
export { readStreamWhole } from './read-stream-whole.js';
export { logDataSource, migrateEventLog } from './postgres/schema/migrations.js';
export { createPostgresEventLog } from './postgres/postgres-event-log.js';
export { type RecordedEntry, restoreEntries } from './postgres/restore-entries.js';
export { APPLICATION_ROLE, OWNER_ROLE } from './postgres/schema/schema.sql.js';
export { settleSetting, readSetting } from './postgres/settings.js';
