import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { ActorsAt } from '#projections';
import { listAnswer } from '../../answers/answers.js';
import { Asked, type AskedFor } from '../../http/request/asked.js';
import { listParameters, textParameter } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { Reading } from '../../answers/reading.js';

const query = z.object({
  ...listParameters,
  policy: textParameter('Slug or alias of a policy.'),
  actor: textParameter('Exact name of an actor.'),
});

const answer = listAnswer('ActorList', ActorsAt.answer);

/** Actors, with their roles over time. */
@Controller()
export class ActorsController {
  constructor(private readonly reading: Reading) {}

  @Route('GET', '/v1/actors', {
    summary: 'Actors and their roles',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@Asked(query) asked: AskedFor<typeof query>) {
    const { policy, actor } = asked.query;
    return this.reading.list(asked, (at, page) => new ActorsAt({ at, page, filter: { policy, actor } }));
  }
}
