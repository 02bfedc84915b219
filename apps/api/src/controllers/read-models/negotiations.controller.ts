import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { NegotiationsAt } from '#projections';
import { listAnswer } from '../../answers/answers.js';
import { Asked, type AskedFor } from '../../http/request/asked.js';
import { listParameters, textParameter } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { Reading } from '../../answers/reading.js';

const query = z.object({
  ...listParameters,
  policy: textParameter('Slug or alias of a policy.'),
  counterparty: textParameter('Exact name of a counterparty.'),
});

const answer = listAnswer('NegotiationList', NegotiationsAt.answer);

/** Negotiations: the stage with each counterparty. */
@Controller()
export class NegotiationsController {
  constructor(private readonly reading: Reading) {}

  @Route('GET', '/v1/negotiations', {
    summary: 'Negotiations and their stages',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@Asked(query) asked: AskedFor<typeof query>) {
    const { policy, counterparty } = asked.query;
    return this.reading.list(asked, (at, page) => new NegotiationsAt({ at, page, filter: { policy, counterparty } }));
  }
}
