import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { PositionsAt } from '#projections';
import { AnswerProofs } from '../../answers/answer-proofs.js';
import { listSchema, proven } from '../../answers/answers.js';
import { positionsQuestion } from '../../answers/proof-questions.js';
import { refuseUnprovableList } from '../../answers/provable.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import {
  anyNameParameter,
  listParameters,
  proofParameter,
  switchParameter,
  withoutParameter,
} from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { ReadResponder } from '../../answers/read-responder.js';

const query = z.object({
  ...listParameters,
  without: withoutParameter,
  policy: anyNameParameter('Slug or alias of a policy.'),
  proof: proofParameter,
  actor: anyNameParameter('Exact name of an actor.'),
  all: switchParameter('List every stance in order of occurrence, not only the newest.'),
});

const answer = listSchema('PositionList', PositionsAt.answer, proven);

/** Stances: the newest of each actor and policy, or every one. */
@Controller()
export class PositionsController {
  constructor(
    private readonly reads: ReadResponder,
    private readonly proofs: AnswerProofs,
  ) {}

  @Route('GET', '/v1/positions', {
    role: 'reader',
    summary: 'Positions of the actors',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
    refusals: ['unknown-left-out'],
  })
  async list(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { policy, actor, all, without } = asked.query;
    refuseUnprovableList(asked);
    const list = await this.reads.list(
      asked,
      (at, page) => new PositionsAt({ at, page, filter: { policy, actor, all }, without }),
    );
    return this.proofs.addToList({ asked, answer: list, policy, question: positionsQuestion(asked.query) });
  }
}
