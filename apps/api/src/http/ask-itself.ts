import type { FastifyRequest } from 'fastify';

/** An answer of this service to itself. */
export interface OwnAnswer {
  readonly status: number;
  readonly text: string;
  /** Where it redirects to, if it does. */
  readonly location: string | undefined;
  /** After how many seconds to try again, if it says so. */
  readonly retryAfterSeconds: number | undefined;
}

/** The headers of a request that the answers to it depend on: who asks, and through what address. */
const PASSED_ON = [
  'host',
  'authorization',
  'cookie',
  'x-forwarded-for',
  'x-forwarded-proto',
  'sec-fetch-site',
  'origin',
];

/** What is posted to an address of this service. */
export interface OwnPost {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads an address of this service without a connection, as the client that sent a request; `posted` posts to it. Who may
 * write is decided by what that client's own request said.
 */
export async function askItself(request: FastifyRequest, address: string, posted?: OwnPost): Promise<OwnAnswer> {
  const headers = passedOn(request);
  const answer = await request.server.inject({
    url: address,
    remoteAddress: request.ip,
    headers,
    ...(posted && {
      method: 'POST',
      headers: { ...headers, ...posted.headers, 'content-type': 'application/json' },
      payload: JSON.stringify(posted.body),
    }),
  });
  const { location } = answer.headers;
  const retryAfterSeconds = Number(answer.headers['retry-after']) || undefined;
  return { status: answer.statusCode, text: answer.payload, location, retryAfterSeconds };
}

/** What this service would answer itself, as the client that sent a request: the headers alone, of which some can be lists. */
export async function probeItself(
  request: FastifyRequest,
  address: string,
): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, unknown>> }> {
  const { statusCode: status, headers } = await request.server.inject({
    method: 'HEAD',
    url: address,
    remoteAddress: request.ip,
    headers: passedOn(request),
  });
  return { status, headers };
}

const passedOn = (request: FastifyRequest): Record<string, string | string[]> =>
  Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = request.headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
