import type { FastifyRequest } from 'fastify';
import { isLocal } from './loopback.js';
import { crossSiteReason } from './same-site.js';

/** True for a request whose sender could also write: what refuses writes of others would let one of this sender pass. */
export const couldWrite = (request: Pick<FastifyRequest, 'socket' | 'headers'>): boolean =>
  isLocal(request) && crossSiteReason(request) === undefined;
