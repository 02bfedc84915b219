import { createHash } from 'node:crypto';
import { connect } from 'node:net';

/** What somebody may have got hold of who tries to get in. */
export interface Loot {
  readonly port: string;
  /** A recorder's key; the way it is used is what is wrong. */
  readonly key: string;
  readonly revokedKey: string;
  readonly expiredKey: string;
  /** A recorder's token; the way it is used is what is wrong. */
  readonly token: string;
  /** Tokens that are wrong, by what is wrong. */
  readonly tokens: Readonly<Record<string, string>>;
  /** The secret of a recorder's session, and the token of another session. */
  readonly session: string;
  readonly otherCsrfToken: string;
  readonly endedSession: string;
}

interface Attempt {
  /** Absent: the right one; `none`: no such header. */
  readonly host?: string;
  readonly headers?: readonly string[];
  readonly address?: string;
  readonly version?: '1.0' | '1.1';
}

type Way = readonly [name: string, status: number, attempt: (loot: Loot) => Attempt];

const basic = (credential: string): string => `Authorization: Basic ${Buffer.from(credential).toString('base64')}`;

/** Hosts that lead to this machine, or seem to, and are not its name. */
const hosts = (port: string): readonly (readonly [name: string, host: string])[] => [
  ['a name of another', 'rebound.example'],
  ['a name of another, with the port', `rebound.example:${port}`],
  ['a name that begins like this machine', `127.0.0.1.rebound.example:${port}`],
  ['a name that ends like this machine', 'rebound.example.localhost'],
  ['this machine with a dot at the end', `localhost.:${port}`],
  ['all addresses', `0.0.0.0:${port}`],
  ['all addresses of IPv6', `[::]:${port}`],
  ['IPv4 in IPv6', `[::ffff:127.0.0.1]:${port}`],
  ['IPv4 in IPv6, in hexadecimal', `[::ffff:7f00:1]:${port}`],
  ['the address as one number', `2130706433:${port}`],
  ['the address in hexadecimal', `0x7f.0.0.1:${port}`],
  ['the address in short', `127.1:${port}`],
];

const byHost = hosts('').map(([name], index): Way => [
  `addressed as ${name}`,
  403,
  ({ port }) => ({ host: hosts(port)[index]?.[1] ?? '' }),
]);

/** What a browser sends for a page of another site, with the key that its user once typed in. */
const bySite = (
  [
    ['elsewhere', () => ['Origin: https://elsewhere.example']],
    ['nowhere', () => ['Origin: null']],
    ['an empty origin', () => ['Origin: ']],
    ['another port of this machine', () => ['Origin: http://127.0.0.1:1']],
    ['a name that begins like this machine', (port) => [`Origin: http://127.0.0.1:${port}.rebound.example`]],
    ['elsewhere, without an origin', () => ['Sec-Fetch-Site: cross-site']],
    ['a sibling', () => ['Sec-Fetch-Site: same-site']],
    ['here, it says twice', () => ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site']],
  ] satisfies readonly (readonly [string, (port: string) => readonly string[]])[]
).map(([name, headers]): Way => [
  `from a page of ${name}, with a key`,
  403,
  ({ port, key }) => ({ headers: [basic(`any:${key}`), ...headers(port)] }),
]);

const byToken = (
  [
    ['without a signature', 401],
    ['signed with the public key as a secret', 401],
    ['with a key of its own in it', 401],
    ['for another audience', 401],
    ['of another issuer', 401],
    ['that has expired', 401],
    ['that is not valid yet', 401],
    ['with a role as text that is too low', 403],
    ['with roles in a list that are too low', 403],
    ['without a role', 403],
  ] as const
).map(([name, status]): Way => [
  `with a token ${name}`,
  status,
  ({ tokens }) => ({ headers: [`Authorization: Bearer ${tokens[name] ?? ''}`] }),
]);

/** The cookie of a session. */
const session = (secret: string): string => `Cookie: __Host-ptl-session=${secret}`;

/** Ways to write that must not work, with the status that each is answered. */
export const WAYS_IN: readonly Way[] = [
  ...byHost,
  ['addressed as nobody', 400, () => ({ host: 'none' })],
  ['addressed as nobody, by HTTP/1.0', 403, () => ({ host: 'none', version: '1.0' })],
  ['addressed twice', 400, ({ port }) => ({ headers: [`Host: 127.0.0.1:${port}`] })],
  ['addressed as no host', 400, () => ({ host: 'a/b' })],
  ...bySite,
  ['with nothing', 401, () => ({})],
  ['forwarded for this machine', 401, () => ({ headers: ['X-Forwarded-For: 127.0.0.1'] })],
  ['forwarded for this machine, the new way', 401, () => ({ headers: ['Forwarded: for=127.0.0.1;host=localhost'] })],
  ['with a key in the query', 400, ({ key }) => ({ address: `/v1/policies?key=${key}` })],
  ['with a key in the path', 400, ({ key }) => ({ address: `/v1/policies/${key}/events` })],
  ['with a token in the query', 400, ({ token }) => ({ address: `/v1/policies?access_token=${token}` })],
  ['with a key in a header of its own', 401, ({ key }) => ({ headers: [`X-Api-Key: ${key}`] })],
  ['with a key as a cookie', 401, ({ key }) => ({ headers: [session(key)] })],
  ['with a key as the user', 401, ({ key }) => ({ headers: [basic(`${key}:`)] })],
  ['with a key that was revoked', 401, ({ revokedKey }) => ({ headers: [`Authorization: Bearer ${revokedKey}`] })],
  ['with a key that has expired', 401, ({ expiredKey }) => ({ headers: [`Authorization: Bearer ${expiredKey}`] })],
  ['with most of a key', 401, ({ key }) => ({ headers: [`Authorization: Bearer ${key.slice(0, -1)}`] })],
  [
    'with the hash of a key',
    401,
    ({ key }) => ({ headers: [`Authorization: Bearer ${createHash('sha256').update(key).digest('hex')}`] }),
  ],
  [
    'with two credentials',
    401,
    ({ key, token }) => ({ headers: [`Authorization: Bearer ${key}`, `Authorization: Bearer ${token}`] }),
  ],
  ...byToken,
  ['with a session, and no token of it', 403, (loot) => ({ headers: [session(loot.session)] })],
  [
    'with a session, and the token of another',
    403,
    (loot) => ({ headers: [session(loot.session), `X-CSRF-Token: ${loot.otherCsrfToken}`] }),
  ],
  ['with a session that was ended', 401, (loot) => ({ headers: [session(loot.endedSession)] })],
  ['with a session as a key', 401, (loot) => ({ headers: [`Authorization: Bearer ${loot.session}`] })],
];

const BODY = JSON.stringify({ slug: 'way-in', title: 'A way in', kind: 'scheme', jurisdiction: 'GB' });

/** Tries to write in a way; answers the status line. */
export async function tryWay(loot: Loot, attempt: (loot: Loot) => Attempt): Promise<number> {
  const { host = `127.0.0.1:${loot.port}`, headers = [], address = '/v1/policies', version = '1.1' } = attempt(loot);
  const lines = [
    `POST ${address} HTTP/${version}`,
    ...(host === 'none' ? [] : [`Host: ${host}`]),
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(BODY)}`,
    'Connection: close',
    ...headers,
  ];
  const socket = connect(Number(loot.port), '127.0.0.1');
  socket.write(`${lines.join('\r\n')}\r\n\r\n${BODY}`);
  let answer = '';
  for await (const piece of socket) answer += String(piece);
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}
