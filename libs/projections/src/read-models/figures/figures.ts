import type { Pool } from 'pg';
import { z } from 'zod';
import {
  COMPARATORS,
  EPISTEMICS,
  type EventBody,
  type Figure,
  claimantsOf,
  periodDays,
  periodKey,
  valueBounds,
} from '#domain';
import { type Undescribed, describeRows, describedRow } from '../../core/described-rows.js';
import { texts } from '../../rows/answer-parts.js';
import type { Page, Paged, ResolvedCoordinate } from '../../rows/answers.js';
import type { Projection } from '../../rows/projection.js';
import { type ReadRow, groupRows, occurrenceIndexes, rowSteps, shownRow } from '../../rows/rows-at.js';
import { type Shown, pageInSteps } from '../../rows/steps.js';
import { type Table, standsAt, storedInstant } from '../../rows/table.js';
import { EVENT_COLUMNS, versionRows } from '../../rows/version-rows.js';
import { type FigureFilter, figureConditions, isWanted } from './figure-filter.js';
import { CONFLICTS_SHOWN, type ConflictsOf, NO_CONFLICTS, type Rival, rivalry } from './rivals.js';

/** One row a figure an event gives. Figures are never averaged and never folded into one. */
const table: Table = {
  name: 'figures',
  columns: {
    ...EVENT_COLUMNS,
    measure: 'text NOT NULL',
    subject: 'text NOT NULL',
    value: 'double precision',
    comparator: 'text NOT NULL',
    unit: 'text NOT NULL',
    period: 'text',
    compared_to: 'text',
    purpose: 'text',
    claimed_by: 'text[] NOT NULL',
    epistemic: 'text NOT NULL',
  },
  indexes: [...occurrenceIndexes('measure', 'policy, measure'), '(subject, unit)'],
};

/** One row a figure that an event supersedes, by a figure of its own or, with no subject, whatever it is about. */
const supersessions: Table = {
  name: 'figure_supersessions',
  columns: { ...EVENT_COLUMNS, superseded: 'text NOT NULL', subject: 'text' },
  indexes: ['(superseded, subject, occurred_order)'],
};

const figureRows = versionRows(table, {
  things: ({ body }) => body.figures ?? [],
  columns: (figure, { body }) => figureColumns(figure, body),
});

const figureColumns = (figure: Figure, body: EventBody): Readonly<Record<string, unknown>> => ({
  measure: figure.measure,
  subject: subjectOf(figure),
  value: figure.value,
  comparator: figure.comparator,
  unit: figure.unit,
  period: figure.period ?? null,
  compared_to: figure.comparedTo ?? null,
  purpose: figure.purpose ?? null,
  claimed_by: claimantsOf(body),
  epistemic: body.epistemic ?? 'reported',
});

/** Dates with equal bounds in one zone have them in every other. */
const ANY_ZONE = 'UTC';

/** Equal for figures of the same measure, period and comparison, however these are written. */
const subjectOf = ({ measure, period, comparedTo }: Figure): string =>
  JSON.stringify([measure, periodKey(period, ANY_ZONE), periodKey(comparedTo, ANY_ZONE)]);

const supersessionRows = versionRows(supersessions, {
  things: ({ event, body }) => supersededBy(event.type, body),
  columns: ({ superseded, subject }) => ({ superseded, subject }),
});

interface Superseded {
  /** Key of the event. */
  readonly superseded: string;
  /** Null for all of its figures. */
  readonly subject: string | null;
}

function supersededBy(type: string, { links = [], figures: own = [] }: EventBody): readonly Superseded[] {
  if (type !== 'figure.revised' && type !== 'figure.withdrawn') return [];
  const isWhole = type === 'figure.withdrawn' && own.length === 0;
  const subjects = isWhole ? [null] : [...new Set(own.map(subjectOf))];
  return links
    .filter(({ rel }) => rel === 'supersedes')
    .flatMap(({ to }) => subjects.map((subject) => ({ superseded: to, subject })));
}

export const figures: Projection = {
  name: 'figures',
  version: 2,
  tables: [table, supersessions],
  changesOf: (change) => [figureRows(change), supersessionRows(change)],
};

