import { Controller, Param } from '@nestjs/common';
import { z } from 'zod';
import { EventAt, EventsAt } from '#projections';
import { eventInFullSchema, eventListSchema } from '../answers/answers.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { eventListParameters } from '../http/request/event-parameters.js';
import { readParameters, textParameter } from '../http/request/parameters.js';
import { Route } from '../openapi/route.js';
import { ReadResponder } from '../answers/read-responder.js';

const listQuery = z.object({ ...eventListParameters, policy: textParameter('Slug or alias of a policy.') });

const oneQuery = z.object(readParameters);

/** Events of all policies. */
@Controller()
export class EventsController {
  constructor(private readonly reads: ReadResponder) {}

  @Route('GET', '/v1/events', {
    summary: 'Events in force, of all policies',
    query: listQuery,
    answers: [{ status: 200, description: 'One page of events.', schema: eventListSchema }],
  })
  list(@CheckedRequest(listQuery) asked: CheckedRequestOf<typeof listQuery>) {
    const { order, policy, type, actor, affiliated, q, records, retracted } = asked.query;
    const filter = { policy, type, actor, affiliated, q, records, retracted };
    return this.reads.list(asked, (at, page) => new EventsAt({ at, page, order, filter }));
  }

  @Route('GET', '/v1/events/:event', {
    summary: 'One event, by its id or key',
    query: oneQuery,
    answers: [{ status: 200, description: 'The event, its links and what links to it.', schema: eventInFullSchema }],
    refusals: ['unknown-event'],
  })
  one(@Param('event') event: string, @CheckedRequest(oneQuery) asked: CheckedRequestOf<typeof oneQuery>) {
    return this.reads.answer(asked, (at) => new EventAt({ event, at }));
  }
}
