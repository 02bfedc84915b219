import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { NegotiationsAt } from '#projections';
import { AnswerProofs } from '../../answers/answer-proofs.js';
import { listSchema, proven } from '../../answers/answers.js';
import { negotiationsQuestion } from '../../answers/proof-questions.js';
import { refuseUnprovableList } from '../../answers/provable.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import { anyNameParameter, listParameters, proofParameter } from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { ReadResponder } from '../../answers/read-responder.js';

const query = z.object({
  ...listParameters,
  policy: anyNameParameter('Slug or alias of a policy.'),
  proof: proofParameter,
  counterparty: anyNameParameter('Exact name of a counterparty.'),
});

const answer = listSchema('NegotiationList', NegotiationsAt.answer, proven);

/** Negotiations: the stage with each counterparty. */
@Controller()
export class NegotiationsController {
  constructor(
    private readonly reads: ReadResponder,
    private readonly proofs: AnswerProofs,
  ) {}

  @Route('GET', '/v1/negotiations', {
    role: 'reader',
    summary: 'Negotiations and their stages',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
  })
  async list(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { policy, counterparty } = asked.query;
    refuseUnprovableList(asked);
    const list = await this.reads.list(
      asked,
      (at, page) => new NegotiationsAt({ at, page, filter: { policy, counterparty } }),
    );
    return this.proofs.addToList({ asked, answer: list, policy, question: negotiationsQuestion(asked.query) });
  }
}
