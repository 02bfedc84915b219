import { describe, expect, it } from '@jest/globals';
import { accessNotes } from './access-notes.js';
import type { Arrival } from './arrival.js';
import { Access } from './access.js';
import { type ConfiguredAddresses, arrivalRules, judgeArrival } from './judge-arrival.js';
import { judgeRole } from './judge-role.js';

type Sent = Partial<Arrival>;

const OURS: ConfiguredAddresses = { host: '127.0.0.1', corsOrigins: [] };
const READ: Sent = {};
const WRITE: Sent = { method: 'POST', url: '/v1/policies' };

const arrivalWith = ({ headers, ...rest }: Sent): Arrival => ({
  method: 'GET',
  url: '/v1/policies',
  httpVersion: '1.1',
  peer: '127.0.0.1',
  ...rest,
  headers: { host: 'localhost:3000', ...headers },
});

const NO_KEYS = { principal: undefined, hasKeys: false, reads: 'open' } as const;

const judge = (sent: Sent, configured: Partial<ConfiguredAddresses> = {}): string =>
  refusalOf(arrivalWith(sent), configured)?.code ?? 'let in';

function refusalOf(arrival: Arrival, configured: Partial<ConfiguredAddresses> = {}) {
  const isRead = ['GET', 'HEAD'].includes(arrival.method) || arrival.url === '/v1/citations';
  const rules = { ...arrivalRules({ ...OURS, ...configured }), isKnown: false };
  return judgeArrival(arrival, rules) ?? judgeRole(isRead ? 'reader' : 'recorder', arrival, NO_KEYS);
}

/** What is judged the same for reads and writes of this machine. */
describe.each([
  ['a read', READ],
  ['a write', WRITE],
])('%s of this machine', (_, sent) => {
  it.each([
    'localhost',
    'LocalHost:3000',
    '127.0.0.1',
    '127.0.0.1:3000',
    '127.0.0.1:8080',
    '127.0.0.1:',
    '[::1]',
    '[::1]:3000',
  ])('is let in when it names the host %s', (host) => {
    expect(judge({ ...sent, headers: { host } })).toBe('let in');
  });

  it.each([
    'rebound.example',
    'rebound.example:3000',
    'localhost.rebound.example',
    '127.0.0.1.rebound.example:3000',
    'localhost.',
    '0.0.0.0:3000',
    '[::]',
    '[::ffff:127.0.0.1]:3000',
    '2130706433',
    '0x7f.1',
    '127.1',
    '192.168.0.7:3000',
    'policies.example',
    '',
  ])('is refused when it names the host "%s"', (host) => {
    expect(judge({ ...sent, headers: { host } })).toBe('foreign-host');
    const origin = `http://${host}`;
    expect(judge({ ...sent, headers: { host, origin, 'sec-fetch-site': 'same-origin' } })).toBe('foreign-host');
  });

  it('is refused when it names no host', () => {
    const { headers, ...rest } = arrivalWith(sent);
    const { host: _host, ...others } = headers;
    expect(refusalOf({ ...rest, headers: others })?.code).toBe('foreign-host');
  });

  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])(
    'is known by its address %s',
    (peer) => {
      expect(judge({ ...sent, peer })).toBe('let in');
      expect(judge({ ...sent, peer, headers: { host: 'rebound.example' } })).toBe('foreign-host');
    },
  );

  it.each([
    [{ publicUrl: 'https://policies.example' }, 'policies.example', 'let in'],
    [{ publicUrl: 'https://policies.example' }, 'Policies.Example:443', 'let in'],
    [{ publicUrl: 'https://policies.example' }, 'other.example', 'foreign-host'],
    [{ host: '::1' }, '[::1]:3000', 'let in'],
    [{ host: 'desk.example' }, 'desk.example:3000', 'let in'],
    [{ host: '0.0.0.0' }, '0.0.0.0:3000', 'foreign-host'],
    [{ host: '::' }, '[::]:3000', 'foreign-host'],
  ])('configured as %j and addressed as %s, is: %s', (configured, host, expected) => {
    expect(judge({ ...sent, headers: { host } }, configured)).toBe(expected);
  });
});

it.each([
  'forwarded',
  'via',
  'x-forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-anything',
  'x-real-ip',
  'x-client-ip',
  'x-original-forwarded-for',
  'true-client-ip',
  'cf-connecting-ip',
  'x-envoy-external-address',
])('a write that was forwarded is refused, as %s says, also for this machine', (name) => {
  for (const value of ['10.0.0.7', '127.0.0.1', '', ['127.0.0.1', '10.0.0.7']])
    expect(judge({ ...WRITE, headers: { [name]: value } })).toBe('writes-closed');
  expect(judge({ headers: { [name]: '10.0.0.7' } })).toBe('let in');
});

it.each(['10.0.0.7', '::ffff:10.0.0.7', 'fe80::1', '::2', '127.0.0.1.example', '0.0.0.0', undefined])(
  'a write from another machine (%s) is refused, whatever it names; a read is not',
  (peer) => {
    for (const host of ['localhost', '127.0.0.1', 'policies.example']) {
      expect(judge({ ...WRITE, peer, headers: { host } })).toBe('writes-closed');
      expect(judge({ peer, headers: { host, origin: 'https://elsewhere.example' } })).toBe('let in');
    }
  },
);

