import { Controller, Param } from '@nestjs/common';
import { z } from 'zod';
import { HistoriesAt, HistoryAt, type HistorySlice } from '#projections';
import { ALIAS, listSchema } from '../answers/answers.js';
import { ReadResponder } from '../answers/read-responder.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { listParameters, namesParameter, switchParameter, textParameter } from '../http/request/parameters.js';
import { Route } from '../openapi/route.js';

const UNCERTAIN = 'List also where a value may have held already, from the earliest instant to the settled one.';

const parameters = {
  ...listParameters,
  field: textParameter('Path of one field, such as `status` or `terms.price`. Default: all fields.'),
  slice: z
    .enum(HistoryAt.slices, `must be one of ${HistoryAt.slices.join(', ')}`)
    .optional()
    .meta({
      description:
        'The time at which the boxes are cut: with `recordedAt` those in the record at that position, with `knownAt` of these what was known then about all of valid time, with `validAt` what was thought about that time in all of known time; with `none` all that had been recorded by that position. Default: `knownAt` or `validAt` if the request gives one of the two, else `none`.',
    }),
};

const policyQuery = z.object({ ...parameters, uncertain: switchParameter(UNCERTAIN) });

const allQuery = z.object({
  ...parameters,
  policy: namesParameter('Slugs or aliases of policies, separated by commas. Default: all policies.'),
  uncertain: switchParameter(UNCERTAIN, { otherwise: true }),
});

const answer = listSchema('History', HistoryAt.answer);

/** The histories of fields: each value with the box of recorded, known and valid time in which it held. */
@Controller()
export class HistoriesController {
  constructor(private readonly reads: ReadResponder) {}

  @Route('GET', '/v1/history', {
    role: 'reader',
    summary: 'Each value that fields had, of all policies, with the times for which it held',
    query: allQuery,
    answers: [{ status: 200, description: 'One page of boxes, by policy and field.', schema: answer }],
  })
  ofAll(@CheckedRequest(allQuery) asked: CheckedRequestOf<typeof allQuery>) {
    const { policy: policies, field, uncertain: withUncertain } = asked.query;
    const slice = sliceOf(asked.query);
    return this.reads.list(
      { ...asked, implied: impliedBy(slice) },
      (at, page) => new HistoriesAt({ policies, at, page, field, slice, withUncertain }),
    );
  }

  @Route('GET', '/v1/policies/:slug/history', {
    role: 'reader',
    summary: 'Each value that a field had, with the times for which it held',
    query: policyQuery,
    answers: [{ status: 200, description: 'One page of boxes.', schema: answer }, ALIAS],
    refusals: ['unknown-policy', 'policy-not-yet-recorded', 'policy-withdrawn'],
  })
  ofOne(@Param('slug') slug: string, @CheckedRequest(policyQuery) asked: CheckedRequestOf<typeof policyQuery>) {
    const { field, uncertain: withUncertain } = asked.query;
    const slice = sliceOf(asked.query);
    return this.reads.list(
      { ...asked, implied: impliedBy(slice) },
      (at, page) => new HistoryAt({ policy: slug, at, page, field, slice, withUncertain }),
    );
  }
}

/** The slice that was asked for, or that follows from which times were given. */
function sliceOf({
  slice,
  knownAt,
  validAt,
}: Pick<z.output<typeof policyQuery>, 'slice' | 'knownAt' | 'validAt'>): HistorySlice {
  if (slice !== undefined) return slice;
  if ((knownAt === undefined) === (validAt === undefined)) return 'none';
  return knownAt === undefined ? 'validAt' : 'knownAt';
}

/** An address that gives all times, or none, shows all boxes unless it names a slice. */
const impliedBy = (slice: HistorySlice): Readonly<Record<string, string>> => (slice === 'none' ? {} : { slice });
