import { Controller, Param } from '@nestjs/common';
import { z } from 'zod';
import { EventAt, EventIndexAt, EventsAt } from '#projections';
import { AnswerProofs } from '../answers/answer-proofs.js';
import { askedFormat } from '../answers/asked-table.js';
import { eventInFullSchema, eventIndexSchema, eventListSchema } from '../answers/answers.js';
import { eventsQuestion } from '../answers/proof-questions.js';
import { UNPROVABLE, refuseUnprovableList } from '../answers/provable.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { eventListParameters } from '../http/request/event-parameters.js';
import {
  anyNameParameter,
  choiceParameter,
  namesParameter,
  proofParameter,
  readParameters,
} from '../http/request/parameters.js';
import { withRecorders } from '../answers/recorders.js';
import { invalidParameter, isGiven } from '../http/request/query-string.js';
import { Route } from '../openapi/route.js';
import { ReadResponder } from '../answers/read-responder.js';

const listQuery = z.object({
  ...eventListParameters,
  key: namesParameter('Keys of events, separated by commas.'),
  policy: anyNameParameter('Slug or alias of a policy.'),
  proof: proofParameter,
  shape: choiceParameter(
    ['page', 'array', 'index'],
    'Pages of whole events (`page`), bare arrays of them, page by page as `Link` says (`array`), or what lanes and sliders need of all of them as columns of one answer, without `limit` and `cursor` (`index`).',
  ),
});

/** Parameters of pages, which an index does not have. */
const OF_PAGES = ['limit', 'cursor'];

const oneQuery = z.object(readParameters);

/** Events of all policies. */
@Controller()
export class EventsController {
  constructor(
    private readonly reads: ReadResponder,
    private readonly proofs: AnswerProofs,
  ) {}

  @Route('GET', '/v1/events', {
    role: 'reader',
    summary: 'Events in force, of all policies',
    query: listQuery,
    description:
      'With `shape=index` all matching events at once, at most 100,000, as columns: place n of each column is about event n. Times are milliseconds since 1970; other numbers are places in the lists of the same answer.',
    answers: [
      {
        status: 200,
        description: 'One page of events; with `shape=index`, all of them as columns.',
        schema: z.union([eventListSchema, eventIndexSchema]),
      },
    ],
  })
  async list(@CheckedRequest(listQuery) checked: CheckedRequestOf<typeof listQuery>) {
    const asked = await withRecorders(checked);
    const { namesRecorders } = asked;
    const { order, key: keys, policy, type, actor, affiliated, q, records, retracted, recordedBy } = asked.query;
    refuseUnprovableList(asked, { q: q && UNPROVABLE.q, recordedBy: recordedBy && UNPROVABLE.recordedBy });
    const filter = {
      keys,
      policy,
      type,
      actor,
      affiliated,
      q,
      records,
      retracted,
      recordedBy,
      times: this.reads.timesOf(asked.query),
    };
    if (asked.query.shape === 'index') {
      refusePages(asked.request.url);
      if (askedFormat(asked.request, asked.query) !== 'json')
        throw invalidParameter('shape', 'shape: an index is JSON. Leave the suffix out, or shape.');
      const answer = await this.reads.answer(asked, (at) => new EventIndexAt({ at, order, filter }));
      return this.reads.addHidden({ asked, answer, filter });
    }
    const answer = await this.reads.list(
      asked,
      (at, page) => new EventsAt({ at, page, order, filter, namesRecorders }),
    );
    const counted = await this.reads.addHiddenToList({ asked, answer, filter });
    const question = eventsQuestion(asked.query, filter.times);
    return this.proofs.addToList({ asked, answer: counted, policy, question });
  }

  @Route('GET', '/v1/events/:event', {
    role: 'reader',
    summary: 'One event, by its id or key',
    query: oneQuery,
    answers: [{ status: 200, description: 'The event, its links and what links to it.', schema: eventInFullSchema }],
    refusals: ['unknown-event'],
  })
  async one(@Param('event') event: string, @CheckedRequest(oneQuery) checked: CheckedRequestOf<typeof oneQuery>) {
    const asked = await withRecorders(checked);
    const { namesRecorders } = asked;
    return this.reads.answer(asked, (at) => new EventAt({ event, at, namesRecorders }));
  }
}

function refusePages(url: string): void {
  const [given] = OF_PAGES.filter((name) => isGiven(url, name));
  if (given === undefined) return;
  throw invalidParameter(given, `${given}: shape=index answers all matching events at once. Leave ${given} out.`);
}
