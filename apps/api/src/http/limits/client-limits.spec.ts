import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { Keyring, Principals } from '#access';
import { createLogger, readConfiguration } from '#runtime';
import { eventually } from '../../../../../test/support/eventually.js';
import { guardAccess } from '../access/access.js';
import { arrivalRules } from '../access/judge-arrival.js';
import { networkOf } from './client.js';
import { ClientLimits } from './client-limits.js';
import { QuotaLedger, policyField, standingField } from './quota.js';
import { costOf, isExport, isWorkedOut } from './request-cost.js';
import { TurnsAtWork } from './turns-at-work.js';

describe('a quota', () => {
  const quota = { name: 'reads', amount: 6, windowSeconds: 60 };

  it('is used up by each client on its own, and comes back evenly', () => {
    let nowMs = 0;
    const ledger = new QuotaLedger(quota, () => nowMs);
    for (const remaining of [4, 2, 0]) expect(ledger.take('one', 2)).toMatchObject({ remaining, waitSeconds: 0 });
    expect(ledger.take('one', 1)).toEqual({ remaining: 0, resetSeconds: 60, waitSeconds: 10 });
    expect(ledger.take('two', 1)).toEqual({ remaining: 5, resetSeconds: 10, waitSeconds: 0 });
    nowMs = 9_999;
    expect(ledger.take('one', 1).waitSeconds).toBe(1);
    nowMs = 10_000;
    expect(ledger.take('one', 1).waitSeconds).toBe(0);
    nowMs = 3_600_000;
    expect(ledger.take('one', 6)).toEqual({ remaining: 0, resetSeconds: 60, waitSeconds: 0 });
  });

  it('lets what costs more than all of it be had when there is all of it', () => {
    const ledger = new QuotaLedger(quota, () => 0);
    expect(ledger.take('one', 100)).toMatchObject({ remaining: 0, waitSeconds: 0 });
    expect(ledger.take('one', 100).waitSeconds).toBe(60);
  });

  it('can be overdrawn by what is known only afterwards', () => {
    let nowMs = 0;
    const ledger = new QuotaLedger(quota, () => nowMs);
    ledger.charge('one', 9);
    expect(ledger.take('one', 0)).toEqual({ remaining: 0, resetSeconds: 90, waitSeconds: 30 });
    nowMs = 30_000;
    expect(ledger.take('one', 0).waitSeconds).toBe(0);
    expect(ledger.take('one', 1).waitSeconds).toBe(10);
  });

  it('is remembered of a limited number of clients, and of none for a clock that was set back', () => {
    let nowMs = 1_000;
    const ledger = new QuotaLedger(quota, () => nowMs, 2);
    for (const client of ['one', 'two', 'one', 'three']) ledger.take(client, 6);
    expect(['one', 'three'].map((client) => ledger.take(client, 1).waitSeconds)).toEqual([10, 10]);
    expect(ledger.take('two', 1).waitSeconds).toBe(0);
    nowMs = 0;
    expect(ledger.take('three', 1).waitSeconds).toBe(10);
  });

  it('is told in the fields of the draft', () => {
    expect(policyField(quota)).toBe('"reads";q=6;w=60');
    expect(standingField(quota, { remaining: 4, resetSeconds: 20, waitSeconds: 0 })).toBe('"reads";r=4;t=20');
  });
});

describe('what a read costs', () => {
  const read = (originalUrl: string, accept?: string) => ({
    url: originalUrl.replace(/\.(?:csv|json)(?=\?|$)/, ''),
    originalUrl,
    accept,
  });

  it.each([
    ['/v1/policies/ferry', 1],
    ['/v1/policies?limit=100', 1],
    ['/v1/events?limit=1000', 2],
    ['/policies/ferry', 2],
    ['/v1/diff?from=2024-01-01&policy=ferry', 1],
    ['/v1/diff?from=2024-01-01', 10],
    ['/v1/history.json?field=status', 10],
    ['/v1/policies/ferry/history?field=status', 1],
    ['/v1/policies/ferry?engine=replay', 10],
    ['/v1/policies/ferry?engine=facts', 1],
    ['/v1/policies/ferry?proof=true', 10],
    ['/v1/policies?without=event:one', 10],
    ['/v1/events?shape=index', 10],
    ['/v1/figures.csv', 10],
    ['/v1/datapackage.json', 10],
    ['/v1/audit/export?to=3', 10],
    ['/v1/audit/checkpoint', 1],
  ])('%s: %i', (url, cost) => expect(costOf(read(url))).toBe(cost));

  it('knows files by suffix or Accept, and does not take them for what is worked out', () => {
    expect(isExport(read('/v1/figures', 'text/csv'))).toBe(true);
    expect(isExport(read('/v1/figures', 'application/json, text/html'))).toBe(false);
    expect(isExport(read('/v1/audit/tile/entries/000'))).toBe(true);
    expect(isWorkedOut(read('/v1/figures.csv'))).toBe(false);
  });
});

