import { type CryptoKey, type FlattenedJWSInput, type JWTHeaderParameters, errors } from 'jose';
import type { PublishedProvider } from './provider.js';

/** The parts of {@link ProviderKeys}. */
export interface ProviderKeysNeeds {
  readonly read: () => Promise<PublishedProvider>;
  /** Milliseconds of a clock that is never set. */
  readonly elapsed: () => number;
  /** Told of each attempt that failed. */
  readonly onFault: (fault: unknown) => void;
}

/** Thrown for a token that cannot be judged, since the provider cannot be asked for its keys. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

const MINUTE = 60_000;

/** Keys that are older are read again while they go on being used, so one that was taken back is soon refused. */
const REFRESH_MS = 10 * MINUTE;

/** For how long the last keys serve while the provider cannot be reached. */
const OUTAGE_MS = 24 * 60 * MINUTE;

/** How often unknown keys in tokens, which anybody can send, make this ask the provider, at most. */
const UNKNOWN_KEY_MS = MINUTE;

/** How long to leave a provider alone that did not answer. */
const RETRY_MS = 5_000;

interface Held extends PublishedProvider {
  readonly at: number;
}

/** The keys by which a provider signs, held in memory: read again when they are old, and when a token names another. */
export class ProviderKeys {
  #held: Held | undefined;
  #reading: Promise<boolean> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;
  #lookedForUnknownAt = Number.NEGATIVE_INFINITY;
  #isFailing = false;

  constructor(private readonly needs: ProviderKeysNeeds) {}

  /** What the provider last said of itself; undefined if it never answered, or for too long. */
  get provider(): PublishedProvider | undefined {
    return this.#held !== undefined && this.#age(this.#held) < OUTAGE_MS ? this.#held : undefined;
  }

  /** True if the last attempt to reach the provider failed. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** What the provider says of itself, asked now unless it is known. Throws {@link ProviderUnavailable}. */
  async current(): Promise<PublishedProvider> {
    if (this.provider === undefined && this.#mayAsk) await this.readAgain();
    this.keepFresh();
    const held = this.provider;
    if (held === undefined) throw new ProviderUnavailable('The provider does not answer.');
    return held;
  }

  /** Reads keys that are old again, and does not wait for that. */
  keepFresh(): void {
    if (this.#held !== undefined && this.#age(this.#held) > REFRESH_MS && this.#mayAsk) void this.readAgain();
  }

  /** The key that a token says it is signed with. Throws an error of jose, or {@link ProviderUnavailable}. */
  async keyFor(header: JWTHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const { findKey } = await this.current();
    try {
      return await findKey(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const held = await this.#lookForUnknown();
      return held.findKey(header, token);
    }
  }

  /** Asks the provider; answers whether that succeeded. */
  readAgain(): Promise<boolean> {
    return (this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    }));
  }

  /** The keys after a look for new ones, unless that was a moment ago. */
  async #lookForUnknown(): Promise<PublishedProvider> {
    if (this.needs.elapsed() - this.#lookedForUnknownAt >= UNKNOWN_KEY_MS && this.#mayAsk) {
      if (await this.readAgain()) this.#lookedForUnknownAt = this.needs.elapsed();
    }
    if (this.#isFailing) throw new ProviderUnavailable('The provider does not answer, so its newest keys are unknown.');
    return this.current();
  }

  get #mayAsk(): boolean {
    return this.needs.elapsed() - this.#failedAt >= RETRY_MS;
  }

  #age(held: Held): number {
    return this.needs.elapsed() - held.at;
  }

  async #read(): Promise<boolean> {
    const at = this.needs.elapsed();
    try {
      this.#held = { ...(await this.needs.read()), at };
      this.#isFailing = false;
      this.#failedAt = Number.NEGATIVE_INFINITY;
    } catch (fault) {
      this.#isFailing = true;
      this.#failedAt = this.needs.elapsed();
      this.needs.onFault(fault);
    }
    return !this.#isFailing;
  }
}

/** How the identity provider of a service is, in a word. */
export class ProviderStatus {
  constructor(
    private readonly keys: Pick<ProviderKeys, 'isFailing'> | undefined,
    /** Whether people can sign in to the page. */
    readonly canSignIn: boolean,
  ) {}

  /** Whether there is a provider, and whether it answered when it was asked last. */
  get state(): 'none' | 'reached' | 'failing' {
    if (this.keys === undefined) return 'none';
    return this.keys.isFailing ? 'failing' : 'reached';
  }
}
