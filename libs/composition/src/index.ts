/** Composition: what a process opens, once for every app. */
export { createAudit, startAudit } from './audit.js';
export { withLogToBackUp, withLogToRestore } from './backup-database.js';
export { openDatabase } from './database.js';
export { openLog, openLogWithSequencer, openSequencer } from './log.js';
export { type AdminAnswer, AdminServer, openAdminServer } from './operation/admin-server.js';
export { healthReasons, reasonsIn } from './operation/health.js';
export { ProcessMetrics } from './operation/process-metrics.js';
export { type Opened, type Opening, openTogether } from './open-together.js';
export { createReadModels, createRunner, startReadModels } from './read-models.js';
export { type OpenedLog, openRecording } from './recording.js';
export { withLogMove, withStoredLog } from './stored-log.js';
