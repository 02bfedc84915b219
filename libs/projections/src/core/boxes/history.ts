import type { Pool } from 'pg';
import { z } from 'zod';
import { anyJson, instantText } from '../../rows/answer-parts.js';
import type { Page, Paged, ResolvedCoordinate } from '../../rows/answers.js';
import { type Bind, pageInSteps, showAs } from '../../rows/steps.js';
import { WITHOUT_END, readInstant, storedInstant } from '../../rows/table.js';
import { shownInstant } from '../state.js';
import { type BoxRow, CERTAINTIES, boxSteps } from './box-steps.js';

const stretch = z.object({ from: instantText.nullable(), to: instantText.nullable() });

/** A value that a field had, and the box in which it held. */
export const shownHistory = z
  .object({
    policy: z.string().meta({ description: 'Slug of the policy.' }),
    field: z.string().meta({ description: 'Path of the field.' }),
    value: anyJson.meta({ description: '`null`: the field was absent.' }),
    event: z.string().meta({ description: 'Key of the event behind the value.' }),
    recorded: z
      .object({ from: z.int(), to: z.int().nullable() })
      .meta({ description: 'Positions; the end is excluded.' }),
    known: stretch,
    valid: stretch,
    certainty: z.enum(CERTAINTIES).meta({
      description: '`settled`: it held in this box. `uncertain`: it may have held already, until it was settled.',
    }),
  })
  .meta({
    id: 'HistoryEntry',
    description: 'A value that a field had, and between which points on each axis; `null`: without an end.',
  });

/** See the schema. */
export type HistoryAnswer = Readonly<z.output<typeof shownHistory>>;

/** The axis on which a slice is at the coordinate; `none`: every box that had been recorded by then. */
export const HISTORY_SLICES = ['none', 'recordedAt', 'knownAt', 'validAt'] as const;

export type HistorySlice = (typeof HISTORY_SLICES)[number];

interface Listing {
  readonly filter: {
    /** Numbers of the policies; all when undefined. */
    readonly policies?: readonly number[] | undefined;
    /** Path of one field; all when undefined. */
    readonly field?: string | undefined;
  };
  readonly slice: HistorySlice;
  /** List also where a value may have held already. */
  readonly withUncertain: boolean;
  readonly page: Page;
}

/**
 * The values that fields had by a position, or those in one slice: by policy in the order of registration, then by field,
 * recorded, valid and known time. The mark of a page names its slice, so that the next page is one of the same.
 */
export async function historyAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, slice: asked, withUncertain, page }: Listing,
): Promise<Paged<HistoryAnswer>> {
  const { slice = asked, after } = sliceIn(page.after);
  const steps = boxSteps(pool, {
    ...filter,
    withUncertain,
    shown: (bind) => {
      const recorded = bind(at.recorded);
      return [...isIn[slice](at, { recorded, bind }), hadValue(recorded)];
    },
  });
  const { length, limit } = page;
  const { items, ...next } = await pageInSteps(
    steps,
    { limit, ...(length === undefined ? {} : { length }), ...(after === undefined ? {} : { after }) },
    showAs((row) => historyAnswer(row, at.recorded)),
  );
  return { items, ...(next.after === undefined ? {} : { after: `${slice} ${next.after}` }) };
}

/** The slice that a mark names, and the mark in it. */
function sliceIn(mark = ''): { readonly slice?: HistorySlice; readonly after?: string } {
  const [name, after] = mark.split(/ (.*)/s);
  const slice = HISTORY_SLICES.find((each) => each === name);
  return slice === undefined || after === undefined ? {} : { slice, after };
}

type InSlice = (at: ResolvedCoordinate, sql: { readonly recorded: string; readonly bind: Bind }) => readonly string[];

const contains = (axis: 'recorded' | 'known' | 'valid', point: string): string =>
  `t.${axis}_from <= ${point} AND t.${axis}_to > ${point}`;

const isIn: Readonly<Record<HistorySlice, InSlice>> = {
  none: (_at, { recorded }) => [`t.recorded_from <= ${recorded}`],
  recordedAt: (_at, { recorded }) => [contains('recorded', recorded)],
  knownAt: ({ knownAt }, { recorded, bind }) => [
    contains('recorded', recorded),
    contains('known', bind(storedInstant(knownAt))),
  ],
  validAt: ({ validAt }, { recorded, bind }) => [
    contains('recorded', recorded),
    contains('valid', bind(storedInstant(validAt))),
  ],
};

/**
 * SQL that holds for a row `t` of a field that had a value by a position, or is no plan: a link that ends plans does not
 * say of which kind, and what was never there has no history of having ended.
 */
export const hadValue = (recorded: string): string =>
  `(t.value IS NOT NULL OR t.field !~ '^(plans|forecasts)[.]' OR EXISTS (SELECT FROM read.boxes p
    WHERE p.policy = t.policy AND p.field = t.field AND p.value IS NOT NULL AND p.recorded_from <= ${recorded}))`;

const historyAnswer = (row: BoxRow, recorded: number): HistoryAnswer => ({
  policy: row.policy_slug,
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
  certainty: row.certainty,
});
