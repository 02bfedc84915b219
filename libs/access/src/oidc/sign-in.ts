import * as client from 'openid-client';
import type { Principal } from '../key-records.js';
import { type ProviderKeys, ProviderUnavailable } from './provider-keys.js';
import type { PublishedProvider } from './provider.js';
import { type TokenClaims, claimAt, roleInClaims, subjectId } from './role-claims.js';
import type { TokenRules } from './tokens.js';

/** How this service is known to the provider as a client. */
export interface ClientSettings {
  readonly id: string;
  /** Absent for a public client, which PKCE protects alone. */
  readonly secret?: string;
  /** What is asked for, separated by blanks. */
  readonly scope: string;
}

/** The parts of {@link SignIn}. */
export interface SignInNeeds {
  readonly rules: Pick<TokenRules, 'issuer' | 'roles'>;
  readonly keys: Pick<ProviderKeys, 'current'>;
  readonly client: ClientSettings;
}

/** A sign-in that has begun: only the browser that holds this can finish it. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Why a sign-in came to nothing: the provider or the person refused; the answer does not fit; nobody can be asked. */
export type SignInFailure = 'no-role' | 'denied' | 'not-accepted' | 'provider-unavailable';

const TIMEOUT_SECONDS = 10;

/** Lets people sign in at the provider, by authorization code with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0). */
export class SignIn {
  #configuration: client.Configuration | undefined;
  #configuredFor: PublishedProvider | undefined;

  constructor(private readonly needs: SignInNeeds) {}

  /** Begins a sign-in: the address to send its browser to, and what the browser must keep until it comes back. */
  async begin(
    redirectUri: string,
  ): Promise<{ readonly address: string; readonly pending: PendingSignIn } | 'provider-unavailable'> {
    const configuration = await this.#configure().catch(() => undefined);
    if (configuration === undefined) return 'provider-unavailable';
    const pending = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const address = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.needs.client.scope,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
    });
    return { address: address.href, pending };
  }

  /** Finishes a sign-in: who the provider says came back to `address`. */
  async finish(address: URL, { state, nonce, verifier }: PendingSignIn): Promise<Principal | SignInFailure> {
    const { issuer, roles } = this.needs.rules;
    try {
      const configuration = await this.#configure();
      const tokens = await client.authorizationCodeGrant(configuration, address, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
      });
      const claims = tokens.claims();
      if (claims === undefined) return 'not-accepted';
      const told = await this.#claimsWithRole(configuration, claims, tokens.access_token);
      const role = roleInClaims(told, roles);
      return role === undefined ? 'no-role' : { id: subjectId(issuer, claims.sub), role };
    } catch (error) {
      return failureIn(error);
    }
  }

  /** The claims of the token, or, where the provider keeps them out of it, of whom the token is about. */
  async #claimsWithRole(
    configuration: client.Configuration,
    claims: client.IDToken,
    accessToken: string,
  ): Promise<TokenClaims> {
    const isThere = claimAt(claims, this.needs.rules.roles.claim) !== undefined;
    if (isThere || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
    return client.fetchUserInfo(configuration, accessToken, claims.sub);
  }

  /** The client for the provider as it was read last. */
  async #configure(): Promise<client.Configuration> {
    const provider = await this.needs.keys.current();
    if (this.#configuration !== undefined && this.#configuredFor === provider) return this.#configuration;
    const { issuer } = this.needs.rules;
    const { id, secret } = this.needs.client;
    const configuration = await client.discovery(new URL(issuer), id, {}, authenticationFor(provider, secret), {
      timeout: TIMEOUT_SECONDS,
      // An issuer without TLS is one of this machine: no other is accepted by the configuration.
      execute: [
        client.enableNonRepudiationChecks,
        ...(issuer.startsWith('http:') ? [client.allowInsecureRequests] : []),
      ],
    });
    this.#configuration = configuration;
    this.#configuredFor = provider;
    return configuration;
  }
}

/** How this client shows who it is; providers that do not say what they take, take a secret by Basic. */
function authenticationFor({ metadata }: PublishedProvider, secret: string | undefined): client.ClientAuth {
  if (secret === undefined) return client.None();
  const methods = metadata['token_endpoint_auth_methods_supported'];
  const takesBasic = !Array.isArray(methods) || methods.includes('client_secret_basic');
  return takesBasic ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret);
}

/** Errors that say that somebody could not be reached, not that an answer is wrong. */
const OUTAGES: ReadonlySet<string> = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT']);

function failureIn(error: unknown): SignInFailure {
  if (error instanceof client.AuthorizationResponseError) return 'denied';
  if (error instanceof ProviderUnavailable || error instanceof TypeError) return 'provider-unavailable';
  if (error instanceof client.ClientError && OUTAGES.has(error.code ?? '')) return 'provider-unavailable';
  if (error instanceof Error && 'code' in error) return 'not-accepted';
  throw error;
}
