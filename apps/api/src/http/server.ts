import { type IncomingMessage, STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Configuration, Logger } from '#runtime';
import { nestLogger } from '../start/nest-logger.js';
import type { JudgingAgain } from './access/answers-under-way.js';
import { arrivalRules } from './access/judge-arrival.js';
import { routeAddress } from './request/accept.js';
import { limitArrival } from './limits/arrival-limit.js';
import type { ClientLimits } from './limits/client-limits.js';
import { ExchangeLimits } from './limits/exchange-limits.js';
import { registerPlugins } from './plugins.js';
import { PROBLEM_TYPE, ProblemFilter, problemOf, sendProblem } from './problems/problem-filter.js';
import { Refusal } from './problems/refusal.js';
import { RouteTable } from './route-table.js';

/** Slugs and keys have at most 120 characters; anything longer is simply unknown. */
const LONGEST_PATH_PART = 400;

/** The headers of a request must have arrived by then. */
const HEAD_LIMIT_MS = 20_000;

/** In each window another part of a body must arrive, so a small body must be complete after one. */
const ARRIVAL_WINDOW_MS = 30_000;
const ARRIVAL_BYTES = 65_536;
const KEEP_ALIVE_MS = 10_000;
const MILLISECONDS = 1_000;
/** Limits, spans, the access log and the framework wait for the end of each answer; Node warns of more than 10. */
const MOST_LISTENERS = 20;

/** The parts of the server. */
export interface ServerOptions {
  readonly module: DynamicModule;
  readonly configuration: Configuration;
  readonly logger: Logger;
  /** By what the senders of requests are known. */
  readonly identification: Pick<JudgingAgain, 'principals' | 'sessions'>;
  readonly clientLimits: ClientLimits;
  /** Called with the server before it has any route. */
  readonly watch: (server: FastifyInstance) => void;
  /** Called with the application when everything but its controllers is set up. */
  readonly extend: (application: NestFastifyApplication) => void | Promise<void>;
}

/** Builds the HTTP application; it does not listen yet. */
export async function createServer({
  module,
  configuration,
  logger,
  identification,
  clientLimits,
  watch,
  extend,
}: ServerOptions): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    ...(configuration.trustProxy.length > 0 && { trustProxy: [...configuration.trustProxy] }),
    rewriteUrl: (request: IncomingMessage) => routeAddress(request.url ?? '/'),
    routerOptions: { maxParamLength: LONGEST_PATH_PART, querystringParser: () => ({}) },
    // A request without a Host is refused with a problem, as any other.
    http: { requireHostHeader: false, headersTimeout: HEAD_LIMIT_MS },
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    clientErrorHandler: refuseGarbage,
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, unroutable(error), request.originalUrl),
  });
  const server = adapter.getInstance();
  server.addHook('onRequest', (_request, { raw }, done) => {
    raw.setMaxListeners(MOST_LISTENERS);
    done();
  });
  const routes = new RouteTable();
  server.server.on('checkExpectation', refuseExpectation);
  limitArrival(server.server, { windowMs: ARRIVAL_WINDOW_MS, bytes: ARRIVAL_BYTES, onLate: refuseLate });
  routes.watch(server);
  const limits = new ExchangeLimits({
    requests: configuration.requestLimit,
    sendMs: configuration.sendLimitSeconds * MILLISECONDS,
  });
  limits.guard(server);
  watch(server);
  const { reads } = configuration;
  await registerPlugins(server, { ...identification, logger, rules: { ...arrivalRules(configuration), reads } });
  clientLimits.guard(server);
  limits.weigh(server);
  const application = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: nestLogger(logger),
  });
  application.useGlobalFilters(new ProblemFilter(routes, logger));
  openToBrowsers(application, configuration.corsOrigins);
  await extend(application);
  await application.init();
  return application;
}

/** Headers that pages of other origins may read; without this, browsers keep all but a few from them. */
const EXPOSED_HEADERS = [
  'etag',
  'link',
  'location',
  'accept-ranges',
  'content-disposition',
  'content-length',
  'content-range',
  'memento-datetime',
  'repr-digest',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
];

function openToBrowsers(application: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  application.enableCors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD'],
    exposedHeaders: EXPOSED_HEADERS,
  });
}

/** The refusal of an address that the router rejects before it looks for a route. */
function unroutable({ code }: FastifyError): Refusal {
  if (code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new Refusal('uri-too-long', {
      detail: `A segment of the address has more than ${LONGEST_PATH_PART} characters. Check the address.`,
    });
  return new Refusal('malformed-request', {
    detail: 'The address is not valid percent-encoded UTF-8. Check its encoding.',
  });
}

/** Answers a request with an expectation that is not supported (RFC 9110, section 10.1.1). */
function refuseExpectation({ headers, url = '/' }: IncomingMessage, response: ServerResponse): void {
  const refused = new Refusal('expectation-failed', {
    detail: `"Expect: ${headers.expect ?? ''}" cannot be met; only 100-continue is supported.`,
  });
  const body = JSON.stringify(problemOf(refused, url));
  response
    .writeHead(417, { 'content-type': PROBLEM_TYPE, 'content-length': Buffer.byteLength(body), connection: 'close' })
    .end(body);
}

/** Answers malformed HTTP directly on the connection. */
function refuseGarbage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refused =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Refusal('headers-too-large', { detail: 'The headers are too large. Send fewer or shorter ones.' })
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? late()
        : new Refusal('malformed-request', { detail: 'This is not a well-formed HTTP request.' });
  endWith(refused, socket);
}

/** Answers a request whose body does not arrive, and closes its connection: whoever stands still may never do so. */
function refuseLate(socket: Socket): void {
  endWith(late(), socket);
  socket.destroySoon();
}

const late = (): Refusal =>
  new Refusal('request-timeout', { detail: 'The request was not complete within the time limit. Send it again.' });

function endWith(refused: Refusal, socket: Socket): void {
  const problem = problemOf(refused, '/');
  const body = JSON.stringify(problem);
  const head = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: ${PROBLEM_TYPE}`;
  socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}
