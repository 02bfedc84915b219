import { Controller, Param } from '@nestjs/common';
import { z } from 'zod';
import { EventAt, EventsAt } from '#projections';
import { eventAnswer, eventList } from '../answers/answers.js';
import { Asked, type AskedFor } from '../http/request/asked.js';
import { eventListParameters } from '../http/request/event-parameters.js';
import { readParameters, textParameter } from '../http/request/parameters.js';
import { Route } from '../openapi/route.js';
import { Reading } from '../answers/reading.js';

const listQuery = z.object({ ...eventListParameters, policy: textParameter('Slug or alias of a policy.') });

const oneQuery = z.object(readParameters);

/** Events of all policies. */
@Controller()
export class EventsController {
  constructor(private readonly reading: Reading) {}

  @Route('GET', '/v1/events', {
    summary: 'Events in force, of all policies',
    query: listQuery,
    answers: [{ status: 200, description: 'One page of events.', schema: eventList }],
  })
  list(@Asked(listQuery) asked: AskedFor<typeof listQuery>) {
    const { order, policy, type, actor, q, records, retracted } = asked.query;
    return this.reading.list(
      asked,
      (at, page) => new EventsAt({ at, page, order, filter: { policy, type, actor, q, records, retracted } }),
    );
  }

  @Route('GET', '/v1/events/:event', {
    summary: 'One event, by its id or key',
    query: oneQuery,
    answers: [{ status: 200, description: 'The event, its links and what links to it.', schema: eventAnswer }],
    refusals: ['unknown-event'],
  })
  one(@Param('event') event: string, @Asked(oneQuery) asked: AskedFor<typeof oneQuery>) {
    return this.reading.answer(asked, (at) => new EventAt({ event, at }));
  }
}
