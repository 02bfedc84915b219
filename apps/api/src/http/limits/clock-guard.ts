import type { FastifyInstance } from 'fastify';
import type { ClockFault, ClockFigures } from '#recording';
import { isRecordWrite } from '../request/methods.js';
import { sendProblem } from '../problems/problem-filter.js';
import { Refusal } from '../problems/refusal.js';

/** The parts of the clock watch that are needed here. */
interface Clock {
  readonly figures: Pick<ClockFigures, 'behindMs' | 'differsMs'>;
  readonly fault: ClockFault | undefined;
}

/** Refuses every write while its time of recording would be wrong by more than the limit. */
export function refuseUnderWrongClock(server: FastifyInstance, clock: Clock): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { fault } = clock;
    if (fault === undefined || !isRecordWrite(request)) return done();
    const detail = `${inWords(fault, clock)}: an event recorded now would get a wrong time. ${ADVICE[fault]}`;
    sendProblem(reply, new Refusal(fault, { detail, headers: { 'retry-after': '60' } }), request.originalUrl);
  });
}

const ADVICE: Readonly<Record<ClockFault, string>> = {
  'clock-behind': 'Correct the clock; if it was wrong when that record was made, see CLOCK_LIMIT_MINUTES.',
  'clock-differs': 'Correct whichever clock is wrong.',
};

const inWords = (fault: ClockFault, { figures }: Pick<Clock, 'figures'>): string =>
  fault === 'clock-behind'
    ? `The clock is ${seconds(figures.behindMs)} behind the last record`
    : `The database's clock is ${seconds(figures.differsMs)} ${figures.differsMs > 0 ? 'ahead of' : 'behind'} this machine's`;

const seconds = (ms: number): string => `${Math.round(Math.abs(ms) / 1_000)} s`;
