import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal, Role, Sessions } from '#access';
import type { Logger } from '#runtime';
import { COOKIES, readCookie } from '../../sign-in/cookies.js';
import { Refusal } from '../problems/refusal.js';
import { isWrite } from '../request/methods.js';
import { arrivalOf } from './arrival.js';
import { type Identification, type Sender, identify } from './identify.js';
import { type Asking, roleOf } from './judge-role.js';

/** How often: with the time of a look, what a revoked key holds open has ended within a second. */
const JUDGE_EVERY_MS = 250;

/** As whom a sender was let in. */
interface LetIn {
  readonly principal: Principal | undefined;
  readonly role: Role | undefined;
}

interface UnderWay {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly letIn: LetIn;
  readonly sinceMs: number;
}

/** By what senders are judged again. */
export interface JudgingAgain extends Identification, Pick<Asking, 'reads'> {
  readonly sessions?: Sessions | undefined;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Requests whose answers are under way, so that no answer outlives the key, token or session by which it was let in.
 *
 * Most are over before they are looked at. What lasts (a stream, a file that is being sent, an import that is arriving)
 * is cut off once its sender would be let in as somebody else, or not at all: half an answer must not look like a whole
 * one. A write that has arrived as a whole is finished.
 */
export class AnswersUnderWay {
  readonly #all = new Set<UnderWay>();
  #isJudging = false;

  constructor(private readonly judging: JudgingAgain) {}

  /** Begins to judge, until the server is closed. */
  watch(server: FastifyInstance): void {
    const timer = setInterval(() => this.#judgeOnce(), JUDGE_EVERY_MS).unref();
    server.addHook('onClose', (_instance, done) => {
      clearInterval(timer);
      done();
    });
  }

  /** Adds a request that was let in. Who can lose nothing is not kept. */
  add(request: FastifyRequest, reply: FastifyReply, letIn: LetIn): void {
    if (letIn.principal === undefined && letIn.role !== 'operator') return;
    const underWay = { request, reply, letIn, sinceMs: performance.now() };
    this.#all.add(underWay);
    reply.raw.once('close', () => this.#all.delete(underWay));
  }

  #judgeOnce(): void {
    const old = performance.now() - JUDGE_EVERY_MS;
    const lasting = [...this.#all].filter((each) => each.sinceMs <= old && canBeCutOff(each));
    if (lasting.length === 0 || this.#isJudging) return;
    this.#isJudging = true;
    this.#judge(lasting)
      // Nobody can revoke anything either while the database cannot be reached.
      .catch((error: unknown) => this.judging.logger.warn({ err: error }, 'open answers could not be judged again'))
      .finally(() => (this.#isJudging = false));
  }

  async #judge(lasting: readonly UnderWay[]): Promise<void> {
    const { principals, sessions, reads } = this.judging;
    await principals.refresh();
    const secrets = sessions === undefined ? [] : lasting.flatMap(({ request }) => secretOf(request) ?? []);
    const known = await sessions?.findAll([...new Set(secrets)]);
    const identification = { principals, sessions: known && { find: async (secret: string) => known.get(secret) } };
    const senders = new Map<string, Promise<SenderNow>>();
    for (const { request, reply, letIn } of lasting) {
      const shown = `${request.headers.authorization ?? ''}\n${secretOf(request) ?? ''}`;
      const sender = senders.get(shown) ?? judgeAgain(request, identification);
      senders.set(shown, sender);
      const now = await sender;
      if (now === 'unknown') continue;
      const asking = now !== 'nobody' && { principal: now.principal, hasKeys: principals.canBeKnown, reads };
      if (asking === false || !isSameAs(letIn, request, asking)) reply.raw.destroy();
    }
  }
}

const canBeCutOff = ({ request }: UnderWay): boolean => !isWrite(request.method) || !request.raw.complete;

const secretOf = (request: FastifyRequest): string | undefined => readCookie(request, COOKIES.session);

/** Who sends a request by now; unknown while the provider cannot be asked. */
type SenderNow = Sender | 'nobody' | 'unknown';

async function judgeAgain(request: FastifyRequest, identification: Identification): Promise<SenderNow> {
  try {
    return await identify(request, identification);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return thrown.code === 'provider-unavailable' ? 'unknown' : 'nobody';
  }
}

const isSameAs = ({ principal, role }: LetIn, request: FastifyRequest, asking: Asking): boolean =>
  asking.principal?.id === principal?.id && roleOf(arrivalOf(request), asking) === role;
