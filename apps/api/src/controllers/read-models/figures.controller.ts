import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { FiguresAt } from '#projections';
import { AnswerProofs } from '../../answers/answer-proofs.js';
import { listSchema, proven } from '../../answers/answers.js';
import { figuresQuestion } from '../../answers/proof-questions.js';
import { UNPROVABLE, refuseUnprovableList } from '../../answers/provable.js';
import { CheckedRequest, type CheckedRequestOf } from '../../http/request/checked-request.js';
import { eventTimeParameters } from '../../http/request/event-times.js';
import {
  anyNameParameter,
  eitherParameter,
  listParameters,
  proofParameter,
  textParameter,
  withoutParameter,
  wordParameter,
} from '../../http/request/parameters.js';
import { Route } from '../../openapi/route.js';
import { ReadResponder } from '../../answers/read-responder.js';

const query = z.object({
  ...listParameters,
  without: withoutParameter,
  ...eventTimeParameters,
  policy: anyNameParameter('Slug or alias of a policy.'),
  proof: proofParameter,
  measure: anyNameParameter('What is measured.'),
  unit: textParameter('Unit of the number.'),
  claimedBy: textParameter('Exact name of one of those who say so.'),
  epistemic: wordParameter(FiguresAt.answer.shape.epistemic.options, 'How its event is known.'),
  conflicting: eitherParameter('Only figures that conflict with others, or only the others.'),
  superseded: eitherParameter('Only figures that were revised or withdrawn, or only the others.'),
});

const answer = listSchema('FigureList', FiguresAt.answer, proven);

/** Figures: one row a claim, never averaged, conflicts marked. */
@Controller()
export class FiguresController {
  constructor(
    private readonly reads: ReadResponder,
    private readonly proofs: AnswerProofs,
  ) {}

  @Route('GET', '/v1/figures', {
    role: 'reader',
    summary: 'Figures, one row per claim',
    query,
    answers: [{ status: 200, description: 'One page of rows.', schema: answer }],
    refusals: ['unknown-left-out'],
  })
  async list(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { policy, measure, unit, claimedBy, epistemic, conflicting, superseded, without } = asked.query;
    refuseUnprovableList(asked, {
      conflicting: conflicting === undefined ? undefined : UNPROVABLE.conflicting,
      superseded: superseded === undefined ? undefined : UNPROVABLE.superseded,
    });
    const filter = {
      policy,
      measure,
      unit,
      claimedBy,
      epistemic,
      conflicting,
      superseded,
      times: this.reads.timesOf(asked.query),
    };
    const list = await this.reads.list(asked, (at, page) => new FiguresAt({ at, page, filter, without }));
    return this.proofs.addToList({ asked, answer: list, policy, question: figuresQuestion(asked.query, filter.times) });
  }
}
