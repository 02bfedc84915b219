/** The append-only event log: its port, and its adapters in memory and on Postgres. Knows no policy. */
export { canonicalJson, sameJson } from './canonical-json.js';
export { DISREGARDED, type DisregardReason, type Disregarded, disregardedIn } from './disregarded.js';
export { parseJson, type ReadJson } from './json-reader.js';
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
  type Json,
  type LogEntry,
  LogGapError,
  LogOverloadedError,
  LogUnavailableError,
  type NewEvent,
  type Place,
  type TogetherOutcome,
} from './port.js';
export { type Position, positionOf, type Revision, revisionOf } from './positions.js';
export { logDataSource, migrateEventLog } from './postgres/migrations.js';
export { createPostgresEventLog } from './postgres/postgres-event-log.js';
export { APPLICATION_ROLE, OWNER_ROLE } from './postgres/schema.sql.js';
export { settledSetting, storedSetting } from './postgres/settings.js';