/** One figure as claimed, as answers show it. */
export const shownFigure = describedRow
  .extend({
    measure: z.string().meta({ description: 'What is counted.' }),
    value: z.number().nullable().meta({ description: '`null`: the source gives none.' }),
    comparator: z.enum(COMPARATORS),
    valueLow: z.number().nullable().meta({ description: 'The value, if it is exact or the least; else `null`.' }),
    valueHigh: z.number().nullable().meta({ description: 'The value, if it is exact or the most; else `null`.' }),
    unit: z.string(),
    period: z.string().nullable().meta({ description: 'A date (EDTF) or an ISO 8601 duration.' }),
    periodFrom: z.string().nullable().meta({ description: 'First day of the period; `null`: open, or not a date.' }),
    periodTo: z.string().nullable().meta({ description: 'Last day of the period; `null`: open, or not a date.' }),
    comparedTo: z.string().nullable().meta({ description: 'A date (EDTF) or `preceding` with a duration.' }),
    purpose: z.string().nullable(),
    claimedBy: texts.meta({ description: 'Names of those who say so.' }),
    epistemic: z.enum(EPISTEMICS),
    conflicts: z.object({ count: z.int(), events: texts }).meta({
      description: `Events whose figure for the same thing cannot be true with this one: how many, and the keys of at most ${CONFLICTS_SHOWN}, those nearest in value, in order of occurrence.`,
    }),
    conflictsWith: texts.meta({ description: 'The events named in `conflicts`.' }),
    supersededBy: z.string().nullable().meta({ description: 'Key of the event that revised or withdrew it.' }),
  })
  .meta({ id: 'Figure', description: 'One figure as one event claims it.' });

/** See the schema. */
export type FigureAnswer = Readonly<z.output<typeof shownFigure>>;

type OwnColumns = Pick<
  FigureAnswer,
  'measure' | 'value' | 'comparator' | 'unit' | 'period' | 'purpose' | 'epistemic'
> & {
  readonly subject: string;
  readonly compared_to: string | null;
  readonly claimed_by: readonly string[];
};
type FigureRow = ReadRow<OwnColumns>;

const OWN =
  't.measure, t.subject, t.value, t.comparator, t.unit, t.period, t.compared_to, t.purpose, t.claimed_by, t.epistemic';

interface Listing {
  readonly filter: FigureFilter;
  readonly page: Page;
}

/** Every figure in force at a coordinate, in order of occurrence; conflicts are looked for among all policies. */
export function figuresAt(pool: Pool, at: ResolvedCoordinate, { filter, page }: Listing): Promise<Paged<FigureAnswer>> {
  const rivalries: Rivalries = new Map();
  return pageInSteps(
    rowSteps<OwnColumns>(pool, at, {
      table: table.name,
      own: OWN,
      policy: filter.policy,
      equal: { measure: filter.measure },
      also: (bind) => figureConditions(filter, at, bind),
    }),
    page,
    describeRows(pool, at, async (figuresFound: readonly FigureRow[]) => {
      const { items, read } = await figureAnswers(pool, at, { figuresFound, rivalries });
      return { items: items.map((item) => (item && isWanted(item, filter) ? item : undefined)), read };
    }),
  );
}

/** What conflicts among the figures about each thing, as far as it was looked for. */
type Rivalries = Map<string, ConflictsOf>;

async function figureAnswers(
  pool: Pool,
  at: ResolvedCoordinate,
  { figuresFound, rivalries }: { readonly figuresFound: readonly FigureRow[]; readonly rivalries: Rivalries },
): Promise<Shown<Undescribed<FigureAnswer>>> {
  const superseders = await supersedersOf(pool, at, figuresFound);
  const inForce = figuresFound.filter((_, index) => superseders[index] === undefined);
  const read = await readRivals(pool, at, { figures: inForce, rivalries });
  return {
    items: figuresFound.map((row, index) => {
      const supersededBy = superseders[index] ?? null;
      const conflictsOf = supersededBy === null ? rivalries.get(sameThing(row)) : undefined;
      return figureAnswer(row, { supersededBy, conflicts: conflictsOf?.(row) ?? NO_CONFLICTS });
    }),
    read,
  };
}

