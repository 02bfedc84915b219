import { describe, expect, it } from '@jest/globals';
import { SignJWT, UnsecuredJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose';
import type { Principal } from '../key-records.js';
import { ProviderKeys } from './provider-keys.js';
import { type FetchPublished, ProviderFault, isProviderAddress, readProvider } from './provider.js';
import { claimAt, roleInClaims, subjectId } from './role-claims.js';
import { Tokens } from './tokens.js';

const ISSUER = 'https://login.example';
const AUDIENCE = 'https://policies.example';
const SECONDS = 1_000;
const MINUTE = 60 * SECONDS;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 0, 1);

type KeyPair = Awaited<ReturnType<typeof makeKey>>;

async function makeKey(kid: string, alg = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  return { kid, alg, publicKey, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

const [FIRST, SECOND, RSA, EDWARDS] = await Promise.all([
  makeKey('first'),
  makeKey('second'),
  makeKey('rsa', 'RS256'),
  makeKey('edwards', 'EdDSA'),
]);

/** A provider that the test lets fail, and whose keys it changes; and tokens judged by it, at times that the test sets. */
function world(roles: Partial<ConstructorParameters<typeof Tokens>[0]['rules']['roles']> = {}) {
  const state = { nowMs: NOW, elapsedMs: 0, keys: [FIRST.jwk, RSA.jwk, EDWARDS.jwk], isDown: false, asked: 0 };
  const answers: FetchPublished = (address) => {
    state.asked += 1;
    if (state.isDown) return Promise.reject(new TypeError('fetch failed'));
    const published = address.endsWith('/keys') ? { keys: state.keys } : { issuer: ISSUER, jwks_uri: `${ISSUER}/keys` };
    return Promise.resolve(Response.json(published));
  };
  const keys = new ProviderKeys({
    read: () => readProvider(ISSUER, answers),
    elapsed: () => state.elapsedMs,
    onFault: () => {},
  });
  const rules = { issuer: ISSUER, audience: AUDIENCE, roles: { claim: 'roles', map: undefined, ...roles } };
  const tokens = new Tokens({ rules, keys, now: () => state.nowMs });
  return { state, keys, tokens, judge: (token: string) => tokens.known(token) ?? tokens.verify(token) };
}

const seconds = (ms: number): number => Math.floor(ms / SECONDS);

const CLAIMS = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ada',
  exp: seconds(NOW + HOUR),
  nbf: seconds(NOW),
  roles: 'recorder',
};

const sign = (
  claims: object = {},
  { key = FIRST, typ = 'JWT' }: { key?: KeyPair; typ?: string } = {},
): Promise<string> =>
  new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ alg: key.alg, kid: key.kid, typ }).sign(key.privateKey);

const ADA: Principal = { id: subjectId(ISSUER, 'ada'), role: 'recorder' };

