import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { FactTableAt, SeriesAt } from '#projections';
import { listSchema } from '../answers/answers.js';
import { ReadResponder } from '../answers/read-responder.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { choiceParameter, listParameters, namesParameter, textParameter } from '../http/request/parameters.js';
import { Route } from '../openapi/route.js';

const parameters = {
  ...listParameters,
  policy: namesParameter('Slugs or aliases of policies, separated by commas. Default: all policies.'),
  field: textParameter('Path of one field, such as `status` or `terms.price`. Default: all fields.'),
};

const seriesQuery = z.object({
  ...parameters,
  axis: choiceParameter(
    SeriesAt.axes,
    'The time along which values are followed; on the two others the coordinate is fixed. In known and recorded time a series ends at the coordinate.',
  ),
});

const factsQuery = z.object({
  ...parameters,
  group: textParameter('First part of the path of fields, such as `terms` or `positions`. Default: all groups.'),
});

const series = listSchema('Series', SeriesAt.answer);
const facts = listSchema('FactTable', FactTableAt.answer);

/** States and their courses as plain rows, for tools that work on tables. */
@Controller()
export class BoxTablesController {
  constructor(private readonly reads: ReadResponder) {}

  @Route('GET', '/v1/series', {
    role: 'reader',
    summary: 'The values of fields along one of the three times',
    query: seriesQuery,
    answers: [{ status: 200, description: 'One page of rows, by policy, field and time.', schema: series }],
  })
  series(@CheckedRequest(seriesQuery) asked: CheckedRequestOf<typeof seriesQuery>) {
    const { policy: policies, field, axis } = asked.query;
    return this.reads.list(asked, (at, page) => new SeriesAt({ policies, at, page, field, axis }));
  }

  @Route('GET', '/v1/facts', {
    role: 'reader',
    summary: 'The states of policies as one table',
    query: factsQuery,
    answers: [{ status: 200, description: 'One page of rows, by policy and field.', schema: facts }],
  })
  facts(@CheckedRequest(factsQuery) asked: CheckedRequestOf<typeof factsQuery>) {
    const { policy: policies, field, group } = asked.query;
    return this.reads.list(asked, (at, page) => new FactTableAt({ policies, at, page, field, group }));
  }
}
