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
export { runMigrations } from './migrate.js';
export { openPool, type PoolOptions } from './pool.js';
export { inTransaction } from './transaction.js';
