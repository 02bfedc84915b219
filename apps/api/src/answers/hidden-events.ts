import type { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { parseInstant, position } from '#domain';
import { type EventFilter, type EventScope, type HiddenEvents, HiddenEventsAt } from '#projections';
import { readRefusal } from '../http/problems/read-refusals.js';
import { markOfNow, weakTag } from '../http/response/entity-tags.js';
import type { Framed } from '../http/response/frame.js';

/** An answer to which the counts are to be added, if they are asked for. */
export interface ShownEvents<Answer> {
  readonly asked: { readonly reply: FastifyReply; readonly query: { readonly hidden: boolean } };
  /** Undefined when the reply is complete without a body. */
  readonly answer: Answer | undefined;
  /** The events that the answer is about. */
  readonly filter: EventFilter;
  readonly scope?: EventScope;
}

/** Adds to an answer how many events its coordinate hides. That moves with the record of today, and so does the tag. */
export async function addHidden<Answer extends Framed>(
  queries: Pick<QueryBus, 'execute'>,
  { asked: { reply, query }, answer, filter, scope }: ShownEvents<Answer>,
): Promise<(Answer & { readonly hidden?: HiddenEvents }) | undefined> {
  if (answer === undefined || !query.hidden) return answer;
  const { recordedAt, knownAt, validAt } = answer.coordinate;
  const [known, valid] = [parseInstant(knownAt), parseInstant(validAt)];
  const outcome = await queries.execute(
    new HiddenEventsAt({
      at: {
        recordedAt: { position: position(recordedAt.position) },
        ...(known === undefined ? {} : { knownAt: known }),
        ...(valid === undefined ? {} : { validAt: valid }),
      },
      filter,
      scope,
    }),
  );
  if (outcome.outcome === 'alias') throw new Error('A list was answered with another name of its policy.');
  if (outcome.outcome !== 'answered') throw readRefusal(outcome);
  markOfNow(reply, weakTag(String(reply.getHeader('etag')), JSON.stringify(outcome.answer)));
  return { ...answer, hidden: outcome.answer };
}
