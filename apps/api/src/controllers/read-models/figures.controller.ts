import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { FiguresAt } from '#projections';
import { listSchema } from '../../answers/answers.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import { listParameters, textParameter } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { ReadResponder } from '../../answers/read-responder.js';

const query = z.object({
  ...listParameters,
  policy: textParameter('Slug or alias of a policy.'),
  measure: textParameter('What is measured.'),
});

const answer = listSchema('FigureList', FiguresAt.answer);

/** Figures: one row a claim, never averaged, conflicts marked. */
@Controller()
export class FiguresController {
  constructor(private readonly reads: ReadResponder) {}

  @Route('GET', '/v1/figures', {
    summary: 'Figures, one row per claim',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { policy, measure } = asked.query;
    return this.reads.list(asked, (at, page) => new FiguresAt({ at, page, filter: { policy, measure } }));
  }
}
