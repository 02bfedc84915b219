/** The append-only event log: its port and its adapters. Knows no policy. */
export { canonicalJson, sameJson } from './canonical-json.js';
export { DISREGARDED, type DisregardReason, type Disregarded, disregardedIn } from './disregarded.js';
export { parseJson, type ReadJson } from './json-reader.js';
export { StoreLimitsError } from './kurrentdb/guard.js';
export type { Finding } from './kurrentdb/guard-comparison.js';
export { type StoreStatus, readStoreStatus } from './kurrentdb/guard-status.js';
export { type KurrentEventLogNeeds, createKurrentEventLog } from './kurrentdb/kurrentdb-event-log.js';
export { type StoreSettings, openEventStore } from './kurrentdb/kurrentdb-store.js';
export { MirrorMismatchError } from './kurrentdb/mirror-call.js';
export {
  type Compared,
  type Moving,
  compareWithStore,
  copyToStore,
  holdWrites,
  isLevel,
  keepLogIn,
  logKeptIn,
  notePlaces,
} from './kurrentdb/mirror-transfer.js';
export { NewerFormError } from './kurrentdb/mirror-draft.js';
export { Sequencer, type SequencerNeeds } from './kurrentdb/sequencer.js';
export { type SequencingNeeds, startSequencing } from './kurrentdb/sequencing.js';
export { type LogKind, type LogOfRecordNeeds, openLogOfRecord, settleLogOfRecord } from './kurrentdb/log-of-record.js';
export { migrateLog } from './kurrentdb/migrations.js';
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
export { type Position, positionOf, type Revision, revisionOf } from './places.js';
export { logDataSource, migrateEventLog } from './postgres/migrations.js';
export { createPostgresEventLog } from './postgres/postgres-event-log.js';
export { APPLICATION_ROLE, OWNER_ROLE } from './postgres/schema.sql.js';
export { settledSetting, storedSetting } from './postgres/settings.js';
