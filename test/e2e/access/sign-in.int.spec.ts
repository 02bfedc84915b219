import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { SignJWT, UnsecuredJWT } from 'jose';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { inProcess } from '../cli/running-ptl.js';
import type { ProblemAnswer } from '../reads/answers.js';
import { runApplication, startOn, type TestApplication } from '../running-application.js';
import { PlainBrowser, leadsTo } from './browser.js';
import { type AboutAnswer, askAbout, goToProvider, signInAs } from './people.js';
import { type Loot, WAYS_IN, tryWay } from './ways-in.js';
import { AUDIENCE, CLIENT_ID, type TestProvider, makeSigningKey, signAs, startProvider } from './identity-provider.js';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const POLICY = { slug: 'light-tower', title: 'Light tower', kind: 'scheme', jurisdiction: 'GB' };

describe('a service with an identity provider', () => {
  let provider: TestProvider;
  let open: TestApplication;
  let closed: { readonly url: string; stop(): Promise<void> };

  beforeAll(async () => {
    provider = await startProvider();
    const variables = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE, OIDC_CLIENT_ID: CLIENT_ID };
    open = await runApplication(variables);
    closed = await startOn(open.databaseUrl, { ...variables, READS: 'keys' });
  });
  afterAll(async () => {
    await closed.stop();
    await open.stop();
    await provider.stop();
  });

  /** What a request with a token is answered: a refused write of nothing tells whether it was let in. */
  async function judged(token: string): Promise<string> {
    const { status, body, headers } = await open.post<ProblemAnswer>('/v1/policies', {}, bearer(token));
    if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token".*, Basic /);
    if (status === 403) expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="insufficient_scope"/);
    return status === 422 ? 'let in' : `${status} ${body.type.split(':').at(-1)}: ${body.detail}`;
  }

  it('lets a program in by the token that the provider gives it, also with ptl', async () => {
    provider.roles.set('robot', ['x', 'recorder']);
    const token = await provider.robotToken();
    expect((await open.post('/v1/policies', POLICY, bearer(token))).status).toBe(201);
    const { out } = await inProcess(['doctor'], { PTL_URL: open.url, PTL_KEY: token });
    expect(out).toContain('this key reads as recorder; writes are open to it');
    expect(out).toContain('the identity provider answers');
    expect((await checkedFetch(`${closed.url}/v1/policies`, { headers: bearer(token) })).status).toBe(200);
    const basic = { authorization: `Basic ${Buffer.from(`any:${token}`).toString('base64')}` };
    expect((await checkedFetch(`${closed.url}/v1/policies`, { headers: basic })).status).toBe(200);
  });

  it.each([
    [{}, 'let in'],
    [{ roles: ['reader', 'operator'] }, 'let in'],
    [{ roles: 'reader' }, '403 role-too-low'],
    [{ roles: ['reader'] }, '403 role-too-low'],
    [{ roles: undefined }, '403 role-missing'],
    [{ roles: [] }, '403 role-missing'],
    [{ roles: 'owner' }, '403 role-missing'],
    [{ roles: { recorder: true } }, '403 role-missing'],
    [{ aud: 'https://elsewhere.example' }, '401 key-rejected: The token of this request is meant for another service'],
    [{ aud: CLIENT_ID }, '401 key-rejected: The token of this request is meant for another service'],
    [{ iss: 'https://elsewhere.example' }, '401 key-rejected: The token of this request is not from the identity'],
    [{ exp: 1_000_000_000 }, '401 key-rejected: The token of this request has expired'],
    [{ exp: undefined }, '401 key-rejected: The token of this request does not say'],
    [{ nbf: 4_000_000_000 }, '401 key-rejected: The token of this request is not valid yet'],
  ])('judges a token that says %j: %s', async (claims, answer) => {
    expect((await judged(await signAs(provider, claims))).slice(0, answer.length)).toBe(answer);
  });

  it('lets nobody in by a token that the provider did not sign', async () => {
    const claims = {
      iss: provider.issuer,
      aud: AUDIENCE,
      sub: 'ada',
      exp: Math.floor(Date.now() / 1_000) + 600,
      roles: 'operator',
    };
    const unsigned = new UnsecuredJWT(claims).encode();
    const secret = Buffer.from(JSON.stringify(provider.key.publicJwk));
    const symmetric = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret);
    for (const token of [unsigned, symmetric])
      expect(await judged(token)).toMatch(/^401 key-rejected: .* not signed in a way that is accepted/);
    const other = await makeSigningKey('first');
    expect(await judged(await signAs({ issuer: provider.issuer, key: other }))).toMatch(/^401 .*signature .* is wrong/);
  });

  it('takes no token in an address, and gives nobody on this machine more without one', async () => {
    const token = await signAs(provider);
    const { status, body } = await open.get<ProblemAnswer>(`/v1/policies?token=${token}`);
    expect([status, body.type]).toEqual([400, 'urn:policy-timeline:problem:key-in-address']);
    expect(JSON.stringify(body)).not.toContain(token.slice(-20));
    expect((await open.post('/v1/policies', {})).status).toBe(401);
    expect((await open.get<AboutAnswer>('/v1/about')).body).toMatchObject({
      writes: 'closed',
      role: 'reader',
      identityProvider: 'reached',
      signIn: 'out',
    });
  });

  const signInAtProvider = (browser: PlainBrowser, login: string, to: string): Promise<string> =>
    goToProvider({ url: open.url, provider }, { browser, login, to });

  const signIn = (login: string, role: unknown, to?: string): Promise<PlainBrowser> =>
    signInAs({ url: open.url, provider }, { login, role, to });

  const aboutOf = (browser: PlainBrowser): Promise<AboutAnswer> => askAbout(browser, open.url);

  const EVENT = {
    'idempotency-key': '',
    '/policy': POLICY.slug,
    record: '',
  };

  it('lets a person sign in, record and sign out without scripts, in every process', async () => {
    const browser = await signIn('ada', 'recorder', '/policies?q=light%20tower');
    const [cookie = ''] = browser.set.filter((each) => each.startsWith('__Host-ptl-session='));
    expect(cookie).toMatch(/^__Host-ptl-session=[\w-]{43}; Path=\/; Max-Age=28800; HttpOnly; Secure; SameSite=Lax$/);
    const page = await (await browser.open(`${open.url}/record?type=policy.announced`)).text();
    expect(page).toContain('Signed in as <!-- -->recorder'.replace('<!-- -->', ''));
    const token = /name="csrf-token" value="([\w-]+)"/.exec(page)?.[1] ?? '';
    expect(await aboutOf(browser)).toMatchObject({ role: 'recorder', signIn: 'in', writes: 'open', csrfToken: token });
    browser.share(open.url, closed.url);
    expect((await browser.open(`${closed.url}/policies`)).status).toBe(200);
    const recordAddress = `${open.url}/record?type=policy.announced`;
    for (const wrong of [{}, { 'csrf-token': '' }, { 'csrf-token': `${token.slice(0, -1)}-` }]) {
      const refused = await browser.send(recordAddress, { ...EVENT, ...wrong });
      expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('csrf-token-wrong')]);
    }
    expect((await browser.send(recordAddress, { ...EVENT, 'csrf-token': token })).status).toBe(422);
    const refused = await browser.send(`${open.url}/sign-out`, { 'csrf-token': 'x' });
    expect([refused.status, (await aboutOf(browser)).signIn]).toEqual([403, 'in']);
    const ended = await browser.send(`${open.url}/sign-out`, { 'csrf-token': token });
    expect([ended.status, await ended.text()]).toEqual([200, expect.stringContaining('You are signed out')]);
    expect(browser.cookie(open.url, '__Host-ptl-session')).toBeUndefined();
    // The other process was shown the cookie before; what it names is over.
    expect((await browser.open(`${closed.url}/policies`)).status).toBe(303);
  });

  it('asks scripts for the token as well, and takes a session for no more than it is', async () => {
    const browser = await signIn('grace', ['recorder']);
    const { csrfToken = '' } = await aboutOf(browser);
    const post = (headers: Readonly<Record<string, string>>, body = '{}') =>
      browser.open(`${open.url}/v1/policies`, {
        method: 'POST',
        body,
        headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      });
    expect((await post({})).status).toBe(403);
    expect((await post({ 'x-csrf-token': csrfToken.toUpperCase() })).status).toBe(403);
    expect((await post({ 'x-csrf-token': csrfToken })).status).toBe(422);
    expect((await post({ 'x-csrf-token': csrfToken, origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post({ 'content-type': 'text/plain' })).status).toBe(403);
    expect(
      (await post({ 'content-type': 'application/x-www-form-urlencoded' }, `csrf-token=${csrfToken}`)).status,
    ).toBe(415);
    expect((await browser.open(`${open.url}/v1/keys`)).status).toBe(403);
    const session = browser.cookie(open.url, '__Host-ptl-session') ?? '';
    for (const cookie of [
      `ptl-session=${session}`,
      `__Host-ptl-session=${session}x`,
      `__Host-ptl-session=${session}; __Host-ptl-session=x`,
    ])
      expect((await checkedFetch(`${closed.url}/v1/policies`, { headers: { cookie } })).status).toBe(401);
    const { headers } = await browser.open(`${open.url}/policies`);
    expect(headers.get('vary')).toMatch(/\bcookie\b/);
  });

  it('keeps no name and no secret of whoever is signed in', async () => {
    const browser = await signIn('rosalind@example.org', 'reader');
    const client = new Client({ connectionString: open.databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ row: string }>('SELECT sessions::text AS row FROM access.sessions');
    await client.end();
    const text = rows.map(({ row }) => row).join();
    expect(text).toMatch(/subject-[0-9a-f]{32},reader/);
    expect(text).not.toContain('rosalind');
    expect(text).not.toContain(browser.cookie(open.url, '__Host-ptl-session'));
  });

  it('counts a sign-in once, in the browser that began it, and only as the provider answered', async () => {
    provider.roles.set('ada', 'recorder');
    const browser = new PlainBrowser();
    const callback = await signInAtProvider(browser, 'ada', '/policies');
    const stranger = await new PlainBrowser().open(callback);
    expect([stranger.status, stranger.headers.get('set-cookie')]).toEqual([
      400,
      expect.not.stringContaining('session'),
    ]);
    const pending = browser.cookie(open.url, '__Host-ptl-sign-in') ?? '';
    expect((await browser.open(callback)).status).toBe(303);
    // Once more: the browser has forgotten it; and who kept it all the same has a code that was used.
    expect((await browser.open(callback)).status).toBe(400);
    const again = await checkedFetch(callback, { headers: { cookie: `__Host-ptl-sign-in=${pending}` } });
    expect([again.status, await again.text()]).toEqual([400, expect.stringContaining('This sign-in does not count')]);
    const fresh = new PlainBrowser();
    const other = new URL(await signInAtProvider(fresh, 'ada', '/policies'));
    other.searchParams.set('state', 'another');
    expect((await fresh.open(other.href)).status).toBe(400);
    expect(fresh.cookie(open.url, '__Host-ptl-session')).toBeUndefined();
    const denied = new PlainBrowser();
    const begun = new URL(leadsTo(await denied.open(`${open.url}/sign-in`), open.url));
    const state = begun.searchParams.get('state') ?? '';
    expect([begun.searchParams.get('code_challenge_method'), begun.searchParams.has('nonce')]).toEqual(['S256', true]);
    const answer = `error=access_denied&state=${state}&iss=${encodeURIComponent(provider.issuer)}`;
    expect((await denied.open(`${open.url}/sign-in/callback?${answer}`)).status).toBe(403);
  });

  it('counts sign-ins by address, and asks the provider nothing for who begins too many', async () => {
    const limited = await startOn(open.databaseUrl, {
      OIDC_ISSUER: provider.issuer,
      OIDC_AUDIENCE: AUDIENCE,
      OIDC_CLIENT_ID: CLIENT_ID,
      LIMITS: 'everybody',
      SIGN_INS_PER_MINUTE: '3',
    });
    const statuses = [];
    for (const path of ['/sign-in', '/sign-in/callback', '/sign-in', '/sign-in', '/sign-in/callback'])
      statuses.push((await new PlainBrowser().open(`${limited.url}${path}`)).status);
    const ended = await new PlainBrowser().send(`${limited.url}/sign-out`, {});
    expect([...statuses, ended.status]).toEqual([303, 400, 303, 429, 429, 429]);
    await limited.stop();
  });

  it('lets nobody in whom the provider gives no role', async () => {
    provider.roles.delete('nobody');
    const browser = new PlainBrowser();
    const back = await browser.open(await signInAtProvider(browser, 'nobody', '/policies'));
    expect([back.status, await back.text()]).toEqual([403, expect.stringContaining('You have no role here')]);
    expect(browser.cookie(open.url, '__Host-ptl-session')).toBeUndefined();
  });

  it('sends who must sign in to read to the provider, and back to own pages alone', async () => {
    const asked = await checkedFetch(`${closed.url}/policies/x?knownAt=2024-01-01`, {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    });
    expect([asked.status, asked.headers.get('location')]).toEqual([
      303,
      '/sign-in?to=%2Fpolicies%2Fx%3FknownAt%3D2024-01-01',
    ]);
    for (const [path, accept] of [
      ['/v1/policies', 'text/html'],
      ['/policies', 'application/json'],
      ['/embed/policies', 'text/html'],
    ] as const)
      expect((await checkedFetch(`${closed.url}${path}`, { headers: { accept }, redirect: 'manual' })).status).toBe(
        401,
      );
    const browser = new PlainBrowser();
    for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example/', '/sign-out', '/%0a/x\n/evil']) {
      await browser.open(`${open.url}/sign-in?to=${encodeURIComponent(to)}`);
      const kept = Buffer.from(browser.cookie(open.url, '__Host-ptl-sign-in') ?? '', 'base64url').toString('utf8');
      expect(JSON.parse(kept)).toMatchObject({ to: '/' });
    }
  });

  it.each([
    ['calls itself otherwise', () => `${provider.issuer}/`],
    ['is none', () => `${open.url}/v1`],
  ])('does not start with a provider that %s, in one line', async (_what, issuer) => {
    const started: unknown = await startOn(open.databaseUrl, { OIDC_ISSUER: issuer(), OIDC_AUDIENCE: AUDIENCE }).catch(
      (error: unknown) => error,
    );
    expect(String(started)).toMatch(/^CannotStart: OIDC_ISSUER must be the name of an identity provider/);
    expect(String(started)).toContain(`it is ${JSON.stringify(issuer())}.`);
  });

  describe('keeps out who comes', () => {
    let loot: Loot;

    beforeAll(async () => {
      const operator = bearer(await signAs(provider, { roles: 'operator' }));
      const issue = async (more: object = {}) =>
        (await open.post<{ id: string; key: string }>('/v1/keys', { name: 'x', role: 'recorder', ...more }, operator))
          .body;
      const [{ key }, revoked, expired] = [
        await issue(),
        await issue(),
        await issue({ expiresAt: '2020-01-01T00:00:00Z' }),
      ];
      await checkedFetch(`${open.url}/v1/keys/${revoked.id}`, { method: 'DELETE', headers: operator });
      const [first, second, third] = [
        await signIn('ada', 'recorder'),
        await signIn('ada', 'recorder'),
        await signIn('ada', 'recorder'),
      ];
      const secretOf = (browser: PlainBrowser): string => browser.cookie(open.url, '__Host-ptl-session') ?? '';
      const endedSession = secretOf(third);
      await third.send(`${open.url}/sign-out`, { 'csrf-token': (await aboutOf(third)).csrfToken ?? '' });
      loot = {
        port: new URL(open.url).port,
        key,
        revokedKey: revoked.key,
        expiredKey: expired.key,
        token: await signAs(provider),
        tokens: await wrongTokens(),
        session: secretOf(first),
        otherCsrfToken: (await aboutOf(second)).csrfToken ?? '',
        endedSession,
      };
    });

    /** Tokens that are wrong, by what is wrong with them. */
    async function wrongTokens(): Promise<Loot['tokens']> {
      const { issuer, key } = provider;
      const claims = {
        iss: issuer,
        aud: AUDIENCE,
        sub: 'ada',
        exp: Math.floor(Date.now() / 1_000) + 600,
        roles: 'operator',
      };
      const own = await makeSigningKey(key.kid);
      return {
        'without a signature': new UnsecuredJWT(claims).encode(),
        'signed with the public key as a secret': await new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', kid: key.kid })
          .sign(Buffer.from(JSON.stringify(key.publicJwk))),
        'with a key of its own in it': await new SignJWT(claims)
          .setProtectedHeader({ alg: 'ES256', kid: key.kid, jwk: { ...own.publicJwk } })
          .sign(own.privateKey),
        'for another audience': await signAs(provider, { aud: 'https://elsewhere.example' }),
        'of another issuer': await signAs(provider, { iss: 'https://elsewhere.example' }),
        'that has expired': await signAs(provider, { exp: 1_000_000_000 }),
        'that is not valid yet': await signAs(provider, { nbf: 4_000_000_000 }),
        'with a role as text that is too low': await signAs(provider, { roles: 'reader' }),
        'with roles in a list that are too low': await signAs(provider, { roles: ['reader', 'Operator'] }),
        'without a role': await signAs(provider, { roles: undefined }),
      };
    }

    it.each(WAYS_IN)('%s: %i', async (_name, status, attempt) => {
      expect(await tryWay(loot, attempt)).toBe(status);
    });

    it('in more than 40 ways, none of which wrote anything, while the right ones do', async () => {
      expect(WAYS_IN.length).toBeGreaterThan(40);
      expect((await open.get('/v1/policies/way-in')).status).toBe(404);
      const right = [bearer(loot.key), bearer(loot.token)];
      for (const headers of right) expect([200, 201]).toContain((await tryRight(headers)).status);
      expect((await open.get('/v1/policies/way-in')).status).toBe(200);
    });

    const tryRight = (headers: Readonly<Record<string, string>>) =>
      open.post('/v1/policies', { slug: 'way-in', title: 'A way in', kind: 'scheme', jurisdiction: 'GB' }, headers);
  });

  it('follows the provider to new keys, and goes on with known ones while it is down', async () => {
    const statusAt = async (url: string, token: string): Promise<number> =>
      (await checkedFetch(`${url}/v1/policies`, { headers: bearer(token) })).status;
    const old = await signAs(provider);
    expect(await statusAt(open.url, old)).toBe(200);
    await provider.rotate();
    const renewed = await signAs(provider);
    expect([await statusAt(open.url, renewed), await statusAt(open.url, old)]).toEqual([200, 401]);
    const asked = provider.asked.length;
    const unknown = await signAs({ issuer: provider.issuer, key: await makeSigningKey('third') });
    for (let request = 0; request < 5; request += 1) expect(await statusAt(open.url, unknown)).toBe(401);
    expect(provider.asked).toHaveLength(asked);
    provider.breakDown();
    const another = await signAs(provider, { jti: 'another' });
    expect([await statusAt(open.url, renewed), await statusAt(open.url, another)]).toEqual([200, 200]);
    // The other process has not asked since the keys changed.
    expect([await statusAt(closed.url, old), await statusAt(closed.url, renewed)]).toEqual([200, 503]);
    const { out } = await inProcess(['doctor'], { PTL_URL: closed.url, PTL_KEY: old });
    expect(out).toContain('the identity provider did not answer');
  });
});
