import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatInstant } from '#domain';
import {
  type Operation,
  RecordEvent,
  RecordOperation,
  type RecordOutcome,
  RegisterPolicy,
  RehearseEvent,
} from '#recording';
import { ChangedFields } from './changed-fields.js';
import { principalIdOf } from '../http/access/access.js';
import { unsupportedBodyRefusal } from '../http/request/media-types.js';
import { Refusal } from '../http/problems/refusal.js';
import { tryEach, readWriteConditions } from '../http/response/write-headers.js';
import { writeRefusal } from '../http/problems/write-refusals.js';
import { Metrics } from '../health/metrics.js';
import { redirectToSlug } from './read-responder.js';
import { showRehearsal } from './rehearsals.js';
import type { PendingAnswer, RecordedAnswer, RehearsalAnswer } from './write-answers.js';

/** A write, with the reply that carries its answer. */
interface WriteRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The answer to a write that was accepted. */
export type WriteAnswer = RecordedAnswer | PendingAnswer;

/** How long, in seconds, to wait before asking for an event that is pending. */
const ASK_AGAIN_S = '1';

/** Answers writes for the controllers: executes the commands, and answers where the event was recorded. */
@Injectable()
export class WriteResponder {
  constructor(
    private readonly commands: CommandBus,
    private readonly metrics: Metrics,
    private readonly changedFields: ChangedFields,
  ) {}

  /** Registers a policy. */
  async register({ request, reply }: WriteRequest, body: unknown): Promise<WriteAnswer> {
    requireJson(request);
    const outcome = await this.commands.execute(
      new RegisterPolicy(body, {
        idempotencyKey: readWriteConditions(request)[0].idempotencyKey,
        by: principalIdOf(request),
      }),
    );
    this.metrics.countWrites(outcome.outcome);
    if (outcome.outcome === 'differs')
      throw new Refusal('policy-differs', {
        detail: 'The policy is registered with a different body. To correct it, record a policy.redescribed event.',
      });
    if (outcome.outcome === 'withdrawn')
      throw new Refusal('registration-withdrawn', {
        detail: `The registration of this slug was withdrawn by the event "${outcome.by}". Retract that event to restore it, or choose another slug.`,
      });
    const answer = answerWrite(reply, outcome, (key) => `/v1/policies/${key.replace('registered:', '')}`);
    return 'position' in answer ? { ...answer, changed: [] } : answer;
  }

  /** Records one event about the policy of that slug. */
  async record({ request, reply }: WriteRequest, slug: string, body: unknown): Promise<WriteAnswer | undefined> {
    requireJson(request);
    const outcome = await tryEach(readWriteConditions(request), (conditions) =>
      this.commands.execute(new RecordEvent(slug, body, { ...conditions, by: principalIdOf(request) })),
    );
    if (outcome.outcome === 'alias') return redirectToSlug({ request, reply }, outcome.slug);
    this.metrics.countWrites(outcome.outcome);
    const answer = answerWrite(reply, outcome, (key) => `/v1/events/${key}`);
    if (!('position' in outcome)) return answer;
    const changed = await this.changedFields.by(slug, outcome.position);
    return changed === undefined ? answer : { ...answer, changed };
  }

  /** Answers what recording an event would change, or refuses it as recording would; nothing is recorded. */
  async rehearse({ request, reply }: WriteRequest, slug: string, body: unknown): Promise<RehearsalAnswer | undefined> {
    requireJson(request);
    const outcome = await tryEach(readWriteConditions(request), (conditions) =>
      this.commands.execute(new RehearseEvent(slug, body, { ...conditions, by: principalIdOf(request) })),
    );
    if (outcome.outcome === 'alias') return redirectToSlug({ request, reply }, outcome.slug);
    if (outcome.outcome !== 'rehearsed') throw writeRefusal(outcome);
    reply.code(200);
    return showRehearsal(slug, outcome);
  }

  /** Records what an operator did about a read model. */
  async recordOperation({ request, reply }: WriteRequest, operation: () => Operation): Promise<WriteAnswer> {
    requireJson(request);
    const outcome = await this.commands.execute(new RecordOperation(operation(), { by: principalIdOf(request) }));
    if (outcome.outcome === 'alias') throw writeRefusal({ outcome: 'unknown-policy' });
    this.metrics.countWrites(outcome.outcome);
    return answerWrite(reply, outcome, (key) => `/v1/events/${key}`);
  }
}

/** An empty body never reaches the body parsers, so its type is checked here. */
function requireJson(request: FastifyRequest): void {
  if (/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return;
  throw unsupportedBodyRefusal(request);
}

function answerWrite(
  reply: FastifyReply,
  outcome: Exclude<RecordOutcome, { outcome: 'alias' }>,
  locationOf: (key: string) => string,
): WriteAnswer {
  switch (outcome.outcome) {
    case 'recorded':
    case 'repeated':
    case 'replayed': {
      const { id, key, position, revision, recordedAt, warnings } = outcome;
      reply.code(outcome.outcome === 'repeated' ? 200 : 201).header('location', locationOf(key));
      if (outcome.outcome === 'replayed') reply.header('idempotency-replayed', 'true');
      return { id, key, position, revision, recordedAt: formatInstant(recordedAt), warnings };
    }
    case 'pending': {
      const { key } = outcome;
      reply.code(202).header('location', locationOf(key)).header('retry-after', ASK_AGAIN_S);
      return { key, status: 'pending' };
    }
    default:
      throw writeRefusal(outcome);
  }
}
