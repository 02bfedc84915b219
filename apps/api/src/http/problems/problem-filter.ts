import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { redactKeys } from '#access';
import { LogOverloadedError, LogUnavailableError } from '#event-log';
import { errorCodeOf } from '#postgres';
import {
  ReplayOverloadedError,
  ReplayTooLongError,
  TooManyEventsError,
  TooManyPromisesError,
  UnknownLeftOutError,
  UnknownThingError,
  TooMuchDiffersError,
} from '#projections';
import type { Logger } from '#runtime';
import { uriReference } from '../request/addresses.js';
import { databaseProblem, whatIsMissing } from './database-faults.js';
import { type Mistake, Refusal, type WayOn } from './refusal.js';
import { type RefusalCode, refusals } from './refusals.js';
import type { RouteTable } from '../route-table.js';

/** The media type of every refusal (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json';

/** A refusal as it is answered (RFC 9457, section 3). */
export interface Problem extends WayOn {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly Mistake[];
}

/** The body of a problem; `type` is a URN, not a web address, and `instance` becomes a valid reference. */
export function problemOf(refused: Refusal, instance: string): Problem {
  const { status, title } = refusals[refused.code];
  return {
    type: `urn:policy-timeline:problem:${refused.code}`,
    title,
    status,
    detail: refused.detail,
    instance: uriReference(redactKeys(instance)),
    ...(refused.errors === undefined ? {} : { errors: refused.errors }),
    ...refused.wayOn,
  };
}

/** Answers a refusal; `instance` is the address that was asked for. */
export function sendProblem(reply: FastifyReply, refused: Refusal, instance: string): void {
  refusedWith.set(reply, refused.code);
  const problem = problemOf(refused, instance);
  void reply
    .code(problem.status)
    .headers({ 'cache-control': 'no-store', ...refused.headers })
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem));
}

const refusedWith = new WeakMap<FastifyReply, RefusalCode>();

/** Why a request was refused; undefined for one that was not. */
export const refusalCodeOf = (reply: FastifyReply): RefusalCode | undefined => refusedWith.get(reply);

/** Answers all errors thrown while a request is handled, including those of the framework. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly logger: Logger,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    // The headers are sent: the answer cannot become a problem any more, so it is cut off and the client notices.
    if (reply.raw.headersSent) {
      this.logger.error({ err: thrown }, 'an answer was cut off');
      reply.raw.destroy();
      return;
    }
    const request = http.getRequest<FastifyRequest>();
    const refused = this.refusalFor(thrown, request);
    sendProblem(reply, refused, request.originalUrl);
  }

  private refusalFor(thrown: unknown, request: FastifyRequest): Refusal {
    if (thrown instanceof Refusal) return thrown;
    if (hasHungUp(request, thrown)) return incomplete();
    const status = statusOf(thrown);
    // A file that must not be served is treated as missing.
    if (status === 404 || status === 403) return this.routes.refusalOf(request);
    const code = status === undefined ? undefined : codeByStatus.get(status);
    if (code !== undefined) return new Refusal(code, { detail: refusals[code].title + '.' });
    if (thrown instanceof LogOverloadedError) return busyRefusal();
    if (thrown instanceof ReplayOverloadedError)
      return new Refusal('too-many-requests', { detail: thrown.message, headers: { 'retry-after': '5' } });
    if (thrown instanceof TooMuchDiffersError)
      return new Refusal('answer-too-large', {
        detail: `${thrown.message} Ask for one policy, or for points that lie closer together.`,
      });
    if (thrown instanceof TooManyEventsError)
      return new Refusal('answer-too-large', {
        detail: `${thrown.message} Ask for one policy, type or actor, or for pages: leave shape out.`,
      });
    if (thrown instanceof UnknownLeftOutError)
      return new Refusal('unknown-left-out', {
        detail: `without: ${thrown.message} Check the key of the event, or the id of the source in /v1/sources, and the coordinate.`,
      });
    if (thrown instanceof UnknownThingError) return unknownThing(thrown);
    if (thrown instanceof TooManyPromisesError)
      return new Refusal('answer-too-large', { detail: `${thrown.message} Ask for one policy, or one owner.` });
    if (thrown instanceof ReplayTooLongError) {
      this.logger.warn({ err: thrown, url: request.originalUrl }, 'an answer took too long to fold');
      return new Refusal('took-too-long', {
        detail: `${thrown.message} Ask without engine=replay and proof=true: GET /v1/audit/export has the whole log, with which the same can be shown (ptl verify, ptl replay).`,
        headers: { 'retry-after': '30' },
      });
    }
    const fault = thrown instanceof LogUnavailableError ? 'unavailable' : databaseProblem(thrown);
    if (fault === 'took-too-long') {
      this.logger.warn({ err: thrown, url: request.originalUrl }, 'the database took too long for an answer');
      return new Refusal('took-too-long', {
        detail:
          'The database did not find the answer within its time limit. Ask for less: a smaller limit, one policy, one field, or coordinates closer together.',
        headers: { 'retry-after': '30' },
      });
    }
    if (fault === 'unavailable') {
      this.logger.error({ err: thrown }, 'the database cannot be reached');
      return new Refusal('database-unavailable', {
        detail: thrown instanceof LogUnavailableError ? thrown.message : `${whatIsMissing(thrown)} Try again.`,
        headers: { 'retry-after': '1' },
      });
    }
    const reference = randomUUID();
    this.logger.error({ err: thrown, reference, method: request.method, url: request.originalUrl }, 'a request failed');
    return new Refusal('internal-error', {
      detail: `The server failed to answer this request. Its log has the details under the reference ${reference}.`,
    });
  }
}

/** True where a client went before it had sent the whole request: no fault of ours, though it reads like one of the database. */
const hasHungUp = ({ raw: { complete, destroyed } }: FastifyRequest, thrown: unknown): boolean =>
  destroyed && !complete && errorCodeOf(thrown) === 'ECONNRESET';

/** Nobody reads it; the access log says why there was no answer. */
const incomplete = (): Refusal =>
  new Refusal('malformed-request', { detail: 'The connection was closed before the request was complete.' });

/** The refusal of a write when too many are in progress. */
export const busyRefusal = (): Refusal =>
  new Refusal('busy', {
    detail: 'Too many writes at once. Nothing was recorded; send the same request again.',
    headers: { 'retry-after': '1' },
  });

const codeByStatus: ReadonlyMap<number, RefusalCode> = new Map([
  [400, 'malformed-request'],
  [408, 'request-timeout'],
  [413, 'body-too-large'],
  [414, 'uri-too-long'],
  [415, 'unsupported-media-type'],
  [431, 'headers-too-large'],
  [503, 'shutting-down'],
]);

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status: unknown = thrown instanceof Error && 'statusCode' in thrown ? thrown.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

const WHERE_TO_LOOK: Readonly<Record<string, string>> = {
  source: 'Check its id in /v1/sources, and the coordinate.',
  actor: 'Check the exact name in /v1/actors, and the coordinate.',
};

function unknownThing({ message, of, near }: UnknownThingError): Refusal {
  const meant = near.length === 0 ? '' : ` Did you mean ${near.join(', or ')}?`;
  return new Refusal('unknown-thing', {
    detail: `${message}${meant} ${WHERE_TO_LOOK[of.kind] ?? 'Check its key in /v1/events, and the recorded time.'}`,
  });
}
