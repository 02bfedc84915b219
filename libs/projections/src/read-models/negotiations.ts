import type { Pool } from 'pg';
import { z } from 'zod';
import { type Undescribed, describeRows, describedRow } from '../core/described-rows.js';
import type { RowGroup } from '../rows/groups-at.js';
import { instantText } from '../rows/answer-parts.js';
import type { Page, Paged, ResolvedCoordinate } from '../rows/answers.js';
import {
  type AssertedColumns,
  assertedRows,
  assertedTable,
  fieldOf,
  strongestOf,
  subjectSteps,
} from './asserted-rows.js';
import { shownInstant } from '../core/state.js';
import type { Projection } from '../rows/projection.js';
import { type ReadRow, shownRow } from '../rows/rows-at.js';
import { pageInSteps } from '../rows/steps.js';
import { versionRows } from '../rows/version-rows.js';

/** At which stage the talks with each counterparty stand. */
const table = assertedTable('negotiations');
const rows = versionRows(table, assertedRows('negotiations', '.stage'));

export const negotiations: Projection = {
  name: 'negotiations',
  version: 2,
  tables: [table],
  changesOf: (change) => [rows(change)],
};

/** One negotiation, as answers show it. */
export const shownNegotiation = describedRow
  .extend({
    counterparty: z.string().meta({ description: 'Name.' }),
    stage: z.string(),
    since: instantText.nullable().meta({ description: 'Since when it has been at this stage; `null`: open.' }),
  })
  .meta({ id: 'Negotiation', description: 'The stage of the negotiations of one policy with one counterparty.' });

/** See the schema. */
export type NegotiationAnswer = Readonly<z.output<typeof shownNegotiation>>;

interface Listing {
  readonly filter: { readonly policy?: string | undefined; readonly counterparty?: string | undefined };
  readonly page: Page;
}

/** The stage that holds at a coordinate: by policy in the order of registration, then by counterparty. */
export const negotiationsAt = (
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Listing,
): Promise<Paged<NegotiationAnswer>> =>
  pageInSteps(
    subjectSteps(pool, table.name, { policy: filter.policy, subject: filter.counterparty }),
    page,
    describeRows(pool, at, async (groups: readonly RowGroup[]) => {
      const stages = await strongestOf(pool, at, { table: table.name, fields: groups.map(fieldOf) });
      return { items: stages.map((stage) => stage && negotiationAnswer(stage)), read: groups.length };
    }),
  );

const negotiationAnswer = (row: ReadRow<AssertedColumns>): Undescribed<NegotiationAnswer> => ({
  ...shownRow(row),
  counterparty: row.subject,
  stage: row.value,
  since: shownInstant(row.valid_from),
});
