import type { FastifyInstance } from 'fastify';
import { isWrite } from './methods.js';
import { sendProblem } from './problem-filter.js';
import { Refused } from './refusal.js';

/** What of the watch over the clock this needs. */
interface Clock {
  readonly behindMs: number;
  readonly isTooFarBehind: boolean;
}

/** Refuses every write while its time of recording would be wrong by more than the limit. */
export function refuseUnderWrongClock(server: FastifyInstance, clock: Clock): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (!isWrite(request.method) || !clock.isTooFarBehind) return done();
    const refused = new Refused('clock-behind', {
      detail: `The clock is ${Math.round(clock.behindMs / 1_000)} s behind the last record: what is recorded now would get a wrong time. Set the clock right; if it was wrong when that was recorded, see CLOCK_LIMIT_MINUTES.`,
      headers: { 'retry-after': '60' },
    });
    sendProblem(reply, refused, request.originalUrl);
  });
}
