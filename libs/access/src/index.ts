/** Who may do what: roles, and the keys and tokens by which clients are known. */
export type { KeyRecord, Principal } from './key-records.js';
export { containsKey, redactKeys } from './key-text.js';
export { Keyring } from './keyring.js';
export { ProviderKeys, ProviderStatus } from './oidc/provider-keys.js';
export { ProviderFault, readProvider } from './oidc/provider.js';
export { type PendingSignIn, SignIn, type SignInFailure } from './oidc/sign-in.js';
export { type TokenRules, Tokens } from './oidc/tokens.js';
export { type CredentialRefusal, Principals } from './principals.js';
export { ROLES, type Role, reachesRole } from './roles.js';
export { AccessKeys } from './store/access-keys.js';
export { migrateAccess } from './store/migrations.js';
export { type SessionRecord, Sessions } from './store/sessions.js';
