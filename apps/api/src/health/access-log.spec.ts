import { beforeAll, describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { logAccess } from './access-log.js';

describe('the access log', () => {
  const lines: object[] = [];
  let id: unknown;

  beforeAll(async () => {
    const server = fastify();
    logAccess(server, {
      logger: { info: (line: object) => void lines.push(line) },
      principalOf: ({ headers }) => (headers.authorization === undefined ? undefined : 'key-7'),
      traceOf: () => '4bf92f3577b34da6a3ce929d0e0e4736',
    });
    server.get('/v1/policies/:slug', async () => ({ some: 'answer' }));
    const headers = { authorization: 'Bearer ptl_secret' };
    const answer = await server.inject({ url: '/v1/policies/ferry?key=ptl_secret', headers });
    id = answer.headers['x-request-id'];
    await server.inject({ url: '/ptl_secret' });
    await server.close();
  });

  it('says of a request what it was, by whom, how it ended and what it cost', () => {
    expect(lines[0]).toEqual({
      request: id,
      method: 'GET',
      route: '/v1/policies/:slug',
      status: 200,
      durationMs: expect.any(Number),
      bytes: 17,
      principal: 'key-7',
      trace: '4bf92f3577b34da6a3ce929d0e0e4736',
    });
    expect(id).toMatch(/^[0-9a-f]{8}-/);
  });

  it('holds nothing that a client sent but its method', () => {
    expect(lines[1]).toMatchObject({ route: 'none', status: 404 });
    expect(JSON.stringify(lines)).not.toMatch(/secret|ferry/);
  });
});
