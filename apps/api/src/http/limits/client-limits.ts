import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Configuration, isLoopback } from '#runtime';
import { accessOf, isOwnRequest } from '../access/access.js';
import { neededRole } from '../access/route-roles.js';
import { sendProblem } from '../problems/problem-filter.js';
import { Refusal } from '../problems/refusal.js';
import { isWrite } from '../request/methods.js';
import { QuotaLedger, type Standing, policyField, standingField } from './quota.js';
import { addressOf, identifyClient } from './client.js';
import { type CostlyRequest, costOf, isExport, isWorkedOut } from './request-cost.js';
import { TurnsAtWork } from './turns-at-work.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The quota that a route which needs no role is counted by; without it, such a route is not counted. */
    quota?: 'sign-ins';
  }
}

/** How much each client may ask for, and how much is worked out at a time for all. */
export interface ClientLimitsOptions {
  readonly limits: Configuration['limits'];
  readonly now: () => number;
}

const MINUTE = 60;
const HOUR = 3_600;

const MEGABYTE = 1_048_576;

/** What takes long to work out may wait, as far as requests may be in progress at all. */
const WAITING = 200;

const RETRY = { 'retry-after': '5' };

/** The limits of each client on reads, writes, sign-ins and bytes of exports, and of all together on what is worked out anew. */
export class ClientLimits {
  readonly turns: TurnsAtWork;
  /** What ends the turn of each request that has or awaits one. */
  readonly #ends = new WeakMap<FastifyRequest, () => void>();
  readonly #ledgers: Readonly<Record<'reads' | 'writes' | 'sign-ins' | 'exports', QuotaLedger>>;

  constructor(private readonly options: ClientLimitsOptions) {
    const { readsPerMinute, writesPerMinute, signInsPerMinute, exportMegabytesPerHour, costlyReadsAtOnce } =
      options.limits;
    const exportBytes = exportMegabytesPerHour * MEGABYTE;
    this.#ledgers = {
      reads: new QuotaLedger({ name: 'reads', amount: readsPerMinute, windowSeconds: MINUTE }, options.now),
      writes: new QuotaLedger({ name: 'writes', amount: writesPerMinute, windowSeconds: MINUTE }, options.now),
      'sign-ins': new QuotaLedger({ name: 'sign-ins', amount: signInsPerMinute, windowSeconds: MINUTE }, options.now),
      exports: new QuotaLedger({ name: 'export-bytes', amount: exportBytes, windowSeconds: HOUR }, options.now),
    };
    this.turns = new TurnsAtWork({ atOnce: costlyReadsAtOnce, waiting: WAITING });
  }

  /** Must be called after what judges access, and before routes are added. */
  guard(server: FastifyInstance): void {
    server.addHook('onRequest', (request, reply, done) => {
      if (neededRole(request) === 'anyone' && quotaOf(request) === undefined) return done();
      const refused = isOwnRequest() ? undefined : this.#refusalOf(request, reply);
      if (refused !== undefined) return sendProblem(reply, refused, request.originalUrl);
      const isCostly = isRead(request) && isWorkedOut(request) && !isExport(costlyRequest(request));
      if (isCostly) this.#takeTurn(request, reply, done);
      else done();
    });
    // An answer that is worked out may take long to be read; one whose client has gone is worked out all the same.
    server.addHook('onSend', async (request, _reply, payload) => {
      this.#ends.get(request)?.();
      return payload;
    });
  }

  #refusalOf(request: FastifyRequest, reply: FastifyReply): Refusal | undefined {
    if (!isCounted(request, this.options.limits.of)) return undefined;
    const asked = costlyRequest(request);
    const kind = quotaOf(request) ?? (isRead(request) ? 'reads' : 'writes');
    const client = kind === 'sign-ins' ? addressOf(request) : identifyClient(request);
    const isFile = kind === 'reads' && isExport(asked);
    // What is over the limit of bytes costs no read.
    const bytes = isFile ? this.#ledgers.exports.take(client, 0) : undefined;
    if (bytes !== undefined && bytes.waitSeconds > 0) return refuse(reply, this.#ledgers.exports, bytes);
    const ledger = this.#ledgers[kind];
    const standing = ledger.take(client, kind === 'reads' ? costOf(asked) : 1);
    if (standing.waitSeconds > 0) return refuse(reply, ledger, standing);
    tell(reply, ledger, standing);
    if (isFile) this.#chargeBytes(client, request, reply);
    return undefined;
  }

  #chargeBytes(client: string, { raw: { socket } }: FastifyRequest, { raw }: FastifyReply): void {
    const before = socket.bytesWritten;
    raw.once('close', () => this.#ledgers.exports.charge(client, socket.bytesWritten - before));
  }

  /** Keeps a request waiting until it is its turn to be worked out. */
  #takeTurn(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    let hasBegun = false;
    const end = this.turns.start(identifyClient(request), () => {
      hasBegun = true;
      done();
    });
    if (end === undefined) return sendProblem(reply, tooMuchWork(this.turns), request.originalUrl);
    this.#ends.set(request, end);
    reply.raw.once('finish', end);
    reply.raw.once('close', () => (hasBegun ? undefined : end()));
  }
}

/** The quota that the route of a request names. */
const quotaOf = ({ routeOptions }: FastifyRequest): 'sign-ins' | undefined => routeOptions.config.quota;

const isRead = ({ method }: FastifyRequest): boolean => !isWrite(method);

const costlyRequest = ({ url, originalUrl, headers }: FastifyRequest): CostlyRequest => ({
  url,
  originalUrl,
  accept: headers.accept,
});

/**
 * True for a request that is counted.
 *
 * Programs on this machine are not, unless all are. Nor is what a proxy on this machine forwards without a key, while
 * `TRUST_PROXY` does not say that its word is to be taken: it is one address for everybody behind it.
 */
function isCounted(request: FastifyRequest, of: Configuration['limits']['of']): boolean {
  if (of !== 'others') return of === 'everybody';
  if (quotaOf(request) === 'sign-ins') return !isLoopback(request.ip);
  const { principal, isLocal } = accessOf(request);
  return !isLocal && (principal !== undefined || !isLoopback(request.ip));
}

function refuse(reply: FastifyReply, ledger: QuotaLedger, standing: Standing): Refusal {
  tell(reply, ledger, standing);
  const { amount, windowSeconds, name } = ledger.quota;
  return new Refusal('rate-exceeded', {
    detail: `You have used up your ${name}: ${amount} in ${windowSeconds} s. Try again in ${standing.waitSeconds} s.`,
    headers: { 'retry-after': String(standing.waitSeconds) },
  });
}

function tell(reply: FastifyReply, { quota }: QuotaLedger, standing: Standing): void {
  reply.header('ratelimit-policy', policyField(quota)).header('ratelimit', standingField(quota, standing));
}

const tooMuchWork = ({ counts: { working, waiting } }: TurnsAtWork): Refusal =>
  new Refusal('too-many-requests', {
    detail: `${working} answers are being worked out from many events, and ${waiting} more wait for it. Try again, or ask for less: one policy, or an answer without proof, replay or without=.`,
    headers: RETRY,
  });
