export { bigintArray, doubleArray, integerArray, textArray, uuidArray } from './arrays.js';
export {
  type DatabaseFault,
  errorCodeOf,
  faultOf,
  isConnectionFault,
  isLostConnection,
  isSelfInflicted,
  isTransient,
} from './errors.js';
export { underLease } from './coordination/lease.js';
export { Listener, type ListenOptions } from './coordination/listen.js';
export {
  ADVISORY_LOCKS,
  type AdvisoryLock,
  lockSession,
  lockTransaction,
  unlockSession,
} from './coordination/locks.js';
export { runMigrations } from './connections/migrate.js';
export {
  type ConnectionSettings,
  connectionSettingsOf,
  openPool,
  openSamePool,
  type PoolOptions,
} from './connections/pool.js';
export { type RetryOptions, type RetrySchedule, UNTIL_IT_SUCCEEDS, retry, sleep, waitForAbort } from './retry.js';
export { inTransaction } from './connections/transaction.js';
