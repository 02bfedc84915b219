import type { Pool } from 'pg';
import { type EventBody, type Figure, actorName, periodKey } from '#domain';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import type { Projection } from '../projection.js';
import { type ReadRow, type ShownEventRow, grouped, matches, pageOf, rowsAt, shownRow } from '../rows-at.js';
import type { Table } from '../table.js';
import { EVENT_COLUMNS, versionRows } from '../version-rows.js';
import { cannotBothHold } from './conflict.js';

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
  indexes: ['(recorded_to, known_from, known_to)'],
};

/** One row a figure that an event supersedes, by a figure of its own or, with no subject, whatever it is about. */
const supersessions: Table = {
  name: 'figure_supersessions',
  columns: { ...EVENT_COLUMNS, superseded: 'text NOT NULL', subject: 'text' },
  indexes: ['(recorded_to, known_from, known_to)'],
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
  claimed_by: claimedBy(body),
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

/** Who says so: those it is attributed to, else the actors. */
const claimedBy = ({ attributedTo = [], actors = [] }: EventBody): readonly string[] =>
  (attributedTo.length > 0 ? attributedTo : actors).map(actorName);

/** One figure as claimed, as answers show it. */
export interface FigureAnswer extends ShownEventRow {
  readonly measure: string;
  readonly value: number | null;
  readonly comparator: string;
  readonly unit: string;
  readonly period: string | null;
  readonly comparedTo: string | null;
  readonly purpose: string | null;
  readonly claimedBy: readonly string[];
  readonly epistemic: string;
  /** Keys of events whose figure for the same thing cannot be true with this one. */
  readonly conflictsWith: readonly string[];
  readonly supersededBy: string | null;
}

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

/** Every figure in force at a coordinate, in order of occurrence; conflicts are looked for among all policies. */
export async function figuresAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: { filter: { policy?: string | undefined; measure?: string | undefined }; page: Page },
): Promise<Paged<FigureAnswer>> {
  const [rows, superseding] = await Promise.all([
    rowsAt<OwnColumns>(pool, at, { table: 'figures', own: OWN, equal: { measure: filter.measure } }),
    rowsAt<Superseded>(pool, at, { table: 'figure_supersessions', own: 't.superseded, t.subject' }),
  ]);
  const ofEvent = grouped(superseding, ({ superseded }) => superseded);
  // In order of occurrence: of several that supersede a figure, the last counts.
  const supersederOf = ({ event, subject }: FigureRow): string | null =>
    ofEvent.get(event)?.findLast((each) => each.subject === null || each.subject === subject)?.event ?? null;
  const comparable = grouped(
    rows.filter((row) => supersederOf(row) === null),
    sameThing,
  );
  const { items, ...next } = pageOf(
    rows.filter(({ policy_slug }) => matches(filter.policy, policy_slug)),
    page,
  );
  return {
    ...next,
    items: items.map((row) =>
      figureAnswer(row, { rivals: comparable.get(sameThing(row)) ?? [], supersededBy: supersederOf(row) }),
    ),
  };
}

/** Values of different units cannot be compared. */
const sameThing = ({ subject, unit }: FigureRow): string => `${unit} ${subject}`;

function figureAnswer(
  row: FigureRow,
  { rivals, supersededBy }: { rivals: readonly FigureRow[]; supersededBy: string | null },
): FigureAnswer {
  const { measure, value, comparator, unit, period, compared_to, purpose, claimed_by, epistemic } = row;
  const conflicting =
    supersededBy === null ? rivals.filter((rival) => rival.event !== row.event && cannotBothHold(row, rival)) : [];
  return {
    ...shownRow(row),
    measure,
    value,
    comparator,
    unit,
    period,
    comparedTo: compared_to,
    purpose,
    claimedBy: claimed_by,
    epistemic,
    conflictsWith: [...new Set(conflicting.map(({ event }) => event))],
    supersededBy,
  };
}
