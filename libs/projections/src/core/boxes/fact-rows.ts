import type { Pool } from 'pg';
import { z } from 'zod';
import { flatValue } from '#tables';
import { splitField } from '#temporal';
import { instantText } from '../../rows/answer-parts.js';
import type { Page, Paged, ResolvedCoordinate } from '../../rows/answers.js';
import { pageInSteps, showAs } from '../../rows/steps.js';
import { readInstant, standsAt, storedInstant } from '../../rows/table.js';
import { shownInstant } from '../state.js';
import { type BoxRow, boxSteps } from './box-steps.js';

/** One fact of one policy, as a table of states shows it. */
export const shownFactRow = z
  .object({
    policy: z.string().meta({ description: 'Slug of the policy.' }),
    field: z.string().meta({ description: 'Path of the field.' }),
    group: z.string().meta({ description: 'The path up to its first dot.' }),
    subject: z.string().nullable().meta({ description: 'The path after its first dot; `null` without one.' }),
    valueText: z
      .string()
      .nullable()
      .meta({ description: 'The value, if it is a text, or true or false; JSON if it is anything else but a number.' }),
    valueNumber: z.number().nullable().meta({ description: 'The value, if it is a number.' }),
    unit: z.string().nullable(),
    event: z.string().meta({ description: 'Key of the event that says so.' }),
    validFrom: instantText.nullable().meta({ description: 'From when on it counts, as known then; `null`: open.' }),
    validTo: instantText
      .nullable()
      .meta({ description: 'Until when it counts, unless something else holds earlier; `null`: open.' }),
    isUncertain: z.boolean().meta({
      description:
        'It may hold already, and is not sure to: from `validFrom` on, until it is settled at `validTo`. Without a value it may have ended.',
    }),
  })
  .meta({ id: 'FactRow', description: 'A value that holds at the coordinate, or may hold already.' });

/** See the schema. */
export type FactRowAnswer = Readonly<z.output<typeof shownFactRow>>;

interface Listing {
  readonly filter: {
    /** Numbers of the policies; all when undefined. */
    readonly policies?: readonly number[] | undefined;
    /** Path of one field; all when undefined. */
    readonly field?: string | undefined;
    /** First part of the path; any when undefined. */
    readonly group?: string | undefined;
  };
  readonly page: Page;
}

/**
 * The states of policies at a coordinate as one table: by policy in the order of registration, then by field. A row for
 * each field that has a value, and one for each value that a field may have already.
 */
export const factRowsAt = (
  pool: Pool,
  { recorded, knownAt, validAt }: ResolvedCoordinate,
  { filter: { policies, field, group }, page }: Listing,
): Promise<Paged<FactRowAnswer>> =>
  pageInSteps(
    boxSteps(pool, {
      policies,
      field,
      withUncertain: true,
      within: (bind) => {
        const [at, known, valid] = [bind(recorded), bind(storedInstant(knownAt)), bind(storedInstant(validAt))];
        const holds = (row: string): string =>
          `${standsAt(row, at, known)} AND ${row}.valid_from <= ${valid} AND ${row}.valid_to > ${valid}`;
        return [
          holds('b'),
          // That a plan may have ended is listed only if there is such a plan.
          `(b.value IS NOT NULL OR b.certainty = 'uncertain' AND (b.field !~ '^(plans|forecasts)[.]' OR EXISTS (SELECT FROM read.boxes h
            WHERE h.policy = b.policy AND h.field = b.field AND h.value IS NOT NULL AND ${holds('h')})))`,
          ...(group === undefined ? [] : [`split_part(b.field, '.', 1) = ${bind(group)}`]),
        ];
      },
    }),
    page,
    showAs(factRow),
  );

function factRow(row: BoxRow): FactRowAnswer {
  const [group, subject = null] = splitField(row.field);
  return {
    policy: row.policy_slug,
    field: row.field,
    group,
    subject,
    ...flatValue(row.value),
    event: row.event,
    validFrom: shownInstant(readInstant(row.since)),
    validTo: shownInstant(readInstant(row.until)),
    isUncertain: row.certainty === 'uncertain',
  };
}
