import type { Pool } from 'pg';
import { compareText } from '#temporal';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import { ASSERTED_COLUMNS, type AssertedColumns, assertedRows, assertedTable, countsAt } from '../asserted-rows.js';
import { shownInstant } from '../policy-facts/state.js';
import type { Projection } from '../projection.js';
import { type ShownEventRow, grouped, pageOf, rowsAt, shownRow } from '../rows-at.js';
import { versionRows } from '../version-rows.js';

/** At which stage the talks with each counterparty stand. */
const table = assertedTable('negotiations');
const rows = versionRows(table, assertedRows('negotiations', '.stage'));

export const negotiations: Projection = {
  name: 'negotiations',
  version: 1,
  tables: [table],
  changesOf: (change) => [rows(change)],
};

/** One negotiation, as answers show it. */
export interface NegotiationAnswer extends ShownEventRow {
  readonly counterparty: string;
  readonly stage: string;
  /** From when on it stands at this stage. */
  readonly since: string | null;
}

interface Listing {
  readonly filter: { readonly policy?: string | undefined; readonly counterparty?: string | undefined };
  readonly page: Page;
}

/** The stage that holds at a coordinate, for each policy and counterparty, in order of occurrence. */
export async function negotiationsAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Listing,
): Promise<Paged<NegotiationAnswer>> {
  const found = await rowsAt<AssertedColumns>(pool, at, {
    table: 'negotiations',
    own: ASSERTED_COLUMNS,
    policy: filter.policy,
    equal: { subject: filter.counterparty },
  });
  const counting = found.filter((row) => countsAt(row, at.validAt));
  const holding = [
    ...grouped(counting, ({ policy_slug, subject }) => JSON.stringify([policy_slug, subject])).values(),
  ].flatMap((stages) => stages.toSorted((one, other) => compareText(one.weight, other.weight)).at(-1) ?? []);
  const shown = holding
    .sort((one, other) => compareText(one.occurred_order, other.occurred_order))
    .map((row): NegotiationAnswer => ({
      ...shownRow(row),
      counterparty: row.subject,
      stage: row.value,
      since: shownInstant(row.valid_from),
    }));
  return pageOf(shown, page);
}
