import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { Keyring, Principals } from '#access';
import { createLogger, readConfiguration } from '#runtime';
import { CheckedRequest, type CheckedRequestOf } from './request/checked-request.js';
import type { Problem } from './problems/problem-filter.js';
import { ClientLimits } from './limits/client-limits.js';
import { createServer } from './server.js';

const bookQuery = z.object({
  title: z
    .string()
    .regex(/^[a-z]+$/, 'must be letters')
    .optional(),
  limit: z.string().optional(),
});

@Controller('v1/books')
class BooksController {
  @Get()
  list(@CheckedRequest(bookQuery) { query }: CheckedRequestOf<typeof bookQuery>): object {
    return { items: [query] };
  }

  @Get(':id')
  one(@Param('id') id: string): object {
    if (id === 'cursed') throw new Error('the shelf fell down: secret');
    if (id === 'full') throw Object.assign(new Error('could not write init file'), { code: '53100' });
    return { id, words: 'and so on '.repeat(400) };
  }

  @Post()
  add(@Body() body: unknown): object {
    return { body };
  }
}

@Module({ controllers: [BooksController] })
class BooksModule {}

const keyringWithout = (): Keyring =>
  new Keyring({
    configured: [],
    read: () => Promise.resolve({ revision: 0, keys: [] }),
    now: Date.now,
    elapsed: () => performance.now(),
  });

