import type { FastifyRequest, InjectOptions, LightMyRequestResponse as InjectedResponse } from 'fastify';
import { type Access, accessOf, runWithAccess } from './access/access.js';
import { originForm } from './request/addresses.js';

/** An answer of this service to itself. */
export interface OwnAnswer {
  readonly status: number;
  readonly text: string;
  /** Where it redirects to, if it does, from its `/` on. */
  readonly location: string | undefined;
  /** After how many seconds to try again, if it says so. */
  readonly retryAfterSeconds: number | undefined;
}

/** The headers of a request that the answers to it depend on: through what address it was sent. */
const PASSED_ON = ['host', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

/** What is posted to an address of this service. */
export interface OwnPost {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads an address of this service without a connection, as the client that sent a request; `posted` posts to it. What
 * it may do has been decided by that client's own request.
 */
export async function askItself(request: FastifyRequest, address: string, posted?: OwnPost): Promise<OwnAnswer> {
  return askAs(accessOf(request), request, {
    url: address,
    ...(posted && {
      method: 'POST',
      headers: { ...posted.headers, 'content-type': 'application/json' },
      payload: JSON.stringify(posted.body),
    }),
  });
}

/** The same, read as every reader may read it: for what is kept and handed on. */
export const askForEveryReader = (request: FastifyRequest, address: string): Promise<OwnAnswer> =>
  askAs(accessOf(request).forEveryReader, request, { url: address });

async function askAs(access: Access, request: FastifyRequest, asked: InjectOptions): Promise<OwnAnswer> {
  const answer = await injectAs(access, request, asked);
  const retryAfterSeconds = Number(answer.headers['retry-after']) || undefined;
  const { location: target } = answer.headers;
  const location = target === undefined ? undefined : originForm(target);
  return { status: answer.statusCode, text: answer.payload, location, retryAfterSeconds };
}

/** What this service would answer itself, as the client that sent a request: the headers alone, of which some can be lists. */
export async function probeItself(
  request: FastifyRequest,
  address: string,
): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, unknown>> }> {
  const { statusCode: status, headers } = await injectAs(accessOf(request), request, {
    method: 'HEAD',
    url: address,
  });
  return { status, headers };
}

/** Sends a request to this service, through the same address as another. */
function injectAs(
  access: Access,
  request: FastifyRequest,
  { headers, ...options }: InjectOptions,
): Promise<InjectedResponse> {
  const { remoteAddress } = request.socket;
  return runWithAccess(access, async () =>
    request.server.inject({
      ...options,
      ...(remoteAddress === undefined ? {} : { remoteAddress }),
      headers: { ...passedOn(request), ...headers },
    }),
  );
}

const passedOn = (request: FastifyRequest): Record<string, string | string[]> =>
  Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = request.headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
