import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { NegotiationsAt } from '#projections';
import { listSchema } from '../../answers/answers.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import { anyNameParameter, listParameters } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { ReadResponder } from '../../answers/read-responder.js';

const query = z.object({
  ...listParameters,
  policy: anyNameParameter('Slug or alias of a policy.'),
  counterparty: anyNameParameter('Exact name of a counterparty.'),
});

const answer = listSchema('NegotiationList', NegotiationsAt.answer);

/** Negotiations: the stage with each counterparty. */
@Controller()
export class NegotiationsController {
  constructor(private readonly reads: ReadResponder) {}

  @Route('GET', '/v1/negotiations', {
    role: 'reader',
    summary: 'Negotiations and their stages',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { policy, counterparty } = asked.query;
    return this.reads.list(asked, (at, page) => new NegotiationsAt({ at, page, filter: { policy, counterparty } }));
  }
}
