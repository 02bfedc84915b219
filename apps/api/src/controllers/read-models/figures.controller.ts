import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { FiguresAt } from '#projections';
import { listAnswer } from '../../answers/answers.js';
import { Asked, type AskedFor } from '../../http/request/asked.js';
import { listParameters, textParameter } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { Reading } from '../../answers/reading.js';

const query = z.object({
  ...listParameters,
  policy: textParameter('Slug or alias of a policy.'),
  measure: textParameter('What is measured.'),
});

const answer = listAnswer('FigureList', FiguresAt.answer);

/** Figures: one row a claim, never averaged, conflicts marked. */
@Controller()
export class FiguresController {
  constructor(private readonly reading: Reading) {}

  @Route('GET', '/v1/figures', {
    summary: 'Figures, one row per claim',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@Asked(query) asked: AskedFor<typeof query>) {
    const { policy, measure } = asked.query;
    return this.reading.list(asked, (at, page) => new FiguresAt({ at, page, filter: { policy, measure } }));
  }
}
