import { Controller, Param } from '@nestjs/common';
import { z } from 'zod';
import { StateAt } from '#projections';
import { AnswerProofs } from '../answers/answer-proofs.js';
import { ALIAS, stateSchema } from '../answers/answers.js';
import { refuseUnprovable } from '../answers/provable.js';
import { ReadResponder } from '../answers/read-responder.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import {
  choiceParameter,
  hiddenParameter,
  proofParameter,
  readParameters,
  switchParameter,
  withoutParameter,
} from '../http/request/parameters.js';
import { TimeGate } from '../mementos/time-gate.js';
import { Route } from '../openapi/route.js';

const stateQuery = z.object({
  ...readParameters,
  explain: switchParameter('Add `blame`: the event behind each field.'),
  proof: proofParameter,
  engine: choiceParameter(
    ['facts', 'replay'],
    'How the answer is computed: from the stored boxes (`facts`), or by folding all events again (`replay`).',
  ),
  hidden: hiddenParameter,
  without: withoutParameter,
});

/** The state of a policy, now or at any other time. */
@Controller()
export class StatesController {
  constructor(
    private readonly reads: ReadResponder,
    private readonly proofs: AnswerProofs,
    private readonly gate: TimeGate,
  ) {}

  @Route('GET', '/v1/policies/:slug', {
    role: 'reader',
    summary: 'The state of one policy',
    description:
      'With `Accept-Datetime` (RFC 7089), and no time in the address, it leads to the pinned address at which the answer of that time began, on all three times.',
    query: stateQuery,
    headers: { 'Accept-Datetime': 'A date of HTTP, in GMT.' },
    answers: [
      { status: 200, description: 'Its state at the coordinate.', schema: stateSchema },
      { status: 302, description: 'With `Accept-Datetime`: `Location` has the answer of that time.' },
      ALIAS,
    ],
    refusals: ['invalid-header', 'unknown-policy', 'policy-not-yet-recorded', 'policy-withdrawn', 'unknown-left-out'],
  })
  async state(@Param('slug') slug: string, @CheckedRequest(stateQuery) asked: CheckedRequestOf<typeof stateQuery>) {
    const { explain, engine, proof, without } = asked.query;
    refuseUnprovable(asked);
    const isOnRecord = without === undefined;
    if (isOnRecord && (await this.gate.leads(slug, asked))) return undefined;
    const state = await this.reads.answer(asked, (at) => new StateAt({ policy: slug, at, explain, engine, without }));
    if (state !== undefined && isOnRecord) await this.gate.mark(state, slug, asked);
    const answer = await this.reads.addHidden({ asked, answer: state, filter: { policy: slug } });
    return answer && proof ? { ...answer, proof: await this.proofs.of(answer, asked.reply) } : answer;
  }
}
