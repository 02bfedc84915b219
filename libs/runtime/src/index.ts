export { CannotStart } from './cannot-start.js';
export { Closing } from './closing.js';
export { systemClock, type Clock } from './clock.js';
export {
  readConfiguration,
  redactConfiguration,
  type Configuration,
  type ConfigurationOutcome,
  type LogLevel,
} from './configuration.js';
export { prepareDatabase } from './database-check.js';
export { checkFolders } from './folder-check.js';
export { isAlive } from './live-process.js';
export { LOCAL_HOSTS, bareHost, hostInAddress, isLoopback } from './loopback.js';
export { createLogger, type Logger } from './logger.js';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded-postgres/embedded-postgres.js';
export { findEmbeddedServer } from './embedded-postgres/existing-server.js';
export { findFreePort } from './embedded-postgres/free-port.js';
export { loginsOf, separateLogins, type Logins } from './embedded-postgres/logins.js';
export { admitReader, keepPassword } from './embedded-postgres/reader-login.js';
export { runService, type RunningService, type ServiceNeeds } from './service.js';
export { checkAddress, explainListening } from './start-faults.js';
