import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Principal, type Role, containsKey, reachesRole } from '#access';
import { prefersHtml } from '../request/accept.js';
import { varyBy } from '../response/representation.js';
import { sendProblem } from '../problems/problem-filter.js';
import { Refusal } from '../problems/refusal.js';
import { AnswersUnderWay, type JudgingAgain } from './answers-under-way.js';
import { type Arrival, arrivalOf } from './arrival.js';
import { crossSiteReason } from './cross-site.js';
import { type ArrivalRules, judgeArrival } from './judge-arrival.js';
import { type Asking, type NeededRole, judgeRole, roleOf } from './judge-role.js';
import { remoteReason } from './loopback.js';
import { checkForms, demandCsrfToken } from './cross-site-forms.js';
import { CHALLENGE, type Sender, identify, insufficient } from './identify.js';
import { fillRole, neededRole } from './route-roles.js';

/** By what requests are judged. */
export interface AccessRules extends ArrivalRules {
  readonly reads: 'open' | 'keys';
}

/** Who asks, and how that is judged later than at the door. */
interface AskingHere extends Asking {
  /** Whether there are any keys by now. */
  readonly hasKeysNow?: () => Promise<boolean>;
  /** Show what every reader is shown, whoever asks. */
  readonly isForEveryReader?: boolean;
}

/** What the sender of a request may do here. */
export class Access {
  constructor(
    private readonly arrival: Arrival,
    private readonly rules: AccessRules,
    private readonly asking: AskingHere,
  ) {}

  /** Who sent it, if it has a key or token. */
  get principal(): Principal | undefined {
    return this.asking.principal;
  }

  /** The role of the sender; undefined for none at all. */
  get role(): Role | undefined {
    return roleOf(this.arrival, this.asking);
  }

  /** What a write must bring besides, if the sender is signed in to the page. */
  get csrfToken(): string | undefined {
    return this.asking.csrfToken;
  }

  /** True for a program on this machine that asks without a proxy. */
  get isLocal(): boolean {
    return remoteReason(this.arrival) === undefined;
  }

  /** True if a write of the same sender would be let through. */
  get mayWrite(): boolean {
    const { role } = this;
    return (
      role !== undefined &&
      reachesRole(role, 'recorder') &&
      crossSiteReason(this.arrival, this.rules.publicUrl) === undefined
    );
  }

  /** The same sender, shown what every reader is shown: for what is kept and handed on. */
  get forEveryReader(): Access {
    return new Access(this.arrival, this.rules, { ...this.asking, isForEveryReader: true });
  }

  /** Whether the sender is shown who recorded events: recorders and operators are. */
  async showsRecorders(): Promise<boolean> {
    if (this.asking.isForEveryReader === true) return false;
    return judgeRole('recorder', this.arrival, await this.#askingNow()) === undefined;
  }

  /** Refuses who is not shown who recorded events. */
  async demandRecorders(): Promise<void> {
    if (this.asking.isForEveryReader === true)
      throw new Refusal('role-too-low', { detail: 'What every reader is shown does not say who recorded events.' });
    this.#demand('recorder', this.arrival.method, await this.#askingNow());
  }

  /** Requests without a key are otherwise judged by keys that may be old. */
  async #askingNow(): Promise<Asking> {
    const { principal, hasKeysNow } = this.asking;
    if (principal !== undefined || hasKeysNow === undefined) return this.asking;
    return { ...this.asking, hasKeys: await hasKeysNow() };
  }

  /** Refuses what needs a role that the sender has not. */
  demand(needed: NeededRole, method: string): void {
    this.#demand(needed, method, this.asking);
  }

  #demand(needed: NeededRole, method: string, asking: Asking): void {
    const refused = judgeRole(needed, { ...this.arrival, method }, asking);
    if (refused === undefined) return;
    const challenge = refused.code === 'key-missing' ? CHALLENGE : this.principal && insufficient(needed);
    const headers = challenge === undefined ? {} : { 'www-authenticate': challenge };
    throw new Refusal(refused.code, { detail: refused.detail, headers });
  }
}

/** What this process asks itself for the sender of a request is judged by that request. */
const ownRequests = new AsyncLocalStorage<Access>();

/** True while this process asks itself, for a request that was judged and counted. */
export const isOwnRequest = (): boolean => ownRequests.getStore() !== undefined;

const granted = new WeakMap<FastifyRequest, Access>();

