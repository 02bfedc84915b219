import type { Pool } from 'pg';
import type { Json } from '#domain';
import { compareText } from '#temporal';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import { pageOf } from '../rows-at.js';
import { WITHOUT_END, readInstant } from '../table.js';
import { shownInstant } from './state.js';

/** A value that a field had, and the box in which it held; open ends are null. */
export interface HistoryAnswer {
  readonly field: string;
  readonly value: Json;
  readonly event: string;
  readonly recorded: { readonly from: number; readonly to: number | null };
  readonly known: { readonly from: string | null; readonly to: string | null };
  readonly valid: { readonly from: string | null; readonly to: string | null };
}

interface HistoryRow {
  readonly field: string;
  readonly value: Json;
  readonly event: string;
  readonly recorded_from: number;
  readonly recorded_to: number;
  readonly known_from: number;
  readonly known_to: number;
  readonly valid_from: number;
  readonly valid_to: number;
}

// A link that ends plans does not say of which kind: what was never there has no history of having ended.
const HISTORY = `SELECT field, value, event, recorded_from::float8 AS recorded_from, recorded_to::float8 AS recorded_to, known_from::float8 AS known_from,
    known_to::float8 AS known_to, valid_from::float8 AS valid_from, valid_to::float8 AS valid_to
  FROM read.boxes b WHERE policy = $1 AND recorded_from <= $2 AND ($3::text IS NULL OR field = $3)
    AND (value IS NOT NULL OR field !~ '^(plans|forecasts)[.]' OR EXISTS (SELECT FROM read.boxes p
      WHERE p.policy = b.policy AND p.field = b.field AND p.value IS NOT NULL AND p.recorded_from <= $2))`;

/** Every value that a field had by a position, or every field's: by field, then recorded, valid and known time. */
export async function historyOf(
  pool: Pool,
  policy: number,
  { at, field, page }: { at: ResolvedCoordinate; field: string | undefined; page: Page },
): Promise<Paged<HistoryAnswer>> {
  const { rows } = await pool.query<HistoryRow>({
    name: 'history-of-policy',
    text: HISTORY,
    values: [policy, at.recorded, field ?? null],
  });
  const sorted = rows.sort(
    (one, other) =>
      compareText(one.field, other.field) ||
      one.recorded_from - other.recorded_from ||
      one.valid_from - other.valid_from ||
      one.known_from - other.known_from,
  );
  return pageOf(
    sorted.map((row) => historyAnswer(row, at.recorded)),
    page,
  );
}

const historyAnswer = (row: HistoryRow, recorded: number): HistoryAnswer => ({
  field: row.field,
  value: row.value,
  event: row.event,
  // What ended after the position asked for had not ended then.
  recorded: {
    from: row.recorded_from,
    to: row.recorded_to > recorded || row.recorded_to >= WITHOUT_END ? null : row.recorded_to,
  },
  known: { from: shownInstant(readInstant(row.known_from)), to: shownInstant(readInstant(row.known_to)) },
  valid: { from: shownInstant(readInstant(row.valid_from)), to: shownInstant(readInstant(row.valid_to)) },
});
