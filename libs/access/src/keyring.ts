import { timingSafeEqual } from 'node:crypto';
import type { ConfiguredKey, KeyRecord, Principal } from './key-records.js';
import { hashKey, keyIdIn } from './key-text.js';

/** A key that is kept, with its hash. */
export interface StoredKey extends KeyRecord {
  readonly hash: Buffer;
}

/** All keys that are kept, as of a revision, which grows with every change. */
export interface KeySnapshot {
  readonly revision: number;
  readonly keys: readonly StoredKey[];
}

/** What answers the keys if they are not those of a revision any more. */
export type ReadKeys = (known: number | undefined) => Promise<KeySnapshot | undefined>;

/** The parts of a keyring. */
export interface KeyringNeeds {
  readonly configured: readonly ConfiguredKey[];
  readonly read: ReadKeys;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set. */
  readonly elapsed: () => number;
}

/** Why a credential is refused. */
export type KeyRefusal = 'unknown-key' | 'mistyped-key' | 'revoked-key' | 'expired-key';

/** How old the keys may be that a request is judged by: with the time of a look, a revoked key lives for less than 1 s. */
const LOOK_AGAIN_MS = 500;

/** What a key that only its hash is known of is called: enough of the hash to tell keys apart, too little to guess. */
const ID_OF_HASH = 16;

interface HeldKey extends Principal {
  readonly name: string;
  readonly hash: Buffer;
}

/**
 * The keys of this service, held in memory: those of the configuration, and those that are kept in the database.
 *
 * No request waits for the database to be judged, except the first one after half a second.
 */
export class Keyring {
  readonly #configured: readonly HeldKey[];
  #stored: ReadonlyMap<string, StoredKey> = new Map();
  #revision: number | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(private readonly needs: KeyringNeeds) {
    this.#configured = needs.configured.map(({ name, role, sha256 }) => ({
      name,
      id: configuredKeyId(sha256),
      role,
      hash: Buffer.from(sha256, 'hex'),
    }));
  }

  /** True if any key was ever made or is configured: then nobody writes without one. Revoking all of them opens nothing. */
  get hasKeys(): boolean {
    return this.#configured.length > 0 || this.#stored.size > 0;
  }

  /** The keys that the configuration names. */
  get configured(): readonly (Principal & { readonly name: string })[] {
    return this.#configured.map(({ id, name, role }) => ({ id, name, role }));
  }

  /** True while what is held is as new as a request must be judged by. */
  get isFresh(): boolean {
    return this.needs.elapsed() - this.#lookedAt < LOOK_AGAIN_MS;
  }

  /** Looks for changed keys until what is held is fresh; a look that took too long is repeated once. */
  async refresh(): Promise<void> {
    await this.#lookOnce();
    if (!this.isFresh) await this.#lookOnce();
  }

  #lookOnce(): Promise<void> {
    return (this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    }));
  }

  /** Finds who holds a key; must be asked while {@link isFresh}. Takes the same time for every key of one id. */
  find(key: string): Principal | KeyRefusal {
    const hash = hashKey(key);
    const configured = this.#configured.filter((each) => timingSafeEqual(each.hash, hash)).at(0);
    if (configured !== undefined) return { id: configured.id, role: configured.role };
    const id = keyIdIn(key);
    if (id === undefined) return key.startsWith('ptl_') ? 'mistyped-key' : 'unknown-key';
    const stored = this.#stored.get(id);
    if (stored === undefined || !timingSafeEqual(stored.hash, hash)) return 'unknown-key';
    if (stored.revokedAt !== null) return 'revoked-key';
    if (stored.expiresAt !== null && stored.expiresAt <= this.needs.now()) return 'expired-key';
    return { id, role: stored.role };
  }

  async #look(): Promise<void> {
    const lookedAt = this.needs.elapsed();
    const found = await this.needs.read(this.#revision);
    if (found !== undefined) {
      this.#stored = new Map(found.keys.map((key) => [key.id, key]));
      this.#revision = found.revision;
    }
    this.#lookedAt = lookedAt;
  }
}

/** The id of a key that the configuration names. */
const configuredKeyId = (sha256: string): string => `configured-${sha256.slice(0, ID_OF_HASH)}`;