describe('the server', () => {
  let application: NestFastifyApplication;
  let port = 0;
  const logger = createLogger('silent');
  const errors: unknown[] = [];
  logger.error = (...said: unknown[]) => void errors.push(said);

  beforeAll(async () => {
    const outcome = readConfiguration({ CORS_ORIGINS: 'https://a.example' }, '/');
    if (!outcome.ok) throw new Error(outcome.mistakes.join());
    application = await createServer({
      module: { module: BooksModule },
      configuration: outcome.configuration,
      logger,
      identification: { principals: new Principals(keyringWithout()) },
      clientLimits: new ClientLimits({ limits: outcome.configuration.limits, now: () => performance.now() }),
      watch: () => {},
      extend: () => {},
    });
    await application.listen(0, '127.0.0.1');
    port = Number(new URL(await application.getUrl()).port);
  });
  afterAll(() => application.close());

  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
  const post = (body: string | Buffer, type = 'application/json') =>
    ask('/v1/books', { method: 'POST', body, headers: { 'content-type': type } });

  async function problem(response: Response) {
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const body: Problem = JSON.parse(await response.text());
    expect(body.status).toBe(response.status);
    return body;
  }

  it('answers by suffix and by Accept', async () => {
    expect(await (await ask('/v1/books.json?title=x')).json()).toEqual({ items: [{ title: 'x' }] });
    expect((await ask('/v1/books.json', { headers: { accept: 'text/csv' } })).status).toBe(200);
    expect((await ask('/v1/books', { headers: { accept: 'text/html, */*;q=0.1' } })).status).toBe(200);
    expect(
      (await problem(await ask('/v1/books', { headers: { accept: 'text/csv, application/json;q=0' } }))).status,
    ).toBe(406);
    expect((await ask('/v1/books.csv')).status).toBe(406);
  });

  it('says which query parameters are wrong', async () => {
    const wrong = await problem(await ask('/v1/books?titel=x&limit=&title=1&limit=2&title=b&q=%ff'));
    expect(wrong.status).toBe(400);
    expect(wrong.errors?.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/query/titel unknown-parameter',
      '/query/limit empty-parameter',
      '/query/title repeated-parameter',
      '/query/q unknown-parameter',
    ]);
  });

  it('tells an unknown address from a wrong method', async () => {
    expect((await problem(await ask('/v1/boks'))).type).toBe('urn:policy-timeline:problem:unknown-route');
    const response = await ask('/v1/books/x', { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    expect((await problem(response)).status).toBe(405);
    expect((await ask('/v1/books', { method: 'PUT' })).headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await problem(await ask('/v1/books/%zz'))).status).toBe(400);
    expect((await problem(await ask(`/v1/books/${'x'.repeat(500)}`))).status).toBe(414);
  });

  it('reads JSON bodies strictly', async () => {
    expect(await (await post('{"a":1}')).json()).toEqual({ body: { a: 1 } });
    expect((await post('{"a":1}', 'application/json; charset=UTF-8')).status).toBe(201);
    for (const body of ['{"a":1,}', '', '{"a":1,"a":2}']) {
      expect((await problem(await post(body))).status).toBe(400);
    }
    expect((await problem(await post(Buffer.from([0x22, 0xff, 0x22])))).status).toBe(415);
    expect((await problem(await post('{}', 'text/plain'))).status).toBe(415);
    expect((await problem(await post('{}', 'application/json; charset=latin1'))).status).toBe(415);
  });

  it('drains a body that is too long before it refuses it', async () => {
    const refused = await post(JSON.stringify('x'.repeat(10_000_000)));
    expect((await problem(refused)).status).toBe(413);
  });

  it('keeps a fault to itself', async () => {
    const fault = await problem(await ask('/v1/books/cursed'));
    expect(fault.status).toBe(500);
    expect(JSON.stringify(fault)).not.toMatch(/secret|shelf|\.ts/);
    expect(fault.detail).toMatch(/reference [0-9a-f-]{36}/);
  });

  it('takes a client that hangs up for no fault of its own', async () => {
    const before = errors.length;
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /v1/books HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
    socket.write('Content-Length: 100\r\n\r\n{');
    const server = application.getHttpServer();
    const [request] = await once(server, 'request');
    const isOver = once(request, 'error');
    socket.destroy();
    await isOver;
    expect((await ask('/v1/books/cursed')).status).toBe(500);
    // Of the two, only the fault is told.
    expect(errors).toHaveLength(before + 1);
  });

  it('says that the database is short of room, and when to ask again', async () => {
    const response = await ask('/v1/books/full');
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await problem(response)).toMatchObject({
      type: 'urn:policy-timeline:problem:database-unavailable',
      status: 503,
      detail: 'The disk of the database is full. Try again.',
    });
  });

  it('tags an answer by its bytes and by its coding, and leaves out what the client has', async () => {
    const plain = await ask('/v1/books/1', { headers: { 'accept-encoding': 'identity' } });
    const packed = await ask('/v1/books/1', { headers: { 'accept-encoding': 'gzip' } });
    const [one = '', other = ''] = [plain, packed].map((response) => response.headers.get('etag') ?? undefined);
    expect(plain.headers.get('cache-control')).toBe('no-cache');
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(other).toBe(one.replace(/"$/, '-gzip"'));
    expect(await packed.json()).toEqual(await plain.json());
  });

  const gzip = { 'accept-encoding': 'gzip' };
  const plain = { 'accept-encoding': 'identity' };
  const fieldsOf = ({ headers }: Response) =>
    ['etag', 'vary', 'cache-control', 'content-encoding', 'content-length'].map((name) => headers.get(name));

  it('leaves out what the client has in the form that it would be sent, and no other', async () => {
    const tags = await Promise.all(
      [plain, gzip].map(async (headers) => (await ask('/v1/books/1', { headers })).headers.get('etag') ?? ''),
    );
    const [one = '', other = ''] = tags;
    for (const [headers, known, status] of [
      [plain, one, 304],
      [plain, `"x,", W/${one}`, 304],
      [plain, '*', 304],
      [plain, other, 200],
      [gzip, other, 304],
      [gzip, one, 200],
      [{ 'accept-encoding': 'gzip;q=0' }, other, 200],
    ] as const) {
      const full = await ask('/v1/books/1', { headers });
      const again = await ask('/v1/books/1', { headers: { ...headers, 'if-none-match': known } });
      expect({ headers, known, status: again.status }).toEqual({ headers, known, status });
      expect(fieldsOf(again).slice(0, 3)).toEqual(fieldsOf(full).slice(0, 3));
      expect((await again.text()) === '').toBe(status === 304);
      if (status === 304) expect(again.headers.get('content-length')).toBeNull();
    }
  });

  it.each([
    ['"x"', 412],
    ['nope', 412],
    ['W/"x"', 412],
    ['*', 200],
  ])('answers a read that demands %s with %i', async (tag, status) => {
    const response = await ask('/v1/books/1', { headers: { 'if-match': tag } });
    expect(response.status).toBe(status);
    if (status === 412) expect((await problem(response)).type).toMatch(/precondition-failed$/);
  });

  it('says what an answer depends on, whatever its form, and beside the origin', async () => {
    for (const headers of [plain, gzip])
      expect((await ask('/v1/books/1', { headers })).headers.get('vary')).toMatch(/accept, .*accept-encoding/);
    const headers = { origin: 'https://a.example', ...gzip };
    const { headers: allowed } = await ask('/v1/books/1', { headers });
    expect(allowed.get('access-control-allow-origin')).toBe('https://a.example');
    expect(allowed.get('vary')?.toLowerCase().split(', ').sort()).toEqual(['accept', 'accept-encoding', 'origin']);
    const again = await ask('/v1/books/1', { headers: { ...headers, 'if-none-match': allowed.get('etag') ?? '' } });
    expect([again.status, again.headers.get('vary')]).toEqual([304, allowed.get('vary')]);
  });

  it('answers HEAD as GET without the body', async () => {
    for (const headers of [plain, gzip]) {
      const head = await ask('/v1/books/1', { method: 'HEAD', headers });
      const get = await ask('/v1/books/1', { headers });
      expect([head.status, await head.text(), ...fieldsOf(head)]).toEqual([200, '', ...fieldsOf(get)]);
    }
    expect((await ask('/v1/nothing', { method: 'HEAD' })).status).toBe(404);
  });

  it('opens reads, and reads only, to the pages of other origins', async () => {
    const headers = {
      origin: 'https://a.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    expect((await ask('/v1/books', { headers })).headers.get('access-control-allow-origin')).toBe('https://a.example');
    const preflight = await ask('/v1/books', { method: 'OPTIONS', headers });
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD');
    const write = await ask('/v1/books', { method: 'POST', headers: { origin: 'https://a.example' } });
    expect((await problem(write)).type).toMatch(/cross-site-write$/);
  });

  it('answers what is not HTTP', async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('HELO there\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
  });
});
