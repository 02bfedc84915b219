import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemOf, sendProblem } from '../problems/problem-filter.js';
import { Refusal } from '../problems/refusal.js';

/** Limits on the requests and answers in progress. */
export interface ExchangeLimitsOptions {
  /** The most requests at a time, without health checks, metrics and streams, which have limits of their own. */
  readonly requests: number;
  /** A connection is closed if its client has read nothing of an answer for this time. */
  readonly sendMs: number;
  /** The most bytes of one answer. */
  readonly answerBytes?: number;
  /** The most bytes of all answers that have not been read yet. */
  readonly untakenBytes?: number;
}

const ANSWER_BYTES = 32 * 1024 * 1024;
const UNTAKEN_BYTES = 256 * 1024 * 1024;

const NOT_LIMITED = /^\/(?:livez|readyz|metrics|v1\/(?:policies\/[^/?]+\/)?stream)(?=[?]|$)/;

const RETRY = { 'retry-after': '1' };

/** Counts of what is in progress, on one connection or on all. */
interface Exchanges {
  /** All requests. */
  open: number;
  /** Those that are limited. */
  limited: number;
  /** Bytes of answers. */
  bytes: number;
}

const none = (): Exchanges => ({ open: 0, limited: 0, bytes: 0 });

/** Limits what is in progress at a time, and disconnects clients that do not read. */
export class ExchangeLimits {
  readonly #connections = new Map<Socket, Exchanges>();
  readonly #all = none();

  constructor(private readonly options: ExchangeLimitsOptions) {}

  /** Counts requests, and refuses those over the limit. Must be called before any other hook is added. */
  guard(server: FastifyInstance): void {
    server.server.on('connection', (socket: Socket) => this.#watch(socket));
    server.server.timeout = this.options.sendMs;
    server.server.on('timeout', (socket: Socket) => this.#idle(socket));
    server.addHook('onRequest', async (request, reply) => {
      const isLimited = !NOT_LIMITED.test(request.url);
      if (isLimited && this.#all.limited >= this.options.requests) {
        sendProblem(reply, tooMany(this.options.requests), request.originalUrl);
        await reply;
        return;
      }
      this.#count(request, reply, { open: 1, limited: isLimited ? 1 : 0 });
    });
  }

  /** Checks the size of answers as they are sent. Must be called after all hooks that change their form. */
  weigh(server: FastifyInstance): void {
    const { answerBytes = ANSWER_BYTES, untakenBytes = UNTAKEN_BYTES } = this.options;
    server.addHook('onSend', async (request, reply, payload) => {
      const bytes = bytesOf(payload);
      const refused =
        bytes > answerBytes
          ? tooLarge(bytes, answerBytes)
          : this.#all.bytes + bytes > untakenBytes
            ? tooMuch()
            : undefined;
      if (refused) return problemInstead(reply, refused, request.originalUrl);
      if (bytes > 0) this.#count(request, reply, { bytes });
      return payload;
    });
  }

  #watch(socket: Socket): void {
    this.#connections.set(socket, none());
    socket.once('close', () => {
      const left = this.#connections.get(socket);
      this.#connections.delete(socket);
      if (left) add(this.#all, left, -1);
    });
  }

  /** Counts until the answer is sent or its connection closed: a pipelined answer that still waits gets no event of its own. */
  #count({ raw: { socket } }: FastifyRequest, { raw }: FastifyReply, counted: Partial<Exchanges>): void {
    const addAll = (times: 1 | -1): void => {
      const connection = this.#connections.get(socket);
      if (!connection) return;
      add(connection, counted, times);
      add(this.#all, counted, times);
    };
    addAll(1);
    raw.once('close', () => addAll(-1));
  }

  /** Closes a connection that was idle for the time limit, unless the client is waiting for an answer. */
  #idle(socket: Socket): void {
    const isAnswering = (this.#connections.get(socket)?.open ?? 0) > 0;
    if (isAnswering && socket.writableLength === 0) socket.setTimeout(this.options.sendMs);
    else socket.destroy();
  }
}

function add(sum: Exchanges, { open = 0, limited = 0, bytes = 0 }: Partial<Exchanges>, times: 1 | -1): void {
  sum.open += times * open;
  sum.limited += times * limited;
  sum.bytes += times * bytes;
}

const tooMany = (limit: number): Refusal =>
  new Refusal('too-many-requests', {
    detail: `This process is already handling ${limit} requests, the most it handles at once. Try again.`,
    headers: RETRY,
  });

const tooMuch = (): Refusal =>
  new Refusal('too-many-requests', {
    detail: 'Too many answers are waiting for slow clients to read them. Try again.',
    headers: RETRY,
  });

const tooLarge = (bytes: number, limit: number): Refusal =>
  new Refusal('answer-too-large', {
    detail: `The answer has ${bytes} bytes; at most ${limit} are sent. Ask for less: a smaller limit, one policy, one field, or coordinates closer together.`,
  });

const bytesOf = (payload: unknown): number =>
  typeof payload === 'string' ? Buffer.byteLength(payload) : ArrayBuffer.isView(payload) ? payload.byteLength : 0;

function problemInstead(reply: FastifyReply, refused: Refusal, url: string): string {
  const problem = problemOf(refused, url);
  reply
    .code(problem.status)
    .removeHeader('etag')
    .removeHeader('content-length')
    .removeHeader('content-encoding')
    .removeHeader('link')
    .headers({ 'cache-control': 'no-store', 'content-type': `${PROBLEM_TYPE}; charset=utf-8`, ...refused.headers });
  return JSON.stringify(problem);
}
