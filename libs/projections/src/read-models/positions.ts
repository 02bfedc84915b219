import type { Pool } from 'pg';
import { z } from 'zod';
import { STANCES, type Stance } from '#domain';
import { type Undescribed, describeRows, describedRow } from '../core/described-rows.js';
import type { Page, Paged, ResolvedCoordinate } from '../rows/answers.js';
import {
  ASSERTED_COLUMNS,
  type AssertedColumns,
  assertedRows,
  assertedTable,
  countsIn,
  fieldOf,
  strongestOf,
  subjectSteps,
} from './asserted-rows.js';
import type { RowGroup } from '../rows/groups-at.js';
import type { Projection } from '../rows/projection.js';
import { type ReadRow, occurrenceIndexes, rowSteps, shownRow } from '../rows/rows-at.js';
import { type Shown, pageInSteps } from '../rows/steps.js';
import { storedInstant } from '../rows/table.js';
import { versionRows } from '../rows/version-rows.js';

/** Where each actor said they stand. */
const table = assertedTable('positions', ...occurrenceIndexes('subject', 'policy, subject'));
const rows = versionRows(table, assertedRows('positions'));

export const positions: Projection = {
  name: 'positions',
  version: 2,
  tables: [table],
  changesOf: (change) => [rows(change)],
};

/** One stance, as answers show it. */
export const shownPosition = describedRow
  .extend({
    actor: z.string().meta({ description: 'Name.' }),
    stance: z.enum(STANCES),
    previous: z
      .object({ stance: z.enum(STANCES), event: z.string() })
      .nullable()
      .meta({ description: 'The stance that it followed.' }),
  })
  .meta({ id: 'Position', description: 'One stance of one actor about one policy.' });

/** See the schema. */
export type PositionAnswer = Readonly<z.output<typeof shownPosition>>;

interface Listing {
  readonly filter: {
    readonly policy?: string | undefined;
    readonly actor?: string | undefined;
    readonly all?: boolean | undefined;
  };
  readonly page: Page;
}

/**
 * The newest stance of each actor about each policy at a coordinate, by policy in the order of registration, then by
 * name; with `all`, each one in order of occurrence.
 */
export const positionsAt = (
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Listing,
): Promise<Paged<PositionAnswer>> =>
  filter.all === true ? everyPosition(pool, at, { filter, page }) : newestPositions(pool, at, { filter, page });

const newestPositions = (
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Listing,
): Promise<Paged<PositionAnswer>> =>
  pageInSteps(
    subjectSteps(pool, table.name, { policy: filter.policy, subject: filter.actor }),
    page,
    describeRows(pool, at, async (groups: readonly RowGroup[]) =>
      positionAnswers(
        pool,
        at,
        await strongestOf<Stance>(pool, at, { table: table.name, fields: groups.map(fieldOf) }),
      ),
    ),
  );

const everyPosition = (pool: Pool, at: ResolvedCoordinate, { filter, page }: Listing): Promise<Paged<PositionAnswer>> =>
  pageInSteps(
    rowSteps<AssertedColumns<Stance>>(pool, at, {
      table: table.name,
      own: ASSERTED_COLUMNS,
      policy: filter.policy,
      equal: { subject: filter.actor },
      also: (bind) => [countsIn('t', bind(storedInstant(at.validAt)))],
    }),
    page,
    describeRows(pool, at, (stances: readonly StanceRow[]) => positionAnswers(pool, at, stances)),
  );

type StanceRow = ReadRow<AssertedColumns<Stance>>;

/** Stances, each with the one that it followed. */
async function positionAnswers(
  pool: Pool,
  at: ResolvedCoordinate,
  stances: readonly (StanceRow | undefined)[],
): Promise<Shown<Undescribed<PositionAnswer>>> {
  const there = stances.filter((stance) => stance !== undefined);
  const before = await strongestOf<Stance>(pool, at, {
    table: table.name,
    fields: there.map(({ policy, subject, weight }) => ({ policy, subject, weakerThan: weight })),
  });
  const answers = new Map(there.map((stance, index) => [stance, positionAnswer(stance, before[index])]));
  return { items: stances.map((stance) => stance && answers.get(stance)), read: 2 * stances.length };
}

const positionAnswer = (stance: StanceRow, before: StanceRow | undefined): Undescribed<PositionAnswer> => ({
  ...shownRow(stance),
  actor: stance.subject,
  stance: stance.value,
  previous: before ? { stance: before.value, event: before.event } : null,
});
