import type { Role } from './roles.js';

/** What is known of a key: everything but the key. Times are milliseconds since 1970. */
export interface KeyRecord {
  readonly id: string;
  /** What its owner calls it. */
  readonly name: string;
  readonly role: Role;
  readonly createdAt: number;
  /** From when on it is refused; null: never. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** A key that the configuration names: by its hash, since it is not kept either. */
export interface ConfiguredKey {
  readonly name: string;
  readonly role: Role;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Who sent a request, as its key or token says. */
export interface Principal {
  /** Id of the key, or a hash of the subject of the token: no name, and no secret. */
  readonly id: string;
  readonly role: Role;
}
