import type { Readable } from 'node:stream';
import { Controller, Param } from '@nestjs/common';
import { z } from 'zod';
import { type DifferenceAnswer, DiffBetween } from '#projections';
import type { PatchOperation } from '#temporal';
import { AnswerProofs } from '../answers/answer-proofs.js';
import { refuseUnprovable } from '../answers/provable.js';
import { ALIAS, differenceSchema } from '../answers/answers.js';
import { askedFormat } from '../answers/asked-table.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { type GivenCoordinate, coordinateParameters } from '../http/request/coordinates.js';
import {
  choiceParameter,
  proofParameter,
  readParameters,
  tableParameters,
  withoutParameter,
} from '../http/request/parameters.js';
import { invalidParameter } from '../http/request/query-string.js';
import { Route } from '../openapi/route.js';
import type { FramedDifference } from '../http/response/frame.js';
import { type DifferenceRequest, ReadResponder, type DifferenceSides } from '../answers/read-responder.js';

const { knownAt, validAt, recordedAt } = coordinateParameters;

const query = z.object({
  from: knownAt.meta({ description: 'Short for `from.knownAt`.' }),
  'from.knownAt': knownAt,
  'from.validAt': validAt,
  'from.recordedAt': recordedAt,
  to: knownAt.meta({ description: 'Short for `to.knownAt`.' }),
  'to.knownAt': knownAt,
  'to.validAt': validAt,
  'to.recordedAt': recordedAt,
  format: choiceParameter(
    ['changes', 'json-patch'],
    'A list of changes with their causes; or the RFC 6902 patch that turns the first state into the second.',
  ),
  atLeast: readParameters.atLeast,
  without: withoutParameter,
  ...tableParameters,
});

const policyQuery = query.extend({ proof: proofParameter });

type DifferenceQuery = z.output<typeof query>;

/** Media type of RFC 6902. */
const JSON_PATCH = 'application/json-patch+json';

const answers = [
  {
    status: 200,
    description: 'What differs, and why; with `format=json-patch` the patch alone.',
    schema: differenceSchema,
  },
  { status: 200, description: 'The patch.', schema: DiffBetween.patch, type: JSON_PATCH },
];

/** The differences between two coordinates, with the events that caused them. */
@Controller()
export class DifferencesController {
  constructor(
    private readonly reads: ReadResponder,
    private readonly proofs: AnswerProofs,
  ) {}

  @Route('GET', '/v1/diff', {
    role: 'reader',
    summary: 'Differences between two coordinates, for all policies',
    query,
    answers,
    refusals: ['unknown-left-out'],
  })
  ofAll(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { format, without } = asked.query;
    return this.answer(asked, (sides) => new DiffBetween({ ...sides, format, without }));
  }

  @Route('GET', '/v1/policies/:slug/diff', {
    role: 'reader',
    summary: 'Differences between two coordinates, for one policy',
    query: policyQuery,
    answers: [...answers, ALIAS],
    refusals: ['unknown-policy', 'policy-not-yet-recorded', 'policy-withdrawn', 'unknown-left-out'],
  })
  async ofOne(@Param('slug') slug: string, @CheckedRequest(policyQuery) asked: CheckedRequestOf<typeof policyQuery>) {
    const { format, without, proof } = asked.query;
    const isPatch = format === 'json-patch';
    refuseUnprovable(asked, {
      format: isPatch ? 'format=json-patch has no place for a proof: leave it out, or proof.' : undefined,
    });
    const answer = await this.answer(asked, (sides) => new DiffBetween({ policy: slug, ...sides, format, without }));
    if (!proof || answer === undefined || !('changes' in answer)) return answer;
    return { ...answer, proof: await this.proofs.ofDifference({ policy: slug, answer }, asked.reply) };
  }

  /** Answers the list of changes; or the patch alone, in its own media type, with its permanent address in a header. */
  private async answer(
    asked: CheckedRequestOf<typeof query>,
    ask: (sides: DifferenceSides) => DiffBetween,
  ): Promise<FramedChanges | readonly PatchOperation[] | Readable | undefined> {
    const format = askedFormat(asked.request, asked.query);
    if (format !== 'json') return this.reads.differenceFile(betweenOf(asked), { format, query: asked.query, ask });
    if (asked.query.columns !== undefined)
      throw invalidParameter(
        'columns',
        'columns: only files of changes have columns. Ask for .csv, .ndjson or .parquet.',
      );
    const answer = await this.reads.difference(betweenOf(asked), ask);
    if (answer?.patch === undefined) return answer;
    asked.reply.type(JSON_PATCH).header('content-location', answer.permalink);
    return answer.patch;
  }
}

type FramedChanges = DifferenceAnswer & FramedDifference;

const betweenOf = (asked: CheckedRequestOf<typeof query>): DifferenceRequest => ({
  ...asked,
  from: side(asked.query, 'from'),
  to: side(asked.query, 'to'),
});

function side(given: DifferenceQuery, name: 'from' | 'to'): GivenCoordinate {
  const [short, exact] = [given[name], given[`${name}.knownAt`]];
  if (short !== undefined && exact !== undefined)
    throw invalidParameter(name, `${name} is short for ${name}.knownAt; give one of them.`);
  const coordinate = {
    knownAt: short ?? exact,
    validAt: given[`${name}.validAt`],
    recordedAt: given[`${name}.recordedAt`],
  };
  if (Object.values(coordinate).every((time) => time === undefined)) {
    throw invalidParameter(
      name,
      `A diff needs two coordinates: give ${name}, ${name}.knownAt, ${name}.validAt or ${name}.recordedAt.`,
    );
  }
  return coordinate;
}
