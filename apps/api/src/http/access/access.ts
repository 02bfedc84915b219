import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type KeyRefusal, type Keyring, type Principal, containsKey, reachesRole } from '#access';
import { sendProblem } from '../problems/problem-filter.js';
import { Refusal } from '../problems/refusal.js';
import { type Arrival, arrivalOf } from './arrival.js';
import { readCredential } from './credentials.js';
import { crossSiteReason } from './cross-site.js';
import { type ArrivalRules, judgeArrival } from './judge-arrival.js';
import { type Asking, type NeededRole, judgeRole, roleOf } from './judge-role.js';
import { remoteReason } from './loopback.js';
import { fillRole, neededRole } from './route-roles.js';

/** By what requests are judged. */
export interface AccessRules extends ArrivalRules {
  readonly reads: 'open' | 'keys';
}

/** What the sender of a request may do here. */
export class Access {
  constructor(
    private readonly arrival: Arrival,
    private readonly rules: AccessRules,
    private readonly asking: Asking,
  ) {}

  /** Who sent it, if it has a key. */
  get principal(): Principal | undefined {
    return this.asking.principal;
  }

  /** True for a program on this machine that asks without a proxy. */
  get isLocal(): boolean {
    return remoteReason(this.arrival) === undefined;
  }

  /** True if a write of the same sender would be let through. */
  get mayWrite(): boolean {
    const role = roleOf(this.arrival, this.asking);
    return (
      role !== undefined &&
      reachesRole(role, 'recorder') &&
      crossSiteReason(this.arrival, this.rules.publicUrl) === undefined
    );
  }

  /** Refuses what needs a role that the sender has not. */
  demand(needed: NeededRole, method: string): void {
    const refused = judgeRole(needed, { ...this.arrival, method }, this.asking);
    if (refused === undefined) return;
    const headers = refused.code === 'key-missing' ? { 'www-authenticate': CHALLENGE } : {};
    throw new Refusal(refused.code, { detail: refused.detail, headers });
  }
}

const CHALLENGE = 'Bearer realm="Policy Timeline", Basic realm="Policy Timeline", charset="UTF-8"';

/** RFC 6750, section 3.1. */
const REJECTION = CHALLENGE.replace('",', '", error="invalid_token",');

/** What this process asks itself for the sender of a request is judged by that request. */
const ownRequests = new AsyncLocalStorage<Access>();

const granted = new WeakMap<FastifyRequest, Access>();

/** Judges every request before anything else looks at it. Must be called before routes are added. */
export function guardAccess(server: FastifyInstance, rules: AccessRules, keyring: Keyring): void {
  server.addHook('onRoute', fillRole);
  server.addHook('onRequest', (request, reply, done) => {
    const judge = (): void => {
      const access = ownRequests.getStore() ?? admit(request, rules, keyring);
      access.demand(neededRole(request), request.method);
      granted.set(request, access);
    };
    // Documents and files have routes that are added before there is a handler of errors.
    const refuse = (thrown: Error): void =>
      thrown instanceof Refusal ? sendProblem(reply, thrown, request.originalUrl) : done(thrown);
    const isCurrent = keyring.isFresh || !needsKeys(request);
    if (!isCurrent) {
      keyring
        .refresh()
        .then(judge)
        .then(() => done(), refuse);
      return;
    }
    try {
      judge();
    } catch (thrown) {
      return refuse(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
    done();
  });
}

/** True for a request that must be judged by the current keys. */
const needsKeys = (request: FastifyRequest): boolean =>
  request.headers.authorization !== undefined ||
  !READERS.has(neededRole(request)) ||
  request.url.startsWith('/v1/about');

const READERS: ReadonlySet<NeededRole> = new Set(['anyone', 'reader']);

/** The access of a request that was let in. */
export function accessOf(request: FastifyRequest): Access {
  const access = granted.get(request);
  if (access === undefined) throw new Error('The access of this request was never judged.');
  return access;
}

/** The id of the key that a request was sent with; undefined for a request without one, or that was refused. */
export const principalIdOf = (request: FastifyRequest): string | undefined => granted.get(request)?.principal?.id;

/** Runs what asks this process itself for the sender of a request, with that sender's access. */
export const runWithAccess = <T>(request: FastifyRequest, ask: () => Promise<T>): Promise<T> =>
  ownRequests.run(accessOf(request), ask);

function admit(request: FastifyRequest, rules: AccessRules, keyring: Keyring): Access {
  const arrival = arrivalOf(request);
  if (containsKey(request.originalUrl))
    throw new Refusal('key-in-address', {
      detail:
        'The address contains a key. Addresses are written to logs and histories, so this key is no secret any more: revoke it (ptl keys revoke), make another, and send it as "Authorization: Bearer <key>".',
    });
  const principal = principalOf(request, keyring);
  const refused = judgeArrival(arrival, { ...rules, isKnown: principal !== undefined });
  if (refused !== undefined) throw new Refusal(refused.code, { detail: refused.detail });
  return new Access(arrival, rules, { principal, hasKeys: keyring.hasKeys, reads: rules.reads });
}

function principalOf(request: FastifyRequest, keyring: Keyring): Principal | undefined {
  const credential = readCredential(request.headers, request.raw.rawHeaders);
  if (credential === 'none') return undefined;
  const found = credential === 'unreadable' ? credential : keyring.find(credential.key);
  if (typeof found === 'object') return found;
  throw new Refusal('key-rejected', { detail: REASONS[found], headers: { 'www-authenticate': REJECTION } });
}

const REASONS: Readonly<Record<KeyRefusal | 'unreadable', string>> = {
  unreadable:
    'The Authorization header cannot be read. Send it once, as "Bearer <key>", or as Basic with the key as password.',
  'unknown-key': 'This server does not know the key of this request.',
  'mistyped-key': 'The key of this request was not copied correctly: its last characters do not fit the others.',
  'revoked-key': 'The key of this request was revoked. An operator can make another.',
  'expired-key': 'The key of this request has expired. An operator can make another.',
};
