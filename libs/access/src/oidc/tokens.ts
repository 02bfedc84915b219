import { createHash } from 'node:crypto';
import { type JWTPayload, decodeJwt, errors, jwtVerify } from 'jose';
import type { Principal } from '../key-records.js';
import { type ProviderKeys, ProviderUnavailable } from './provider-keys.js';
import type { PublishedProvider } from './provider.js';
import { type RoleRules, roleInClaims, subjectId } from './role-claims.js';

/** Why a token is refused. */
export type TokenRefusal =
  | 'malformed-token'
  | 'refused-algorithm'
  | 'unknown-signing-key'
  | 'bad-signature'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'expired-token'
  | 'early-token'
  | 'incomplete-token'
  | 'other-token';

/** Who holds a token; why it is refused; that it is good and gives no role; or that it cannot be judged now. */
export type TokenOutcome = Principal | TokenRefusal | 'no-role' | 'provider-unavailable';

/** What tokens are judged by. */
export interface TokenRules {
  readonly issuer: string;
  /** What a token must name as meant for: this service. */
  readonly audience: string;
  readonly roles: RoleRules;
}

/** The parts of {@link Tokens}. */
export interface TokensNeeds {
  readonly rules: TokenRules;
  readonly keys: ProviderKeys;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Signatures that only the holder of a private key can make. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

/** How far the clocks of provider and service may be apart. */
const LEEWAY_SECONDS = 30;

const MILLISECONDS = 1_000;

/** Kinds of tokens that speak for their holder (RFC 9068); a logout token is signed by the same keys and does not. */
const KINDS: ReadonlySet<string | undefined> = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);

/** Tokens whose signature was verified, at most. */
const MOST_VERIFIED = 2_000;

interface Verified {
  readonly outcome: Principal | 'no-role';
  readonly until: number;
}

/** The form of a JSON Web Token in its compact form: three parts in base64url, the first of a JSON object. */
const A_TOKEN = /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/;

/** True for text that is meant as a JSON Web Token. */
export const isTokenText = (text: string): boolean => A_TOKEN.test(text);

/** Judges JSON Web Tokens of one provider. A token is verified once, and then known as long as it and its key are good. */
export class Tokens {
  #verified = new Map<string, Verified>();
  #verifiedBy: PublishedProvider | undefined;

  constructor(private readonly needs: TokensNeeds) {}

  /** The outcome for a token that was verified before; undefined if it must be verified. */
  known(token: string): TokenOutcome | undefined {
    this.needs.keys.keepFresh();
    if (this.needs.keys.provider !== this.#verifiedBy) return undefined;
    const found = this.#verified.get(digest(token));
    return found !== undefined && this.needs.now() < found.until ? found.outcome : undefined;
  }

  /** Verifies a token. */
  async verify(token: string): Promise<TokenOutcome> {
    const { issuer, audience, roles } = this.needs.rules;
    try {
      // A token of another issuer must not make this one be asked for its key.
      if (decodeJwt(token).iss !== issuer) return 'wrong-issuer';
      const { payload, protectedHeader } = await jwtVerify(
        token,
        (header, given) => this.needs.keys.keyFor(header, given),
        {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          clockTolerance: LEEWAY_SECONDS,
          currentDate: new Date(this.needs.now()),
          requiredClaims: ['exp', 'sub'],
        },
      );
      if (!KINDS.has(protectedHeader.typ?.toLowerCase())) return 'other-token';
      if (payload.sub === undefined || payload.sub === '') return 'incomplete-token';
      const role = roleInClaims(payload, roles);
      const outcome = role === undefined ? 'no-role' : { id: subjectId(issuer, payload.sub), role };
      this.#remember(token, { outcome, until: endOf(payload) });
      return outcome;
    } catch (error) {
      return refusalFor(error);
    }
  }

  #remember(token: string, verified: Verified): void {
    const { provider } = this.needs.keys;
    if (provider !== this.#verifiedBy) this.#verified = new Map();
    this.#verifiedBy = provider;
    const [oldest] = this.#verified.keys();
    if (this.#verified.size >= MOST_VERIFIED && oldest !== undefined) this.#verified.delete(oldest);
    this.#verified.set(digest(token), verified);
  }
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64');

const endOf = ({ exp = 0 }: JWTPayload): number => (exp + LEEWAY_SECONDS) * MILLISECONDS;

function refusalFor(error: unknown): TokenRefusal | 'provider-unavailable' {
  if (error instanceof ProviderUnavailable) return 'provider-unavailable';
  if (!(error instanceof errors.JOSEError)) throw error;
  if (error instanceof errors.JWTExpired) return 'expired-token';
  if (error instanceof errors.JWTClaimValidationFailed) return claimRefusal(error);
  return BY_CODE.get(error.code) ?? 'malformed-token';
}

const BY_CODE: ReadonlyMap<string, TokenRefusal> = new Map([
  [errors.JOSEAlgNotAllowed.code, 'refused-algorithm'],
  [errors.JOSENotSupported.code, 'refused-algorithm'],
  [errors.JWKSNoMatchingKey.code, 'unknown-signing-key'],
  [errors.JWKSMultipleMatchingKeys.code, 'unknown-signing-key'],
  [errors.JWSSignatureVerificationFailed.code, 'bad-signature'],
]);

function claimRefusal({ claim, reason }: errors.JWTClaimValidationFailed): TokenRefusal {
  if (claim === 'aud') return 'wrong-audience';
  if (claim === 'iss') return 'wrong-issuer';
  return claim === 'nbf' && reason === 'check_failed' ? 'early-token' : 'incomplete-token';
}
