import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { refuseUnderWrongClock } from './clock-guard.js';

describe('under a clock that is too far behind the record', () => {
  it('writes of every kind are refused, reads are not, and all go on when it is right again', async () => {
    const clock = { behindMs: 7_200_000, isTooFarBehind: true };
    const server = fastify();
    refuseUnderWrongClock(server, clock);
    const methods = ['GET', 'HEAD', 'POST', 'DELETE'] as const;
    server.all('/', () => 'done');
    const ask = async () => Promise.all(methods.map((method) => server.inject({ method, url: '/' })));
    const refused = await ask();
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([200, 200, 503, 503]);
    expect(refused[2]?.json()).toMatchObject({
      type: 'urn:policy-timeline:problem:clock-behind',
      detail: expect.stringContaining('7200 s behind'),
    });
    clock.isTooFarBehind = false;
    expect((await ask()).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    await server.close();
  });
});
