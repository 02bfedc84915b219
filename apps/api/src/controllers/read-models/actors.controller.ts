import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { ActorsAt } from '#projections';
import { listSchema } from '../../answers/answers.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import { anyNameParameter, listParameters } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { ReadResponder } from '../../answers/read-responder.js';

const query = z.object({
  ...listParameters,
  policy: anyNameParameter('Slug or alias of a policy.'),
  actor: anyNameParameter('Exact name of an actor.'),
});

const answer = listSchema('ActorList', ActorsAt.answer);

/** Actors, with their roles over time. */
@Controller()
export class ActorsController {
  constructor(private readonly reads: ReadResponder) {}

  @Route('GET', '/v1/actors', {
    role: 'reader',
    summary: 'Actors and their roles',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { policy, actor } = asked.query;
    return this.reads.list(asked, (at, page) => new ActorsAt({ at, page, filter: { policy, actor } }));
  }
}