it('a write by HTTP/1.0, as proxies ask, is refused', () => {
  expect(judge({ ...WRITE, httpVersion: '1.0' })).toBe('writes-closed');
  expect(judge({ httpVersion: '1.0' })).toBe('let in');
});

it('any reader may ask for a citation, and no page of another site', () => {
  const citing: Sent = { method: 'POST', url: '/v1/citations' };
  expect(judge({ ...citing, peer: '10.0.0.7' })).toBe('let in');
  expect(judge({ ...citing, peer: '10.0.0.7', headers: { origin: 'https://elsewhere.example' } })).toBe(
    'cross-site-write',
  );
  expect(judge({ ...citing, url: '/v1/citations/x', peer: '10.0.0.7' })).toBe('writes-closed');
});

const FOREIGN: readonly Arrival['headers'][] = [
  { origin: 'https://elsewhere.example' },
  { origin: 'null' },
  { origin: '' },
  { origin: 'http://localhost' },
  { origin: 'http://localhost:3001' },
  { origin: 'http://127.0.0.1:3000' },
  { origin: 'http://localhost:3000.elsewhere.example' },
  { origin: 'file://' },
  { origin: 'https://elsewhere.example', 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'Cross-Site' },
  { 'sec-fetch-site': 'same-origin, cross-site' },
  { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
];

describe.each(FOREIGN)('a page of another site, known by %j,', (headers) => {
  it('neither writes nor reads', () => {
    expect(judge({ ...WRITE, headers })).toBe('cross-site-write');
    expect(judge({ ...READ, headers })).toBe('cross-site-read');
    expect(judge({ method: 'HEAD', headers })).toBe('cross-site-read');
    expect(judge({ method: 'DELETE', headers })).toBe('cross-site-write');
  });

  it('reads, and never writes, when all origins may', () => {
    expect(judge({ ...READ, headers }, { corsOrigins: ['*'] })).toBe('let in');
    expect(judge({ ...WRITE, headers }, { corsOrigins: ['*'] })).toBe('cross-site-write');
  });
});

it.each([
  [{ origin: 'http://localhost:3000' }, {}, true],
  [{ origin: 'https://localhost:3000', 'sec-fetch-site': 'same-origin' }, {}, true],
  [{ 'sec-fetch-site': 'none' }, {}, true],
  [{ 'sec-fetch-site': 'same-site' }, {}, false],
  [{ origin: 'https://policies.example' }, { publicUrl: 'https://policies.example' }, true],
  [{ origin: 'http://policies.example' }, { publicUrl: 'https://policies.example' }, undefined],
  [{ origin: 'https://a.example' }, { corsOrigins: ['https://a.example'] }, false],
  [{ origin: 'https://a.example', 'sec-fetch-site': 'cross-site' }, { corsOrigins: ['https://a.example'] }, false],
  [{ origin: 'https://b.example' }, { corsOrigins: ['https://a.example'] }, undefined],
  [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, {}, false],
])('a page known by %j, configured as %j, reads, and writes: %s', (headers, configured, writes) => {
  expect(judge({ headers }, configured)).toBe(writes === undefined ? 'cross-site-read' : 'let in');
  expect(judge({ ...WRITE, headers }, configured)).toBe(writes === true ? 'let in' : 'cross-site-write');
});

it.each([
  ['/embed/policies/x.svg', 'let in'],
  ['/embed', 'let in'],
  ['/embed?live=true', 'let in'],
  ['/oembed?url=x', 'let in'],
  ['/assets/page.css', 'let in'],
  ['/embedded', 'cross-site-read'],
  ['/v1/embed/x', 'cross-site-read'],
  ['/policies/x', 'cross-site-read'],
])('a picture of %s in a page of another site: %s', (url, expected) => {
  expect(judge({ url, headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } })).toBe(expected);
});

it.each([
  ['/livez', 'let in'],
  ['/readyz?x', 'let in'],
  ['/livez/x', 'foreign-host'],
  ['/metrics', 'foreign-host'],
  ['/', 'foreign-host'],
])('a supervisor that names any host asks for %s: %s', (url, expected) => {
  expect(judge({ url, headers: { host: '10.0.0.9' } })).toBe(expected);
});

it.each([
  ['127.0.0.1', {}, true],
  ['::1', { 'sec-fetch-site': 'same-origin' }, true],
  ['::ffff:127.0.0.1', { origin: 'http://localhost:3000' }, true],
  ['10.0.0.7', {}, false],
  ['127.0.0.1.example', {}, false],
  ['127.0.0.1', { 'sec-fetch-site': 'cross-site' }, false],
  ['127.0.0.1', { origin: 'http://elsewhere.example' }, false],
  ['127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }, false],
])('whether the sender of a request could write is what happens to a write: %s with %j', (peer, headers, expected) => {
  const rules = { ...arrivalRules(OURS), reads: 'open' } as const;
  expect(new Access(arrivalWith({ peer, headers }), rules, NO_KEYS).mayWrite).toBe(expected);
  expect(judge({ ...WRITE, peer, headers }) === 'let in').toBe(expected);
});

it.each([
  ['127.0.0.1', 0],
  ['::1', 0],
  ['localhost', 0],
  ['0.0.0.0', 1],
  ['::', 1],
  ['192.168.0.7', 1],
])('the start says who may write, if it listens on %s: %i lines', (host, lines) => {
  expect(accessNotes({ host }, { canBeKnown: false })).toHaveLength(lines);
  expect(accessNotes({ host }, { canBeKnown: true })).toEqual([]);
});
