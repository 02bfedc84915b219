import type { Pool } from 'pg';
import { compareText } from '#temporal';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import { ASSERTED_COLUMNS, type AssertedColumns, assertedRows, assertedTable, countsAt } from '../asserted-rows.js';
import type { Projection } from '../projection.js';
import { type ReadRow, type ShownEventRow, grouped, pageOf, rowsAt, shownRow } from '../rows-at.js';
import { versionRows } from '../version-rows.js';

/** Where each actor said they stand. */
const table = assertedTable('positions');
const rows = versionRows(table, assertedRows('positions'));

export const positions: Projection = {
  name: 'positions',
  version: 1,
  tables: [table],
  changesOf: (change) => [rows(change)],
};

/** One stance, as answers show it. */
export interface PositionAnswer extends ShownEventRow {
  readonly actor: string;
  readonly stance: string;
  readonly previous: { readonly stance: string; readonly event: string } | null;
}

interface Listing {
  readonly filter: {
    readonly policy?: string | undefined;
    readonly actor?: string | undefined;
    readonly all?: boolean | undefined;
  };
  readonly page: Page;
}

/** The newest stance of each actor about each policy at a coordinate; with `all`, each one in order of occurrence. */
export async function positionsAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Listing,
): Promise<Paged<PositionAnswer>> {
  const found = await rowsAt<AssertedColumns>(pool, at, {
    table: 'positions',
    own: ASSERTED_COLUMNS,
    policy: filter.policy,
    equal: { subject: filter.actor },
  });
  const counting = found.filter((row) => countsAt(row, at.validAt));
  const series = [
    ...grouped(counting, ({ policy_slug, subject }) => JSON.stringify([policy_slug, subject])).values(),
  ].map(stancesInOrder);
  const shown =
    filter.all === true ? series.flat().sort(inOrder) : series.flatMap((stances) => stances.at(-1) ?? []).sort(inOrder);
  return pageOf(
    shown.map(({ answer }) => answer),
    page,
  );
}

interface Ordered {
  readonly order: string;
  readonly answer: PositionAnswer;
}

const inOrder = (one: Ordered, other: Ordered): number => compareText(one.order, other.order);

function stancesInOrder(series: readonly ReadRow<AssertedColumns>[]): readonly Ordered[] {
  const sorted = [...series].sort((one, other) => compareText(one.weight, other.weight));
  return sorted.map((row, index) => {
    const before = sorted[index - 1];
    const previous = before ? { stance: before.value, event: before.event } : null;
    return { order: row.occurred_order, answer: { ...shownRow(row), actor: row.subject, stance: row.value, previous } };
  });
}
