/** Who may do what: roles, and the keys by which clients are known. */
export type { KeyRecord, Principal } from './key-records.js';
export { containsKey, redactKeys } from './key-text.js';
export { type KeyRefusal, Keyring } from './keyring.js';
export { ROLES, type Role, reachesRole } from './roles.js';
export { AccessKeys } from './store/access-keys.js';
export { migrateAccess } from './store/migrations.js';
