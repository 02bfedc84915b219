import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { GENRES } from '#domain';
import { SourcesAt } from '#projections';
import { listSchema } from '../../answers/answers.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import { anyNameParameter, listParameters, wordParameter } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { ReadResponder } from '../../answers/read-responder.js';

const query = z.object({
  ...listParameters,
  policy: anyNameParameter('Slug or alias of a policy.'),
  publisher: anyNameParameter('Exact name of a publisher.'),
  genre: wordParameter(GENRES, 'Genre of the source.'),
});

const answer = listSchema('SourceList', SourcesAt.answer);

/** Sources, each with the events that cite it. */
@Controller()
export class SourcesController {
  constructor(private readonly reads: ReadResponder) {}

  @Route('GET', '/v1/sources', {
    role: 'reader',
    summary: 'Sources and the events that cite them',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  list(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { policy, publisher, genre } = asked.query;
    return this.reads.list(asked, (at, page) => new SourcesAt({ at, page, filter: { policy, publisher, genre } }));
  }
}
