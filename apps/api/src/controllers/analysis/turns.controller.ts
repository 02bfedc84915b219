import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { TurnsAt } from '#projections';
import { listSchema } from '../../answers/answers.js';
import { ReadResponder } from '../../answers/read-responder.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import {
  anyNameParameter,
  choiceParameter,
  listParameters,
  withoutParameter,
  wordsParameter,
} from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';

const query = z.object({
  ...listParameters,
  policy: anyNameParameter('Slug or alias of a policy.'),
  actor: anyNameParameter('Exact name of an actor.'),
  kind: wordsParameter(TurnsAt.kinds, 'How the position changed.'),
  without: withoutParameter,
  engine: choiceParameter(
    ['facts', 'replay'],
    'How the answer is computed: from the stored rows (`facts`), or by folding all events again (`replay`).',
  ),
});

const answer = listSchema('TurnList', TurnsAt.answer);

/** Who changed position about a policy, and which policies were reversed. */
@Controller()
export class TurnsController {
  constructor(private readonly reads: ReadResponder) {}

  @Route('GET', '/v1/turns', {
    role: 'reader',
    summary: 'Changes of position, and reversals of policies',
    description: 'Groups and anonymous actors are never named. A stance taken for another is kept apart.',
    query,
    answers: [{ status: 200, description: 'One page of rows, by policy and occurrence.', schema: answer }],
    refusals: ['unknown-left-out'],
  })
  list(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { policy, actor, kind, engine, without } = asked.query;
    return this.reads.list(
      asked,
      (at, page) => new TurnsAt({ at, page, filter: { policy, actor, kind }, engine, without }),
    );
  }
}
