import { Body, Controller, Param } from '@nestjs/common';
import { z } from 'zod';
import { STATUSES } from '#domain';
import { PoliciesAt, PolicyHistory, StateAt, TimelineAt } from '#projections';
import { AnswerProofs } from '../answers/answer-proofs.js';
import { ALIAS, eventList, listAnswer, stateAnswer, stateList } from '../answers/answers.js';
import { Asked, type AskedFor } from '../http/request/asked.js';
import { eventListParameters } from '../http/request/event-parameters.js';
import {
  choiceParameter,
  listParameters,
  readParameters,
  switchParameter,
  textParameter,
  wordParameter,
} from '../http/request/parameters.js';
import { EVENT_BODY, REGISTRATION } from '../openapi/event-bodies.js';
import { Route } from '../openapi/route.js';
import { Reading } from '../answers/reading.js';
import { WRITE_HEADERS } from '../http/response/write-headers.js';
import { PENDING, recordedAnswer, rehearsalAnswer } from '../answers/write-answers.js';
import { Writing } from '../answers/writing.js';

const listQuery = z.object({
  ...listParameters,
  status: wordParameter(STATUSES, 'Headline status.'),
  jurisdiction: textParameter('ISO 3166 code, or EU.'),
  q: textParameter(
    'Words, or parts of words, that must all occur in the title, slug or aliases, with or without accents or punctuation.',
  ),
});

const stateQuery = z.object({
  ...readParameters,
  explain: switchParameter('Add `blame`: the event behind each field.'),
  proof: switchParameter(
    'Add `proof`: all entries from which the answer follows, with the proof that there are no others.',
  ),
  engine: choiceParameter(
    ['facts', 'replay'],
    'How the answer is computed: from the stored boxes (`facts`), or by folding all events again (`replay`).',
  ),
});

const timelineQuery = z.object({
  ...eventListParameters,
  scope: choiceParameter(
    ['primary', 'any'],
    'Only events about this policy (`primary`), or also those that merely concern it (`any`).',
  ),
});

const historyQuery = z.object({
  ...listParameters,
  field: textParameter('Path of one field, such as `status` or `terms.price`. Default: all fields.'),
});

const noQuery = z.object({});

const recordQuery = z.object({
  dryRun: switchParameter(
    'Record nothing: answer what recording the event would change, or reject it as recording would.',
  ),
});

const historyAnswer = listAnswer('History', PolicyHistory.answer);

/** Policies: what they are, what holds, what happened, and how new events about them are recorded. */
@Controller()
export class PoliciesController {
  constructor(
    private readonly reading: Reading,
    private readonly writing: Writing,
    private readonly proofs: AnswerProofs,
  ) {}

  @Route('GET', '/v1/policies', {
    summary: 'The state of every policy',
    query: listQuery,
    answers: [{ status: 200, description: 'One page of states, by slug.', schema: stateList }],
  })
  list(@Asked(listQuery) asked: AskedFor<typeof listQuery>) {
    const { status, jurisdiction, q } = asked.query;
    return this.reading.states(asked, (at, page) => new PoliciesAt({ at, page, filter: { status, jurisdiction, q } }));
  }

  @Route('GET', '/v1/policies/:slug', {
    summary: 'The state of one policy',
    query: stateQuery,
    answers: [{ status: 200, description: 'Its state at the coordinate.', schema: stateAnswer }, ALIAS],
    refusals: ['unknown-policy', 'policy-not-yet-recorded', 'policy-withdrawn'],
  })
  async state(@Param('slug') slug: string, @Asked(stateQuery) asked: AskedFor<typeof stateQuery>) {
    const { explain, engine, proof } = asked.query;
    const answer = await this.reading.answer(asked, (at) => new StateAt({ policy: slug, at, explain, engine }));
    return answer && proof ? { ...answer, proof: await this.proofs.of(answer, asked.reply) } : answer;
  }

  @Route('GET', '/v1/policies/:slug/timeline', {
    summary: 'The events of one policy in force',
    query: timelineQuery,
    answers: [{ status: 200, description: 'One page of events.', schema: eventList }, ALIAS],
    refusals: ['unknown-policy', 'policy-not-yet-recorded', 'policy-withdrawn'],
  })
  timeline(@Param('slug') slug: string, @Asked(timelineQuery) asked: AskedFor<typeof timelineQuery>) {
    const { order, scope, type, actor, q, records, retracted } = asked.query;
    return this.reading.list(
      asked,
      (at, page) =>
        new TimelineAt({ policy: slug, at, page, order, scope, filter: { type, actor, q, records, retracted } }),
    );
  }

  @Route('GET', '/v1/policies/:slug/history', {
    summary: 'Each value that a field had, with the times for which it held',
    query: historyQuery,
    answers: [{ status: 200, description: 'One page of boxes.', schema: historyAnswer }, ALIAS],
    refusals: ['unknown-policy', 'policy-not-yet-recorded', 'policy-withdrawn'],
  })
  history(@Param('slug') slug: string, @Asked(historyQuery) asked: AskedFor<typeof historyQuery>) {
    const { field } = asked.query;
    return this.reading.list(asked, (at, page) => new PolicyHistory({ policy: slug, at, page, field }));
  }

  @Route('POST', '/v1/policies', {
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
  register(@Asked(noQuery) asked: AskedFor<typeof noQuery>, @Body() body: unknown) {
    return this.writing.register(asked, body);
  }

  @Route('POST', '/v1/policies/:slug/events', {
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
  record(@Param('slug') slug: string, @Asked(recordQuery) asked: AskedFor<typeof recordQuery>, @Body() body: unknown) {
    return asked.query.dryRun ? this.writing.rehearse(asked, slug, body) : this.writing.record(asked, slug, body);
  }
}