describe('turns at costly work', () => {
  it('are given to one client after the other, and what was given up never begins', () => {
    const turns = new TurnsAtWork({ atOnce: 2, waiting: 5 });
    const begun: string[] = [];
    const start = (client: string, name: string) => turns.start(client, () => begun.push(name));
    const ends = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2'].map((name) => start(name.slice(0, 1), name));
    expect([begun, start('c', 'c1'), turns.counts]).toEqual([['a1', 'a2'], undefined, { working: 2, waiting: 5 }]);
    ends[3]?.();
    for (const end of [ends[0], ends[0], ends[1], ends[2], ends[5]]) end?.();
    expect(begun).toEqual(['a1', 'a2', 'a3', 'b1', 'a5', 'b2']);
    for (const end of ends) end?.();
    expect(turns.counts).toEqual({ working: 0, waiting: 0 });
  });
});

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
])('a client has all addresses of its network: %s', (address, network) => expect(networkOf(address)).toBe(network));

let server: FastifyInstance | undefined;
afterEach(() => server?.close());

const KEY = 'a-key-of-a-reader';
const keyHash = `desk:reader:${createHash('sha256').update(KEY).digest('hex')}`;

/** A server whose costly reads wait until they are let; the address of a client is what a proxy says. */
async function serve(variables: Readonly<Record<string, string>>) {
  const outcome = readConfiguration({ TRUST_PROXY: 'loopback', API_KEYS: keyHash, ...variables }, '/');
  if (!outcome.ok) throw new Error(outcome.mistakes.join());
  const { configuration } = outcome;
  const started = fastify({ trustProxy: [...configuration.trustProxy], forceCloseConnections: true });
  server = started;
  const keyring = new Keyring({
    configured: configuration.apiKeys,
    read: () => Promise.resolve({ revision: 0, keys: [] }),
    now: Date.now,
    elapsed: () => performance.now(),
  });
  const rules = { ...arrivalRules(configuration), reads: 'open' } as const;
  guardAccess(started, { rules, principals: new Principals(keyring), logger: createLogger('error') });
  const limits = new ClientLimits({ limits: configuration.limits, now: () => 0 });
  limits.guard(started);
  const held: (() => void)[] = [];
  const config = { role: 'reader' } as const;
  started.get<{ Querystring: { engine?: string } }>('/v1/policies/:slug', { config }, async ({ query }) => {
    if (query.engine === 'replay') await new Promise<void>((resolve) => held.push(resolve));
    return 'a state';
  });
  started.get('/v1/figures', { config }, () => Promise.resolve('x'.repeat(700_000)));
  const signIn = { role: 'anyone', quota: 'sign-ins' } as const;
  started.get('/sign-in', { config: signIn }, () => Promise.resolve('to the provider'));
  started.get('/livez', { config: { role: 'anyone' } }, () => Promise.resolve('alive'));
  const url = await started.listen({ port: 0, host: '127.0.0.1' });
  const from = (address: string, headers: Readonly<Record<string, string>> = {}) => ({
    headers: { 'x-forwarded-for': address, host: '127.0.0.1', ...headers },
  });
  return { url, from, held, turns: limits.turns };
}

