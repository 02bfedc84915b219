import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../problems/refusal.js';
import { type Arrival, arrivalOf } from './arrival.js';
import { type ArrivalRules, couldWrite, judgeArrival } from './judge-arrival.js';
import { remoteReason } from './loopback.js';

/** What the sender of a request may do here. */
export class Access {
  constructor(
    private readonly arrival: Arrival,
    private readonly rules: ArrivalRules,
  ) {}

  /** True for a program on this machine that asks without a proxy. */
  get isLocal(): boolean {
    return remoteReason(this.arrival) === undefined;
  }

  /** True if a write of the same sender would be let through. */
  get mayWrite(): boolean {
    return couldWrite(this.arrival, this.rules);
  }
}

/** What this process asks itself for the sender of a request is judged by that request. */
const ownRequests = new AsyncLocalStorage<Access>();

const granted = new WeakMap<FastifyRequest, Access>();

/** Judges every request before anything else looks at it. Must be called before routes are added. */
export function guardAccess(server: FastifyInstance, rules: ArrivalRules): void {
  server.addHook('onRequest', (request, _reply, done) => {
    granted.set(request, ownRequests.getStore() ?? admit(arrivalOf(request), rules));
    done();
  });
}

/** The access of a request that was let in. */
export function accessOf(request: FastifyRequest): Access {
  const access = granted.get(request);
  if (access === undefined) throw new Error('The access of this request was never judged.');
  return access;
}

/** Runs what asks this process itself for the sender of a request, with that sender's access. */
export const runWithAccess = <T>(request: FastifyRequest, ask: () => Promise<T>): Promise<T> =>
  ownRequests.run(accessOf(request), ask);

function admit(arrival: Arrival, rules: ArrivalRules): Access {
  const refused = judgeArrival(arrival, rules);
  if (refused !== undefined) throw new Refusal(refused.code, { detail: refused.detail });
  return new Access(arrival, rules);
}