describe('a token of the provider', () => {
  it('says who asks, and with which role, whichever of its keys signed it', async () => {
    const { judge } = world();
    for (const key of [FIRST, RSA, EDWARDS]) expect(await judge(await sign({}, { key }))).toEqual(ADA);
    for (const typ of ['at+jwt', 'application/at+jwt', 'jwt'])
      expect(await judge(await sign({}, { typ }))).toEqual(ADA);
    expect(await judge(await sign({ aud: ['other', AUDIENCE] }))).toEqual(ADA);
  });

  it.each([
    ['for another audience', { aud: 'https://elsewhere.example' }, 'wrong-audience'],
    ['for several others', { aud: ['a', 'b'] }, 'wrong-audience'],
    ['for nobody', { aud: undefined }, 'wrong-audience'],
    ['of another issuer', { iss: 'https://elsewhere.example' }, 'wrong-issuer'],
    ['of the issuer with a slash', { iss: `${ISSUER}/` }, 'wrong-issuer'],
    ['of no issuer', { iss: undefined }, 'wrong-issuer'],
    ['that has expired', { exp: seconds(NOW) - 31 }, 'expired-token'],
    ['that never expires', { exp: undefined }, 'incomplete-token'],
    ['that expires at no number', { exp: 'never' }, 'incomplete-token'],
    ['that is not valid yet', { nbf: seconds(NOW) + 31 }, 'early-token'],
    ['of no subject', { sub: undefined }, 'incomplete-token'],
    ['of an empty subject', { sub: '' }, 'incomplete-token'],
  ])('is refused: %s', async (_name, claims, refusal) => {
    expect(await world().judge(await sign(claims))).toBe(refusal);
  });

  it.each([
    ['expired a moment ago', { exp: seconds(NOW) - 29 }],
    ['will be valid in a moment', { nbf: seconds(NOW) + 29 }],
  ])('may come from a clock that is a little apart: %s', async (_name, claims) => {
    expect(await world().judge(await sign(claims))).toEqual(ADA);
  });

  it('is refused without a signature', async () => {
    const { judge, state } = world();
    const unsigned = new UnsecuredJWT(CLAIMS).encode();
    expect(await judge(unsigned)).toBe('refused-algorithm');
    const [, payload = '', signature = ''] = (await sign()).split('.');
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      const header = Buffer.from(JSON.stringify({ alg, kid: 'first' })).toString('base64url');
      for (const end of ['', signature]) expect(await judge(`${header}.${payload}.${end}`)).toBe('refused-algorithm');
    }
    expect(state.asked).toBe(0);
  });

  it('is refused when it is signed with a public key as a secret', async () => {
    const { judge } = world();
    const secrets = [await exportSPKI(RSA.publicKey), JSON.stringify(RSA.jwk), RSA.jwk.n ?? ''];
    for (const secret of secrets)
      for (const alg of ['HS256', 'HS384', 'HS512']) {
        const signed = await new SignJWT(CLAIMS)
          .setProtectedHeader({ alg, kid: 'rsa' })
          .sign(Buffer.from(secret.padEnd(64, ' ')));
        expect(await judge(signed)).toBe('refused-algorithm');
      }
  });

  it('is refused when anything in it was changed, or it brings its own key', async () => {
    const { judge } = world();
    const [header = '', , signature = ''] = (await sign()).split('.');
    const raised = Buffer.from(JSON.stringify({ ...CLAIMS, roles: 'operator' })).toString('base64url');
    expect(await judge(`${header}.${raised}.${signature}`)).toBe('bad-signature');
    expect(await judge(`${(await sign()).slice(0, -8)}AAAAAAAA`)).toBe('bad-signature');
    const [, payload = ''] = (await sign()).split('.');
    expect(await judge(`${header}.${payload}.`)).toBe('bad-signature');
    const own = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: SECOND.alg, kid: 'first', jwk: SECOND.jwk, jku: 'https://evil.example/keys' })
      .sign(SECOND.privateKey);
    expect(await judge(own)).toBe('bad-signature');
    for (const text of ['eyJ.e.', 'eyJhbGciOiJFUzI1NiJ9.bm90IGpzb24.AAAA', 'eyJ..'])
      expect(await judge(text)).toBe('malformed-token');
  });

  it('is refused when it is of a kind that does not speak for its holder', async () => {
    expect(await world().judge(await sign({}, { typ: 'logout+jwt' }))).toBe('other-token');
  });

  it('is known without another look until it expires', async () => {
    const { tokens, state } = world();
    const token = await sign();
    expect(tokens.known(token)).toBeUndefined();
    await tokens.verify(token);
    expect(tokens.known(token)).toEqual(ADA);
    expect(tokens.known(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined();
    state.nowMs += HOUR + 30 * SECONDS;
    expect(tokens.known(token)).toBeUndefined();
    expect(await tokens.verify(token)).toBe('expired-token');
  });
});

