import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { type CalendarStyle, promiseCalendar } from '#analysis';
import { dayAt } from '#domain';
import { EveryPromiseAt, type PromiseFilter, PromiseSummaryAt, PromisesAt } from '#projections';
import { listSchema } from '../../answers/answers.js';
import { ReadResponder } from '../../answers/read-responder.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import { instantParameter } from '../../http/request/coordinates.js';
import {
  anyNameParameter,
  choiceParameter,
  listParameters,
  readParameters,
  withoutParameter,
  wordsParameter,
} from '../../http/request/parameters.js';
import type { AbsoluteUrl } from '../../http/response/absolute-url.js';
import { frame } from '../../http/response/frame.js';
import { Route } from '../../openapi/route.js';
import { ABSOLUTE_URL, CALENDAR, type Calendar } from '../../tokens.js';

const filters = {
  policy: anyNameParameter('Slug or alias of a policy.'),
  by: anyNameParameter('Exact name of one of those who made the promise.'),
  state: wordsParameter(PromisesAt.states, 'What became of it.'),
  kind: wordsParameter(PromisesAt.kinds, 'Plan, target or forecast.'),
  dueFrom: instantParameter
    .optional()
    .meta({ description: 'Only promises whose date can lie then or later. A date is its first millisecond.' }),
  dueTo: instantParameter
    .optional()
    .meta({ description: 'Only promises whose date can lie then or before. A date is its last millisecond.' }),
  without: withoutParameter,
  engine: choiceParameter(
    ['facts', 'replay'],
    'How the answer is computed: from the stored rows (`facts`), or by folding all events again (`replay`).',
  ),
};

const listQuery = z.object({ ...listParameters, ...filters });
const query = z.object({ ...readParameters, ...filters });

type Asked = CheckedRequestOf<typeof query>;

const list = listSchema('PromiseList', PromisesAt.answer);
const summary = PromiseSummaryAt.answer.extend(frame.shape).meta({
  id: 'PromiseSummary',
  description: 'How many promises are in which state. There is no score.',
});

const ICS = 'text/calendar';

/** What a calendar shows unless told: what is still to come, or to be asked about. */
const OPEN_STATES = 'pending,due,overdue';

/** What was promised for when, and what became of it, as known at a coordinate. */
@Controller()
export class PromisesController {
  constructor(
    private readonly reads: ReadResponder,
    @Inject(CALENDAR) private readonly calendar: Calendar,
    @Inject(ABSOLUTE_URL) private readonly absoluteUrl: AbsoluteUrl,
  ) {}

  @Route('GET', '/v1/promises', {
    role: 'reader',
    summary: 'Promises, and what became of them',
    query: listQuery,
    answers: [{ status: 200, description: 'One page of rows, by policy and occurrence.', schema: list }],
    refusals: ['unknown-left-out'],
  })
  list(@CheckedRequest(listQuery) asked: CheckedRequestOf<typeof listQuery>) {
    const { engine, without } = asked.query;
    return this.reads.list(
      asked,
      (at, page) => new PromisesAt({ at, page, filter: this.filterOf(asked.query), engine, without }),
    );
  }

  @Route('GET', '/v1/promises/summary', {
    role: 'reader',
    summary: 'Promises counted by state, in all and by owner',
    query,
    answers: [{ status: 200, description: 'The counts.', schema: summary }],
    refusals: ['unknown-left-out'],
  })
  summary(@CheckedRequest(query) asked: Asked) {
    const { engine, without } = asked.query;
    return this.reads.answer(
      asked,
      (at) => new PromiseSummaryAt({ at, filter: this.filterOf(asked.query), engine, without }),
    );
  }

  @Route('GET', '/v1/promises.ics', {
    role: 'reader',
    summary: 'The days by which promises are due, as a calendar',
    description: 'Without `state`: those that are pending, due or overdue. Calendars can subscribe to this address.',
    query,
    answers: [{ status: 200, description: 'The calendar (RFC 5545).', type: ICS, schema: z.string() }],
    refusals: ['unknown-left-out'],
  })
  async ics(@CheckedRequest(query) asked: Asked): Promise<string | undefined> {
    const { engine, without, state = OPEN_STATES } = asked.query;
    const filter = { ...this.filterOf(asked.query), state };
    const answer = await this.reads.answer(asked, (at) => new EveryPromiseAt({ at, filter, engine, without }));
    if (answer === undefined) return undefined;
    const name = without === undefined ? 'promises.ics' : 'hypothetical-promises.ics';
    asked.reply.type(`${ICS}; charset=utf-8`).header('content-disposition', `inline; filename="${name}"`);
    return promiseCalendar(answer.promises, this.styleFor(asked));
  }

  private styleFor({ request }: Asked): CalendarStyle {
    return {
      dayOf: (at) => dayAt(at, this.calendar.zone),
      addressOf: (event) => this.absoluteUrl(request, `/v1/events/${event}`),
    };
  }

  private filterOf({ policy, by, state, kind, dueFrom, dueTo }: Asked['query']): PromiseFilter {
    const due = this.reads.timesOf({ occurredFrom: dueFrom, occurredTo: dueTo });
    return { policy, by, state, kind, dueFrom: due.occurredFrom, dueTo: due.occurredTo };
  }
}
