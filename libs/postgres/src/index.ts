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
export { underLease } from './lease.js';
export { Listener, type ListenOptions } from './listen.js';
export { ADVISORY_LOCKS, type AdvisoryLock, lockSession, lockTransaction, unlockSession } from './locks.js';
export { runMigrations } from './migrate.js';
export { type ConnectionSettings, connectionSettingsOf, openPool, openSamePool, type PoolOptions } from './pool.js';
export { type RetryOptions, type RetrySchedule, UNTIL_IT_SUCCEEDS, retry, sleep } from './retry.js';
export { inTransaction } from './transaction.js';