const SUPERSEDES = `s.superseded = f.event AND ${standsAt('s', '$1', '$2')}`;

// Of several that supersede a figure, the last in order of occurrence counts.
const SUPERSEDERS = `SELECT f.number::integer, s.event FROM unnest($3::text[], $4::text[]) WITH ORDINALITY f(event, subject, number)
  CROSS JOIN LATERAL ((SELECT s.event, s.occurred_order FROM read.figure_supersessions s WHERE ${SUPERSEDES} AND s.subject = f.subject ORDER BY s.occurred_order DESC LIMIT 1)
    UNION ALL (SELECT s.event, s.occurred_order FROM read.figure_supersessions s WHERE ${SUPERSEDES} AND s.subject IS NULL ORDER BY s.occurred_order DESC LIMIT 1)
    ORDER BY occurred_order DESC LIMIT 1) s`;

/** The key of the event that supersedes each figure, in the order given. */
async function supersedersOf(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  figures: readonly FigureRow[],
): Promise<readonly (string | undefined)[]> {
  const { rows } = await pool.query<{ readonly number: number; readonly event: string }>({
    name: 'superseders-of-figures',
    text: SUPERSEDERS,
    values: [
      recorded,
      storedInstant(knownAt),
      figures.map(({ event }) => event),
      figures.map(({ subject }) => subject),
    ],
  });
  const found = new Map(rows.map(({ number, event }) => [number, event]));
  return figures.map((_, index) => found.get(index + 1));
}

// A value that was not given contradicts nothing.
const RIVALS = `SELECT f.subject, f.unit, f.event, f.value, f.comparator, f.occurred_order
  FROM unnest($3::text[], $4::text[]) g(subject, unit) JOIN read.figures f ON f.subject = g.subject AND f.unit = g.unit
  WHERE f.value IS NOT NULL AND ${standsAt('f', '$1', '$2')}
    AND NOT EXISTS (SELECT FROM read.figure_supersessions s WHERE ${SUPERSEDES} AND (s.subject = f.subject OR s.subject IS NULL))`;

type Comparable = Pick<OwnColumns, 'subject' | 'unit'>;

/** Values of different units cannot be compared. */
const sameThing = ({ subject, unit }: Comparable): string => `${unit} ${subject}`;

/** Reads, once, all figures about the same things as these that are not superseded; answers how many. */
async function readRivals(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  { figures: compared, rivalries }: { readonly figures: readonly FigureRow[]; readonly rivalries: Rivalries },
): Promise<number> {
  const things = new Map(compared.map((figure) => [sameThing(figure), figure]));
  const unread = [...things].flatMap(([thing, figure]) => (rivalries.has(thing) ? [] : [figure]));
  if (unread.length === 0) return 0;
  const { rows } = await pool.query<Rival & Comparable>({
    name: 'rivals-of-figures',
    text: RIVALS,
    values: [recorded, storedInstant(knownAt), unread.map(({ subject }) => subject), unread.map(({ unit }) => unit)],
  });
  const rivals = groupRows(rows, sameThing);
  for (const figure of unread) rivalries.set(sameThing(figure), rivalry(rivals.get(sameThing(figure)) ?? []));
  return rows.length;
}

const figureAnswer = (
  row: FigureRow,
  { supersededBy, conflicts }: Pick<FigureAnswer, 'supersededBy' | 'conflicts'>,
): Undescribed<FigureAnswer> => ({
  ...shownRow(row),
  measure: row.measure,
  value: row.value,
  comparator: row.comparator,
  ...valueBounds(row),
  unit: row.unit,
  ...periodOf(row),
  comparedTo: row.compared_to,
  purpose: row.purpose,
  claimedBy: row.claimed_by,
  epistemic: row.epistemic,
  conflicts,
  conflictsWith: conflicts.events,
  supersededBy,
});

function periodOf({ period }: FigureRow): Pick<FigureAnswer, 'period' | 'periodFrom' | 'periodTo'> {
  const { first, last } = periodDays(period);
  return { period, periodFrom: first, periodTo: last };
}
