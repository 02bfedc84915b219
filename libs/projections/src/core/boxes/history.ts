import type { Pool } from 'pg';
import { z } from 'zod';
import type { Json } from '#domain';
import { anyJson, instantText } from '../../rows/answer-parts.js';
import type { Page, Paged, ResolvedCoordinate } from '../../rows/answers.js';
import { tableSteps } from '../../rows/rows-at.js';
import { type OrderColumn, pageInSteps, showAs } from '../../rows/steps.js';
import { WITHOUT_END, readInstant } from '../../rows/table.js';
import { shownInstant } from '../state.js';

const stretch = z.object({ from: instantText.nullable(), to: instantText.nullable() });

/** A value that a field had, and the box in which it held. */
export const shownHistory = z
  .object({
    field: z.string().meta({ description: 'Path of the field.' }),
    value: anyJson.meta({ description: '`null`: the field was absent.' }),
    event: z.string().meta({ description: 'Key of the event behind the value.' }),
    recorded: z
      .object({ from: z.int(), to: z.int().nullable() })
      .meta({ description: 'Positions; the end is excluded.' }),
    known: stretch,
    valid: stretch,
  })
  .meta({
    id: 'HistoryEntry',
    description: 'A value that a field had, and between which points on each axis; `null`: without an end.',
  });

/** See the schema. */
export type HistoryAnswer = Readonly<z.output<typeof shownHistory>>;

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

const ORDER = [
  ['field', 'text'],
  ['recorded_from', 'bigint'],
  ['valid_from', 'bigint'],
  ['known_from', 'bigint'],
  ['id', 'integer'],
] as const satisfies readonly OrderColumn[];

const SELECTED = `t.field, t.value, t.event, t.recorded_from::float8 AS recorded_from, t.recorded_to::float8 AS recorded_to,
  t.known_from::float8 AS known_from, t.known_to::float8 AS known_to, t.valid_from::float8 AS valid_from, t.valid_to::float8 AS valid_to`;

interface Listing {
  readonly at: ResolvedCoordinate;
  /** Path of one field; all when undefined. */
  readonly field: string | undefined;
  readonly page: Page;
}

/** Every value that a field had by a position, or every field's: by field, then recorded, valid and known time. */
export const historyOf = (pool: Pool, policy: number, { at, field, page }: Listing): Promise<Paged<HistoryAnswer>> =>
  pageInSteps(
    tableSteps<HistoryRow>(pool, {
      table: 'boxes',
      // All rows of one field have the same.
      order: field === undefined ? ORDER : ORDER.filter(([name]) => name !== 'field'),
      select: SELECTED,
      within: (bind) => [`t.policy = ${bind(policy)}`, ...(field === undefined ? [] : [`t.field = ${bind(field)}`])],
      shown: (bind) => {
        const recorded = bind(at.recorded);
        return [`t.recorded_from <= ${recorded}`, hadValue(recorded)];
      },
    }),
    page,
    showAs((row) => historyAnswer(row, at.recorded)),
  );

// A link that ends plans does not say of which kind: what was never there has no history of having ended.
const hadValue = (recorded: string): string =>
  `(t.value IS NOT NULL OR t.field !~ '^(plans|forecasts)[.]' OR EXISTS (SELECT FROM read.boxes p
    WHERE p.policy = t.policy AND p.field = t.field AND p.value IS NOT NULL AND p.recorded_from <= ${recorded}))`;

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
