import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { eventually } from '../../../../../test/support/eventually.js';
import { ExchangeLimits, type ExchangeLimitsOptions } from './exchange-limits.js';

let server: FastifyInstance | undefined;
const clients: Socket[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await server?.close();
});

interface Served {
  readonly url: string;
  readonly port: number;
  readonly started: FastifyInstance;
  /** Lets one answer go that waits. */
  readonly release: () => void;
}

/** A server that answers `/waits` when it is let, `/long` with as many bytes as asked for, and `/livez`. */
async function serve(options: Partial<ExchangeLimitsOptions>): Promise<Served> {
  const started = fastify({ forceCloseConnections: true });
  server = started;
  const limits = new ExchangeLimits({ requests: 2, sendMs: 60_000, ...options });
  const waiting: (() => void)[] = [];
  limits.guard(started);
  started.get('/waits', async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return 'done';
  });
  started.get<{ Querystring: { bytes: string } }>('/long', ({ query }) =>
    Promise.resolve('x'.repeat(Number(query.bytes))),
  );
  started.get('/livez', () => Promise.resolve('alive'));
  limits.weigh(started);
  const url = await started.listen({ port: 0, host: '127.0.0.1' });
  return { url, port: Number(new URL(url).port), started, release: () => waiting.shift()?.() };
}

const requested = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** A client that sends requests at once, one after the other, and reads nothing until told. */
function clientOf(port: number, paths: readonly string[]): Socket {
  const client = connect(port, '127.0.0.1').pause();
  clients.push(client);
  client.write(paths.map(requested).join(''));
  return client;
}

async function readUntil(client: Socket, wanted: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of client.resume()) {
    text += String(chunk);
    if (wanted.test(text)) return text;
  }
  return text;
}

describe('requests under way', () => {
  it('are refused beyond the limit, also where one connection sends them at once, and all but health is', async () => {
    const { url, port, release } = await serve({ requests: 2 });
    const client = clientOf(port, ['/waits', '/waits', '/waits']);
    await eventually('there is no room left', async () => (await fetch(`${url}/long?bytes=1`)).status === 503);
    const refused = await fetch(`${url}/long?bytes=1`);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ type: 'urn:policy-timeline:problem:too-many-requests', status: 503 });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    release();
    release();
    const answers = await readUntil(client, /503 [^]*503/);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 503']);
    expect((await fetch(`${url}/long?bytes=1`)).status).toBe(200);
  });

  it('are under way no more when their connection is gone', async () => {
    const { url, port, started } = await serve({ requests: 2 });
    const closed = connectionClosed(started);
    const client = clientOf(port, ['/waits', '/waits']);
    await eventually('there is no room left', async () => (await fetch(`${url}/long?bytes=1`)).status === 503);
    client.destroy();
    await closed;
    expect((await fetch(`${url}/long?bytes=1`)).status).toBe(200);
  });
});

describe('a connection', () => {
  it('is closed when its reader takes nothing of an answer', async () => {
    const { port, started } = await serve({ sendMs: 100 });
    const closed = connectionClosed(started);
    clientOf(port, [`/long?bytes=${16 * 1024 * 1024}`]);
    await closed;
  });

  it('is kept while its answer is being made', async () => {
    const { port, started, release } = await serve({ sendMs: 20 });
    const client = clientOf(port, ['/waits']);
    await once(started.server, 'timeout');
    await once(started.server, 'timeout');
    release();
    expect(await readUntil(client, /done/)).toContain('done');
  });
});

describe('an answer', () => {
  it('is refused with words when it is longer than one may be, or than there is room for', async () => {
    const { url, port } = await serve({ answerBytes: 8_000_000, untakenBytes: 12_000_000 });
    const tooLarge = await fetch(`${url}/long?bytes=8000001`);
    expect(tooLarge.status).toBe(413);
    expect(await tooLarge.json()).toMatchObject({ detail: expect.stringContaining('at most 8000000') });
    clientOf(port, ['/long?bytes=8000000']);
    await eventually('there is no room left', async () => (await fetch(`${url}/long?bytes=7000000`)).status === 503);
    expect((await fetch(`${url}/long?bytes=1000`)).status).toBe(200);
  });
});

/** Resolves when the next connection that comes is closed. */
async function connectionClosed(started: FastifyInstance): Promise<void> {
  const [socket] = await once(started.server, 'connection');
  if (!isSocket(socket)) throw new Error('That is no connection.');
  if (!socket.destroyed) await once(socket, 'close');
}

const isSocket = (value: unknown): value is Socket =>
  typeof value === 'object' && value !== null && 'destroyed' in value;