describe('the keys of the provider', () => {
  it('are read again for a token of another key, and not for each of them', async () => {
    const { judge, state } = world();
    await judge(await sign());
    expect(state.asked).toBe(2);
    state.keys = [SECOND.jwk];
    expect(await judge(await sign({}, { key: SECOND }))).toEqual(ADA);
    expect(state.asked).toBe(4);
    const strange = [await makeKey('third'), await makeKey('fourth')];
    for (const key of strange) expect(await judge(await sign({}, { key }))).toBe('unknown-signing-key');
    expect(state.asked).toBe(4);
    state.elapsedMs += MINUTE;
    state.keys = strange.map(({ jwk }) => jwk);
    for (const key of strange) expect(await judge(await sign({}, { key }))).toEqual(ADA);
    expect(state.asked).toBe(6);
  });

  it('do not serve any more once they were taken back, even for a token that was verified', async () => {
    const { judge, state, keys } = world();
    const token = await sign();
    expect(await judge(token)).toEqual(ADA);
    state.keys = [SECOND.jwk];
    state.elapsedMs += 10 * MINUTE + 1;
    await judge(token);
    await keys.readAgain();
    expect(await judge(token)).toBe('unknown-signing-key');
  });

  it('serve for a day while the provider is down; tokens of other keys cannot be judged', async () => {
    const { judge, state } = world();
    const token = await sign({ exp: seconds(NOW + 48 * HOUR) });
    await judge(token);
    state.isDown = true;
    expect(await judge(await sign({}, { key: SECOND }))).toBe('provider-unavailable');
    for (const hours of [1, 12, 10]) {
      state.elapsedMs += hours * HOUR;
      expect(await judge(token)).toEqual(ADA);
      expect(await judge(await sign({ jti: String(hours) }))).toEqual(ADA);
    }
    state.elapsedMs += HOUR;
    expect(await judge(token)).toBe('provider-unavailable');
    state.isDown = false;
    expect(await judge(token)).toBe('provider-unavailable');
    state.elapsedMs += 5 * SECONDS;
    expect(await judge(token)).toEqual(ADA);
  });

  it('are asked for at most every 5 s of a provider that never answered', async () => {
    const { judge, state } = world();
    state.isDown = true;
    const token = await sign();
    for (let request = 0; request < 10; request += 1) expect(await judge(token)).toBe('provider-unavailable');
    expect(state.asked).toBe(1);
    state.isDown = false;
    state.elapsedMs += 5 * SECONDS;
    expect(await judge(token)).toEqual(ADA);
  });

  it('are no secrets', async () => {
    const { judge, state } = world();
    const secret = Buffer.from('a secret that the provider publishes by mistake').toString('base64url');
    const odd = { kty: 'oct', k: secret, kid: 'odd', alg: 'HS256', use: 'sig' };
    state.keys = [...state.keys, { ...odd, alg: 'HS256' }];
    const signed = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'HS256', kid: 'odd' })
      .sign(Buffer.from(secret, 'base64url'));
    expect(await judge(signed)).toBe('refused-algorithm');
    expect(await judge(await sign())).toEqual(ADA);
  });
});

