import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { ClaimsAt } from '#projections';
import { listSchema } from '../../answers/answers.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import { anyNameParameter, listParameters, textParameter, wordParameter } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { ReadResponder } from '../../answers/read-responder.js';

const query = z.object({
  ...listParameters,
  policy: anyNameParameter('Slug or alias of a policy.'),
  by: textParameter('Exact name of the claimant.'),
  standing: wordParameter(
    ClaimsAt.answer.shape.standing.options,
    'Whether the claim is corroborated, disputed, denied and so on.',
  ),
});

const answer = listSchema('ClaimList', ClaimsAt.answer);

/** Claims, and what other events say about them. */
@Controller()
export class ClaimsController {
  constructor(private readonly reads: ReadResponder) {}

  @Route('GET', '/v1/claims', {
    role: 'reader',
    summary: 'Claims, and what supports or contradicts them',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { policy, by, standing } = asked.query;
    return this.reads.list(asked, (at, page) => new ClaimsAt({ at, page, filter: { policy, by, standing } }));
  }
}