describe('the limits of clients', () => {
  it('count by key, else by address, tell what is left, and leave out this machine and health', async () => {
    const { url, from } = await serve({ READS_PER_MINUTE: '3' });
    const ask = (init: RequestInit, path = '/v1/policies/ferry') => fetch(`${url}${path}`, init);
    const one = from('192.0.2.1');
    for (const left of [2, 1, 0]) {
      const { status, headers } = await ask(one);
      expect([status, headers.get('ratelimit-policy')]).toEqual([200, '"reads";q=3;w=60']);
      expect(headers.get('ratelimit')).toBe(`"reads";r=${left};t=${(3 - left) * 20}`);
    }
    const refused = await ask(one);
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('ratelimit')]).toEqual([
      429,
      '20',
      '"reads";r=0;t=60',
    ]);
    expect(await refused.json()).toMatchObject({
      type: 'urn:policy-timeline:problem:rate-exceeded',
      detail: 'You have used up your reads: 3 in 60 s. Try again in 20 s.',
    });
    expect((await ask(one, '/livez')).status).toBe(200);
    expect((await ask(from('192.0.2.2'))).status).toBe(200);
    const withKey = { authorization: `Bearer ${KEY}` };
    for (const [address, status] of [
      ['192.0.2.1', 200],
      ['192.0.2.3', 200],
      ['192.0.2.4', 200],
      ['192.0.2.5', 429],
    ] as const)
      // prettier-ignore
      expect((await ask(from(address, withKey))).status).toBe(status);
    const local = await ask({});
    expect([local.status, local.headers.get('ratelimit')]).toEqual([200, null]);
  });

  it('count sign-ins by address alone, whatever key they bring, and leave reads alone', async () => {
    const { url, from } = await serve({ SIGN_INS_PER_MINUTE: '2' });
    const ask = (init: RequestInit, path = '/sign-in') => fetch(`${url}${path}`, init);
    const withKey = { authorization: `Bearer ${KEY}` };
    expect((await ask(from('192.0.2.1'))).headers.get('ratelimit')).toBe('"sign-ins";r=1;t=30');
    expect((await ask(from('192.0.2.1', withKey))).headers.get('ratelimit-policy')).toBe('"sign-ins";q=2;w=60');
    for (const headers of [{}, withKey]) {
      const refused = await ask(from('192.0.2.1', headers));
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
    }
    expect((await ask(from('192.0.2.2', withKey))).status).toBe(200);
    expect((await ask(from('192.0.2.1'), '/v1/policies/ferry')).status).toBe(200);
    const local = await ask({});
    expect([local.status, local.headers.get('ratelimit')]).toEqual([200, null]);
  });

  it('refuse exports to who has had more bytes than may be had in an hour', async () => {
    const { url, from } = await serve({ EXPORT_MB_PER_HOUR: '1' });
    const ask = async () => {
      const answer = await fetch(`${url}/v1/figures`, from('192.0.2.1', { accept: 'text/csv' }));
      await answer.text();
      return answer;
    };
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    await eventually('the bytes are counted', async () => (await ask()).status === 429);
    const refused = await ask();
    expect(refused.headers.get('ratelimit-policy')).toBe('"export-bytes";q=1048576;w=3600');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(`${url}/v1/policies/ferry`, from('192.0.2.1'))).status).toBe(200);
  });

  it('leave room for health and reads of one policy, whatever is worked out at once', async () => {
    const { url, held, turns } = await serve({ COSTLY_READS: '2' });
    const costly = Array.from({ length: 30 }, () => fetch(`${url}/v1/policies/ferry?engine=replay`));
    await eventually('all have arrived', () => turns.counts.waiting === 28);
    expect(held.length).toBe(2);
    for (const path of ['/livez', '/v1/policies/ferry', '/livez'])
      expect((await fetch(`${url}${path}`)).status).toBe(200);
    expect([held.length, turns.counts]).toEqual([2, { working: 2, waiting: 28 }]);
    while (held.length > 0 || turns.counts.waiting > 0) {
      expect(turns.counts.working).toBeLessThanOrEqual(2);
      held.shift()?.();
      await eventually('the next has begun', () => held.length > 0 || turns.counts.waiting === 0);
    }
    expect((await Promise.all(costly)).map(({ status }) => status)).toEqual(costly.map(() => 200));
    expect(turns.counts).toEqual({ working: 0, waiting: 0 });
  });

  it('give up what waits for a client that has gone', async () => {
    const { url, held, turns } = await serve({ COSTLY_READS: '1' });
    const path = `${url}/v1/policies/ferry?engine=replay`;
    const first = fetch(path);
    await eventually('it is worked out', () => held.length === 1);
    const leaving = new AbortController();
    const second = fetch(path, { signal: leaving.signal }).catch(() => 'gone');
    await eventually('it waits', () => turns.counts.waiting === 1);
    leaving.abort();
    await eventually('it waits no more', () => turns.counts.waiting === 0);
    expect(await second).toBe('gone');
    held.shift()?.();
    expect([(await first).status, turns.counts]).toEqual([200, { working: 0, waiting: 0 }]);
  });
});