describe('the role in a token', () => {
  const map = new Map([
    ['policy-desk', 'recorder'],
    ['urn:team:ops', 'operator'],
    ['everybody', 'reader'],
  ] as const);

  it.each([
    ['a text', 'operator', undefined, 'operator'],
    ['a list', ['x', 'recorder', 'reader'], undefined, 'recorder'],
    ['a list with other things', [1, null, ['operator'], 'reader'], undefined, 'reader'],
    ['a text that is none', 'Operator', undefined, undefined],
    ['a text of several', 'reader operator', undefined, undefined],
    ['an empty list', [], undefined, undefined],
    ['nothing', undefined, undefined, undefined],
    ['null', null, undefined, undefined],
    ['an object', { operator: true }, undefined, undefined],
    ['a number', 3, undefined, undefined],
    ['a value of the map', 'policy-desk', map, 'recorder'],
    ['several values of the map', ['everybody', 'urn:team:ops', 'policy-desk'], map, 'operator'],
    ['a value outside the map', ['operator', 'policy-desk '], map, undefined],
    ['a name of all objects', 'constructor', map, undefined],
  ])('is read from %s', (_name, roles, given, role) => {
    expect(roleInClaims({ roles }, { claim: 'roles', map: given })).toBe(role);
  });

  it('is found by name, or by a path of names', () => {
    const claims = {
      'https://a.example/roles': 'reader',
      realm_access: { roles: ['recorder'] },
      'a.b': 1,
      a: { b: 2 },
    };
    expect(claimAt(claims, 'https://a.example/roles')).toBe('reader');
    expect(claimAt(claims, 'realm_access.roles')).toEqual(['recorder']);
    expect(claimAt(claims, 'a.b')).toBe(1);
    for (const name of ['', 'b', 'realm_access.', 'realm_access.roles.x', 'constructor', 'realm_access.constructor'])
      expect(claimAt(claims, name)).toBeUndefined();
  });

  it('is none: the token is good, and gives nobody a role', async () => {
    for (const roles of [undefined, [], 'owner', ['owner']])
      expect(await world().judge(await sign({ roles }))).toBe('no-role');
    expect(await world({ claim: 'groups' }).judge(await sign())).toBe('no-role');
    const mapped = world({ claim: 'groups', map });
    expect(await mapped.judge(await sign({ groups: ['urn:team:ops'] }))).toEqual({ ...ADA, role: 'operator' });
  });

  it('belongs to an id that hashes issuer and subject, and names neither', () => {
    expect(subjectId(ISSUER, 'ada')).toMatch(/^subject-[0-9a-f]{32}$/);
    expect(subjectId(ISSUER, 'ada')).not.toBe(subjectId(ISSUER, 'grace'));
    expect(subjectId('https://a.example', 'bc')).not.toBe(subjectId('https://a.exampleb', 'c'));
  });
});

describe('what a provider publishes', () => {
  const METADATA = '/.well-known/openid-configuration';

  /** Reads a provider that answers these values by path; a number is a status. */
  const read = (published: Readonly<Record<string, unknown>>, issuer = ISSUER) =>
    readProvider(issuer, (address) => {
      const value = published[address.slice(ISSUER.length)];
      if (typeof value === 'number') return Promise.resolve(new Response('', { status: value }));
      return value === undefined ? Promise.reject(new Error('down')) : Promise.resolve(Response.json(value));
    });

  const keysAt = (jwks_uri: unknown) => ({ issuer: ISSUER, jwks_uri });

  it.each([
    ['another name', { [METADATA]: { ...keysAt(`${ISSUER}/keys`), issuer: 'https://elsewhere.example' } }, true],
    ['its name with a slash', { [METADATA]: { ...keysAt(`${ISSUER}/keys`), issuer: `${ISSUER}/` } }, true],
    ['no keys', { [METADATA]: keysAt(undefined) }, true],
    ['keys without TLS', { [METADATA]: keysAt('http://login.example/keys') }, true],
    ['no document', { [METADATA]: 404 }, true],
    ['a list', { [METADATA]: [] }, true],
    ['other keys', { [METADATA]: keysAt(`${ISSUER}/keys`), '/keys': { keys: 'none' } }, true],
    ['a fault', { [METADATA]: 502 }, false],
    ['nothing', {}, false],
    ['a fault instead of keys', { [METADATA]: keysAt(`${ISSUER}/keys`), '/keys': 500 }, false],
  ])('is refused, as a mistake or a fault: %s', async (_name, published, isMistake) => {
    const fault: unknown = await read(published).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ProviderFault);
    expect(fault).toMatchObject({ isMistake });
  });

  it.each([
    ['https://login.example/realms/x', true],
    ['http://localhost:8080', true],
    ['http://127.0.0.1', true],
    ['http://[::1]:1', true],
    ['http://login.example', false],
    ['http://localhost.example', false],
    ['https://user:word@login.example', false],
    ['ftp://login.example', false],
    ['login.example', false],
  ])('has an address that is safe: %s %s', (address, isSafe) => {
    expect(isProviderAddress(address)).toBe(isSafe);
  });
});
