import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#runtime';

/** The parts of the access log. */
export interface AccessLogNeeds {
  readonly logger: Pick<Logger, 'info'>;
  /** The id of the key that a request came with; never the key, nor a name. */
  readonly principalOf: (request: FastifyRequest) => string | undefined;
  /** The id of the trace that a request is part of. */
  readonly traceOf: (request: FastifyRequest) => string | undefined;
}

const MICROSECONDS = 1_000;

/**
 * Logs each request when it is answered, and tells its id to the client as `X-Request-Id`.
 *
 * The address is logged as its route: neither a query, nor what stands in a path, nor a header can hold a secret that is
 * written down here.
 */
export function logAccess(server: FastifyInstance, { logger, principalOf, traceOf }: AccessLogNeeds): void {
  const [process] = randomUUID().split('-');
  const idOf = ({ id }: FastifyRequest): string => `${process}-${id}`;
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', idOf(request));
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const principal = principalOf(request);
    const trace = traceOf(request);
    logger.info(
      {
        request: idOf(request),
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ...costOf(reply),
        ...(principal === undefined ? {} : { principal }),
        ...(trace === undefined ? {} : { trace }),
      },
      'request',
    );
    done();
  });
}

/** What the answer cost: time to its end, and bytes where it had a length. */
function costOf(reply: FastifyReply): { readonly durationMs: number; readonly bytes?: number } {
  const durationMs = Math.round(reply.elapsedTime * MICROSECONDS) / MICROSECONDS;
  const length = Number(reply.getHeader('content-length') ?? Number.NaN);
  return Number.isNaN(length) ? { durationMs } : { durationMs, bytes: length };
}
