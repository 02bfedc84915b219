import type { KeyRefusal, Keyring } from './keyring.js';
import { type TokenOutcome, type TokenRefusal, type Tokens, isTokenText } from './oidc/tokens.js';

/** Why a key or a token is refused. */
export type CredentialRefusal = KeyRefusal | TokenRefusal;

/** Finds who sends requests: by their keys, and by tokens of the identity provider if there is one. */
export class Principals {
  constructor(
    private readonly keyring: Keyring,
    private readonly tokens?: Tokens,
  ) {}

  /** True if anybody can be known here: then nobody writes without a key or token. */
  get canBeKnown(): boolean {
    return this.keyring.hasKeys || this.tokens !== undefined;
  }

  /** True while keys are as new as a request must be judged by. */
  get isFresh(): boolean {
    return this.keyring.isFresh;
  }

  /** Looks for changed keys until they are fresh. */
  refresh(): Promise<void> {
    return this.keyring.refresh();
  }

  /** Finds who holds a key or token; at once, except for a token that must be verified. Ask while {@link isFresh}. */
  find(credential: string): KeyRefusal | TokenOutcome | Promise<TokenOutcome> {
    const found = this.keyring.find(credential);
    if (found !== 'unknown-key' || this.tokens === undefined || !isTokenText(credential)) return found;
    return this.tokens.known(credential) ?? this.tokens.verify(credential);
  }
}
