import type { Pool } from 'pg';
import { type EventBody, actorName } from '#domain';
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

/** One row a link by which an event revises or withdraws a figure. */
const supersessions: Table = {
  name: 'figure_supersessions',
  columns: { ...EVENT_COLUMNS, superseded: 'text NOT NULL' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

const figureRows = versionRows(table, {
  things: ({ body }) => body.figures ?? [],
  columns: ({ measure, value, comparator, unit, period, comparedTo, purpose }, { body }) => ({
    measure,
    value,
    comparator,
    unit,
    period: period ?? null,
    compared_to: comparedTo ?? null,
    purpose: purpose ?? null,
    claimed_by: claimedBy(body),
    epistemic: body.epistemic ?? 'reported',
  }),
});

const supersessionRows = versionRows(supersessions, {
  things: ({ event, body }) =>
    event.type === 'figure.revised' || event.type === 'figure.withdrawn'
      ? (body.links ?? []).filter(({ rel }) => rel === 'supersedes')
      : [],
  columns: ({ to }) => ({ superseded: to }),
});

export const figures: Projection = {
  name: 'figures',
  version: 1,
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
  readonly compared_to: string | null;
  readonly claimed_by: readonly string[];
};
type FigureRow = ReadRow<OwnColumns>;

const OWN = 't.measure, t.value, t.comparator, t.unit, t.period, t.compared_to, t.purpose, t.claimed_by, t.epistemic';

/** Every figure in force at a coordinate, in order of occurrence; conflicts are looked for among all policies. */
export async function figuresAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: { filter: { policy?: string | undefined; measure?: string | undefined }; page: Page },
): Promise<Paged<FigureAnswer>> {
  const [rows, superseding] = await Promise.all([
    rowsAt<OwnColumns>(pool, at, { table: 'figures', own: OWN, equal: { measure: filter.measure } }),
    rowsAt<{ superseded: string }>(pool, at, { table: 'figure_supersessions', own: 't.superseded' }),
  ]);
  const supersededBy = new Map(superseding.map(({ superseded, event }) => [superseded, event]));
  const comparable = grouped(
    rows.filter(({ event }) => !supersededBy.has(event)),
    sameThing,
  );
  const { items, ...next } = pageOf(
    rows.filter(({ policy_slug }) => matches(filter.policy, policy_slug)),
    page,
  );
  return {
    ...next,
    items: items.map((row) =>
      figureAnswer(row, {
        rivals: comparable.get(sameThing(row)) ?? [],
        supersededBy: supersededBy.get(row.event) ?? null,
      }),
    ),
  };
}

const sameThing = ({ measure, period, compared_to, unit }: FigureRow): string =>
  JSON.stringify([measure, period, compared_to, unit]);

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
