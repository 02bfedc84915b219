import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { ClaimsAt } from '#projections';
import { listAnswer } from '../../answers/answers.js';
import { Asked, type AskedFor } from '../../http/request/asked.js';
import { listParameters, textParameter, wordParameter } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { Reading } from '../../answers/reading.js';

const query = z.object({
  ...listParameters,
  policy: textParameter('Slug or alias of a policy.'),
  by: textParameter('Exact name of the claimant.'),
  standing: wordParameter(
    ClaimsAt.answer.shape.standing.options,
    'Whether the claim is corroborated, disputed, denied and so on.',
  ),
});

const answer = listAnswer('ClaimList', ClaimsAt.answer);

/** Claims, and what other events say about them. */
@Controller()
export class ClaimsController {
  constructor(private readonly reading: Reading) {}

  @Route('GET', '/v1/claims', {
    summary: 'Claims, and what supports or contradicts them',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@Asked(query) asked: AskedFor<typeof query>) {
    const { policy, by, standing } = asked.query;
    return this.reading.list(asked, (at, page) => new ClaimsAt({ at, page, filter: { policy, by, standing } }));
  }
}
