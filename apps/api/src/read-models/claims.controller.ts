import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { ClaimsAt } from '#projections';
import { rowList } from '../answers.js';
import { Asked, type AskedFor } from '../http/asked.js';
import { listParameters, textParameter, wordParameter } from '../http/parameters.js';
import { Documented } from '../openapi/documented.js';
import { Reading } from '../reading.js';

const STANDINGS = ['claimed', 'corroborated', 'contested', 'disputed', 'denied', 'falsified', 'withdrawn'] as const;

const query = z.object({
  ...listParameters,
  policy: textParameter('Slug or alias of a policy.'),
  by: textParameter('Exact name of the claimant.'),
  standing: wordParameter(STANDINGS, 'Whether the claim is corroborated, disputed, denied and so on.'),
});

const answer = rowList({
  by: z.array(z.string()),
  summary: z.string(),
  standing: z.enum(STANDINGS),
  because: z.array(z.string()),
});

/** Claims, and what other events say about them. */
@Controller('v1/claims')
export class ClaimsController {
  constructor(private readonly reading: Reading) {}

  @Get()
  @Documented({
    summary: 'Claims, and what supports or contradicts them',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@Asked(query) asked: AskedFor<typeof query>) {
    const { policy, by, standing } = asked.query;
    return this.reading.list(asked, (at, page) => new ClaimsAt({ at, page, filter: { policy, by, standing } }));
  }
}
