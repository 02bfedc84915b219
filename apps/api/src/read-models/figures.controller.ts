import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { FiguresAt } from '#projections';
import { rowList } from '../answers.js';
import { Asked, type AskedFor } from '../http/asked.js';
import { listParameters, textParameter } from '../http/parameters.js';
import { Documented } from '../openapi/documented.js';
import { Reading } from '../reading.js';

const query = z.object({
  ...listParameters,
  policy: textParameter('Slug or alias of a policy.'),
  measure: textParameter('What is measured.'),
});

const answer = rowList({
  measure: z.string(),
  value: z.number().nullable(),
  comparator: z.string(),
  unit: z.string(),
  period: z.string().nullable(),
  comparedTo: z.string().nullable(),
  purpose: z.string().nullable(),
  claimedBy: z.array(z.string()),
  epistemic: z.string(),
  conflicts: z.looseObject({ count: z.int(), events: z.array(z.string()) }).meta({
    description:
      'Events whose figure for the same measure cannot be true together with this one: how many, and the keys of at most 20, those nearest in value, in order of occurrence.',
  }),
  conflictsWith: z.array(z.string()).meta({ description: 'The events named in `conflicts`.' }),
  supersededBy: z.string().nullable(),
});

/** Figures: one row a claim, never averaged, conflicts marked. */
@Controller('v1/figures')
export class FiguresController {
  constructor(private readonly reading: Reading) {}

  @Get()
  @Documented({
    summary: 'Figures, one row per claim',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@Asked(query) asked: AskedFor<typeof query>) {
    const { policy, measure } = asked.query;
    return this.reading.list(asked, (at, page) => new FiguresAt({ at, page, filter: { policy, measure } }));
  }
}
