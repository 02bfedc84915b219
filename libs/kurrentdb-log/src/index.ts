/** The event log in KurrentDB: the same port, its copy in Postgres, the guard over the store, and moving a log. */
export { type KurrentEventLogNeeds, createKurrentEventLog } from './append/kurrentdb-event-log.js';
export { StoreLimitsError } from './guard/guard.js';
export type { GuardFinding } from './guard/guard-comparison.js';
export { type StoreStatus, readStoreStatus } from './guard/guard-status.js';
export { migrateLog } from './migrations.js';
export { type ComparedEntry, type LogMove, compareWithStore } from './move-log/compare-with-store.js';
export { copyToStore } from './move-log/copy-to-store.js';
export { type LogKind, holdWrites, keepLogIn, readLogSetting, settleLogSetting } from './move-log/log-setting.js';
export { hasCopiedAll, noteStorePositions } from './move-log/store-positions.js';
export { type ConfiguredLogNeeds, openConfiguredLog } from './move-log/open-configured-log.js';
export { MirrorMismatchError } from './sequencer/mirror-call.js';
export { NewerFormError } from './sequencer/mirror-draft.js';
export { Sequencer, type SequencerNeeds } from './sequencer/sequencer.js';
export { type SequencingNeeds, startSequencing } from './sequencing.js';
export { type StoreSettings, openEventStore } from './store/kurrentdb-store.js';
