import { Body, Controller, Param } from '@nestjs/common';
import { z } from 'zod';
import { STATUSES } from '#domain';
import { PoliciesAt, TimelineAt } from '#projections';
import { AnswerProofs } from '../answers/answer-proofs.js';
import { ALIAS, eventListSchema, stateListSchema } from '../answers/answers.js';
import { eventsQuestion } from '../answers/proof-questions.js';
import { UNPROVABLE, refuseUnprovable } from '../answers/provable.js';
import { withRecorders } from '../answers/recorders.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { eventListParameters } from '../http/request/event-parameters.js';
import {
  addressParameter,
  choiceParameter,
  hiddenParameter,
  listParameters,
  noQuery,
  proofParameter,
  switchParameter,
  textParameter,
  withoutParameter,
  wordsParameter,
} from '../http/request/parameters.js';
import { EVENT_BODY, REGISTRATION } from '../openapi/event-bodies.js';
import { Route } from '../openapi/route.js';
import { ReadResponder } from '../answers/read-responder.js';
import { WRITE_HEADERS } from '../http/response/write-headers.js';
import { PENDING, recordedAnswer, rehearsalAnswer } from '../answers/write-answers.js';
import { WriteResponder } from '../answers/write-responder.js';

const explain = switchParameter('Add `blame`: the event behind each field.');

const listQuery = z.object({
  ...listParameters,
  explain: explain.meta({
    description: 'Add `blame`: the event behind each field. A page then has at most 100 policies.',
  }),
  status: wordsParameter(STATUSES, 'Headline status.'),
  jurisdiction: textParameter('ISO 3166 code, or EU.'),
  q: textParameter(
    'Words, or parts of words, that must all occur in the title, slug or aliases, with or without accents or punctuation.',
  ),
  sameAs: addressParameter(
    'An address that stands for the policy elsewhere, as recorded, or another address of the same item of Wikidata, act or member of parliament.',
  ),
  hidden: hiddenParameter,
  without: withoutParameter,
});

const timelineQuery = z.object({
  ...eventListParameters,
  scope: choiceParameter(
    ['primary', 'any'],
    'Only events about this policy (`primary`), or also those that merely concern it (`any`).',
  ),
  without: withoutParameter,
  proof: proofParameter,
});

const recordQuery = z.object({
  dryRun: switchParameter(
    'Record nothing: answer what recording the event would change, or reject it as recording would.',
  ),
});

/** Policies: the states of all, their timelines, and the recording of events about them. */
@Controller()
export class PoliciesController {
  constructor(
    private readonly reads: ReadResponder,
    private readonly writes: WriteResponder,
    private readonly proofs: AnswerProofs,
  ) {}

  @Route('GET', '/v1/policies', {
    role: 'reader',
    summary: 'The state of every policy',
    query: listQuery,
    answers: [{ status: 200, description: 'One page of states, by slug.', schema: stateListSchema }],
    refusals: ['unknown-left-out'],
  })
  async list(@CheckedRequest(listQuery) asked: CheckedRequestOf<typeof listQuery>) {
    const { explain, status, jurisdiction, q, sameAs, without } = asked.query;
    const filter = { status, jurisdiction, q, sameAs };
    const answer = await this.reads.states(asked, (at, page) => new PoliciesAt({ at, page, filter, explain, without }));
    return this.reads.addHiddenToList({ asked, answer, filter: {} });
  }

  @Route('GET', '/v1/policies/:slug/timeline', {
    role: 'reader',
    summary: 'The events of one policy in force',
    query: timelineQuery,
    answers: [{ status: 200, description: 'One page of events.', schema: eventListSchema }, ALIAS],
    refusals: ['unknown-policy', 'policy-not-yet-recorded', 'policy-withdrawn', 'unknown-left-out'],
  })
  async timeline(
    @Param('slug') slug: string,
    @CheckedRequest(timelineQuery) checked: CheckedRequestOf<typeof timelineQuery>,
  ) {
    const asked = await withRecorders(checked);
    const { namesRecorders } = asked;
    const { order, scope, type, actor, affiliated, q, records, retracted, without, recordedBy } = asked.query;
    refuseUnprovable(asked, {
      q: q && UNPROVABLE.q,
      scope: scope === 'any' ? UNPROVABLE.scope : undefined,
      recordedBy: recordedBy && UNPROVABLE.recordedBy,
    });
    const times = this.reads.timesOf(asked.query);
    const filter = { type, actor, affiliated, q, records, retracted, recordedBy, times };
    const answer = await this.reads.list(
      asked,
      (at, page) => new TimelineAt({ policy: slug, at, page, order, scope, filter, without, namesRecorders }),
    );
    const counted = await this.reads.addHiddenToList({
      asked,
      answer,
      filter: { ...filter, policy: slug },
      scope,
    });
    const question = eventsQuestion(asked.query, times);
    return this.proofs.addToList({ asked, answer: counted, policy: slug, question });
  }

  @Route('POST', '/v1/policies', {
    role: 'recorder',
    summary: 'Register a policy',
    description:
      'A slug or alias that another policy has, or ever had, is rejected. Events may name the policy by an alias; they are recorded under its slug.',
    query: noQuery,
    headers: { 'Idempotency-Key': WRITE_HEADERS['Idempotency-Key'] },
    body: { type: 'application/json', schema: { component: REGISTRATION } },
    answers: [
      { status: 201, description: 'Registered.', schema: recordedAnswer },
      { status: 200, description: 'Already registered with the same body.', schema: recordedAnswer },
      PENDING,
    ],
    refusals: ['broken-json', 'policy-differs', 'registration-withdrawn', 'rejected', 'idempotency-key-reused', 'busy'],
  })
  register(@CheckedRequest(noQuery) asked: CheckedRequestOf<typeof noQuery>, @Body() body: unknown) {
    return this.writes.register(asked, body);
  }

  @Route('POST', '/v1/policies/:slug/events', {
    role: 'recorder',
    summary: 'Record one event about a policy',
    description:
      'Answers the position of the event in the log, what to check again (`warnings`), and which fields of the current state it changed (`changed`). With `dryRun=true` nothing is stored, no key is kept and no position is used.',
    query: recordQuery,
    headers: WRITE_HEADERS,
    body: { type: 'application/json', schema: { component: EVENT_BODY } },
    answers: [
      { status: 201, description: 'Recorded; `Location` has the event.', schema: recordedAnswer },
      {
        status: 200,
        description: 'Already recorded with the same body; or, with `dryRun=true`, what recording it would change.',
        schema: z.union([recordedAnswer, rehearsalAnswer]),
      },
      ALIAS,
      PENDING,
    ],
    refusals: [
      'broken-json',
      'unknown-policy',
      'rejected',
      'key-reused',
      'idempotency-key-reused',
      'stale-revision',
      'busy',
    ],
  })
  record(
    @Param('slug') slug: string,
    @CheckedRequest(recordQuery) asked: CheckedRequestOf<typeof recordQuery>,
    @Body() body: unknown,
  ) {
    return asked.query.dryRun ? this.writes.rehearse(asked, slug, body) : this.writes.record(asked, slug, body);
  }
}
