import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import type { ClockFault } from '#recording';
import { refuseUnderWrongClock } from './clock-guard.js';

const METHODS = ['GET', 'HEAD', 'POST', 'DELETE'] as const;

describe('under a clock that is too far off', () => {
  it.each([
    ['clock-behind', { behindMs: 7_200_000, differsMs: 0 }, 'The clock is 7200 s behind the last record'],
    ['clock-differs', { behindMs: 0, differsMs: 7_200_000 }, "The database's clock is 7200 s ahead of this machine's"],
    ['clock-differs', { behindMs: 0, differsMs: -7_200_000 }, "The database's clock is 7200 s behind this machine's"],
  ] as const)(
    'writes are refused (%s, %j), reads are not, and all go on when it is right',
    async (code, figures, said) => {
      const clock: { fault: ClockFault | undefined; figures: typeof figures } = { figures, fault: code };
      const server = fastify();
      refuseUnderWrongClock(server, clock);
      server.all('/', () => 'done');
      const ask = async () => Promise.all(METHODS.map((method) => server.inject({ method, url: '/' })));
      const refused = await ask();
      expect(refused.map(({ statusCode }) => statusCode)).toEqual([200, 200, 503, 503]);
      expect(refused[2]?.json()).toMatchObject({
        type: `urn:policy-timeline:problem:${code}`,
        detail: expect.stringContaining(said),
      });
      clock.fault = undefined;
      expect((await ask()).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
      await server.close();
    },
  );

  it('what is kept beside the record goes on: citing, and signing out', async () => {
    const server = fastify();
    refuseUnderWrongClock(server, { fault: 'clock-behind', figures: { behindMs: 7_200_000, differsMs: 0 } });
    server.all('/*', () => 'done');
    const statusOf = async (url: string) => (await server.inject({ method: 'POST', url })).statusCode;
    for (const url of ['/v1/citations', '/sign-out', '/sign-out?x']) expect(await statusOf(url)).toBe(200);
    for (const url of ['/v1/policies', '/sign-outs', '/v1/sign-out', '/record']) expect(await statusOf(url)).toBe(503);
    await server.close();
  });
});