/** By what requests and their senders are judged. */
export interface Guarding extends Pick<JudgingAgain, 'principals' | 'sessions' | 'logger'> {
  readonly rules: AccessRules;
}

/** Judges every request before anything else looks at it. Must be called before routes are added. */
export function guardAccess(server: FastifyInstance, guarding: Guarding): void {
  const { rules, principals, sessions } = guarding;
  const underWay = new AnswersUnderWay({ ...guarding, reads: rules.reads });
  underWay.watch(server);
  server.addHook('onRoute', fillRole);
  const hasKeysNow = async (): Promise<boolean> => {
    if (!principals.isFresh) await principals.refresh();
    return principals.canBeKnown;
  };
  server.addHook('onRequest', (request, reply, done) => {
    const needed = neededRole(request);
    const grant = (access: Access): void => {
      access.demand(needed, request.method);
      granted.set(request, access);
    };
    const judge = (sender: Sender): void => {
      const access = admit(request, rules, { ...sender, canBeKnown: principals.canBeKnown, hasKeysNow });
      grant(access);
      if (access.csrfToken !== undefined) demandCsrfToken(request, access.csrfToken);
      if (needed !== 'anyone') underWay.add(request, reply, access);
    };
    const refuse = (thrown: unknown): void => {
      if (!(thrown instanceof Refusal)) return done(errorOf(thrown));
      if (sessions !== undefined && thrown.code === 'key-missing' && isForPage(request)) {
        void reply.header('cache-control', 'no-store').redirect(signInAddress(request), 303);
        return;
      }
      // Documents and files have routes that are added before there is a handler of errors.
      sendProblem(reply, thrown, request.originalUrl);
    };
    try {
      const own = ownRequests.getStore();
      if (own !== undefined) {
        grant(own);
        return done();
      }
      refuseKeyInAddress(request);
      if (sessions !== undefined && needed !== 'anyone') varyBy(reply, 'cookie');
      // Whom a session belongs to is not asked for what anyone may have.
      const identification = { principals, sessions: needed === 'anyone' ? undefined : sessions };
      const isCurrent = principals.isFresh || !needsKeys(request);
      const known = isCurrent
        ? identify(request, identification)
        : principals.refresh().then(() => identify(request, identification));
      if (known instanceof Promise) {
        known.then(judge).then(() => done(), refuse);
        return;
      }
      judge(known);
    } catch (thrown) {
      return refuse(thrown);
    }
    done();
  });
  if (sessions !== undefined) checkForms(server);
}

/** True for a page that somebody opens, who can sign in first; not for one within a page of another site. */
const isForPage = ({ method, url, headers }: FastifyRequest): boolean =>
  method === 'GET' && prefersHtml(headers.accept) && !/^\/(?:v1|embed)(?=[/?]|$)/.test(url);

const signInAddress = ({ originalUrl }: FastifyRequest): string => `/sign-in?to=${encodeURIComponent(originalUrl)}`;

const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

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

/** The id of whoever sent a request; undefined for a request without a key or token, or that was refused. */
export const principalIdOf = (request: FastifyRequest): string | undefined => granted.get(request)?.principal?.id;

/** Runs what asks this process itself for the sender of a request, with an access of that sender's. */
export const runWithAccess = <T>(access: Access, ask: () => Promise<T>): Promise<T> => ownRequests.run(access, ask);

function refuseKeyInAddress({ originalUrl }: FastifyRequest): void {
  if (containsKey(originalUrl))
    throw new Refusal('key-in-address', {
      detail:
        'The address contains a key. Addresses are written to logs and histories, so this key is no secret any more: revoke it (ptl keys revoke), make another, and send it as "Authorization: Bearer <key>".',
    });
}

interface Known extends Sender {
  readonly canBeKnown: boolean;
  readonly hasKeysNow: () => Promise<boolean>;
}

function admit(
  request: FastifyRequest,
  rules: AccessRules,
  { principal, csrfToken, canBeKnown, hasKeysNow }: Known,
): Access {
  const arrival = arrivalOf(request);
  const refused = judgeArrival(arrival, { ...rules, isKnown: principal !== undefined });
  if (refused !== undefined) throw new Refusal(refused.code, { detail: refused.detail });
  return new Access(arrival, rules, { principal, csrfToken, hasKeys: canBeKnown, reads: rules.reads, hasKeysNow });
}
