import { createServer } from 'node:http';
import { type CryptoKey, SignJWT, exportJWK, generateKeyPair } from 'jose';
import { type Adapter, type AdapterPayload, Provider } from 'oidc-provider';
import * as client from 'openid-client';

/** A key of the provider, with which tests sign what it would not. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: object;
  readonly privateJwk: object;
}

/** A real identity provider, on a free port, with people whose roles the test sets. */
export interface TestProvider {
  readonly issuer: string;
  /** Roles by login; who has none is known all the same. */
  readonly roles: Map<string, unknown>;
  /** Who is at the keyboard when a browser comes to sign in. */
  readonly person: { login: string };
  /** Gives the robot a token, as a program asks for one. */
  robotToken(): Promise<string>;
  /** The paths that were asked for. */
  readonly asked: string[];
  readonly key: SigningKey;
  /** Goes on with another key, as a provider does that takes one back. */
  rotate(): Promise<void>;
  /** Ends all connections from now on. */
  breakDown(): void;
  stop(): Promise<void>;
}

export const CLIENT_ID = 'policy-timeline';
export const AUDIENCE = 'https://policies.example';

/** A program that asks for tokens without a person. */
const ROBOT = { id: 'robot', secret: 'a-secret-of-the-robot' };

const SIGN_IN_FORM = '/form/';

const LIFETIME_SECONDS = 600;

/** Starts a provider. */
export async function startProvider(): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The provider has no port.');
  const issuer = `http://127.0.0.1:${address.port}`;
  const roles = new Map<string, unknown>();
  const person = { login: '' };
  const asked: string[] = [];
  let key = await makeSigningKey('first');
  let provider = providerOn(issuer, key, roles);
  let isBroken = false;
  server.on('request', (request, response) => {
    asked.push(request.url ?? '');
    if (isBroken) request.socket.destroy();
    else if (request.url?.startsWith(SIGN_IN_FORM))
      void provider.interactionFinished(request, response, {
        login: { accountId: person.login },
        consent: {},
      });
    else void provider.callback()(request, response);
  });
  return {
    issuer,
    roles,
    person,
    asked,
    robotToken: async () => {
      const configuration = await client.discovery(
        new URL(issuer),
        ROBOT.id,
        {},
        client.ClientSecretBasic(ROBOT.secret),
        {
          execute: [client.allowInsecureRequests],
        },
      );
      return (await client.clientCredentialsGrant(configuration, { resource: AUDIENCE })).access_token;
    },
    get key() {
      return key;
    },
    rotate: async () => {
      key = await makeSigningKey('second');
      provider = providerOn(issuer, key, roles);
    },
    breakDown: () => {
      isBroken = true;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export async function makeSigningKey(kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const named = { kid, alg: 'ES256', use: 'sig' };
  return {
    kid,
    privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), ...named },
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
  };
}

/** Signs claims as the provider would, with claims of a good token unless they say otherwise. */
export function signAs({ issuer, key }: Pick<TestProvider, 'issuer' | 'key'>, claims: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const good = { iss: issuer, aud: AUDIENCE, sub: 'ada', exp: now + 600, nbf: now - 1, roles: 'recorder' };
  return new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt' })
    .sign(key.privateKey);
}

const providerOn = (issuer: string, key: SigningKey, roles: ReadonlyMap<string, unknown>): Provider =>
  new Provider(issuer, {
    jwks: { keys: [{ ...key.privateJwk }] },
    cookies: { keys: ['a key for the cookies of this provider'] },
    clients: [
      {
        client_id: CLIENT_ID,
        // Its redirects may have any port of this machine (RFC 8252, section 7.3).
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: 'ES256',
        grant_types: ['authorization_code'],
        redirect_uris: ['http://127.0.0.1/sign-in/callback'],
      },
      {
        client_id: ROBOT.id,
        client_secret: ROBOT.secret,
        id_token_signed_response_alg: 'ES256',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    claims: { openid: ['sub', 'roles'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...(roles.has(id) ? { roles: roles.get(id) } : {}) }),
    }),
    extraTokenClaims: (_context, token) =>
      token.kind === 'ClientCredentials' ? { roles: roles.get(ROBOT.id), sub: ROBOT.id } : {},
    // Nobody is asked whether this service may know them.
    loadExistingGrant: async (context) => {
      const { client: asking, session } = context.oidc;
      if (asking === undefined || session?.accountId === undefined) return undefined;
      const grant = new context.oidc.provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, { uid }) => `${SIGN_IN_FORM}${uid}` },
    adapter: MemoryStore,
    ttl: {
      AccessToken: LIFETIME_SECONDS,
      AuthorizationCode: LIFETIME_SECONDS,
      ClientCredentials: LIFETIME_SECONDS,
      Grant: LIFETIME_SECONDS,
      IdToken: LIFETIME_SECONDS,
      Interaction: LIFETIME_SECONDS,
      Session: LIFETIME_SECONDS,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  });

/** Where the provider keeps what it must know: its own store in memory warns of itself. */
class MemoryStore implements Adapter {
  readonly #kept = new Map<string, AdapterPayload>();

  upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#kept.set(id, payload);
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#kept.get(id));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve([...this.#kept.values()].find((payload) => payload.uid === uid));
  }

  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  consume(id: string): Promise<void> {
    const payload = this.#kept.get(id);
    if (payload !== undefined) this.#kept.set(id, { ...payload, consumed: Math.floor(Date.now() / 1_000) });
    return Promise.resolve();
  }

  destroy(id: string): Promise<void> {
    this.#kept.delete(id);
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, payload] of this.#kept) if (payload.grantId === grantId) this.#kept.delete(id);
    return Promise.resolve();
  }
}
