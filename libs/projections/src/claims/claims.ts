import type { Pool } from 'pg';
import { actorName } from '#domain';
import { compareText } from '#temporal';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import type { Projection } from '../projection.js';
import { type ReadRow, type ShownEventRow, grouped, matches, pageOf, rowsAt, shownRow } from '../rows-at.js';
import { type Table, standsAt, storedInstant } from '../table.js';
import { EVENT_COLUMNS, versionRows } from '../version-rows.js';
import { type BearingLink, type ClaimStanding, bearingLinks, standingOf } from './bearings.js';

/** One row a claim that was made. */
const table: Table = {
  name: 'claims',
  columns: { ...EVENT_COLUMNS, by: 'text[] NOT NULL', summary: 'text NOT NULL' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

/** One row a link that bears on a claim. */
const bearings: Table = {
  name: 'claim_bearings',
  columns: { ...EVENT_COLUMNS, claim: 'text NOT NULL', bearing: 'text NOT NULL', other: 'text NOT NULL' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

const claimRows = versionRows(table, {
  things: ({ event, body }) => (event.type === 'claim.made' ? [body] : []),
  columns: ({ actors = [], summary }) => ({ by: actors.map(actorName), summary }),
});

const bearingRows = versionRows(bearings, {
  things: ({ event: { type, key }, body: { links = [] } }) => bearingLinks({ type, key, links }),
  columns: ({ claim, bearing, other }) => ({ claim, bearing, other }),
});

export const claims: Projection = {
  name: 'claims',
  version: 2,
  tables: [table, bearings],
  changesOf: (change) => [claimRows(change), bearingRows(change)],
};

/** One claim, as answers show it. */
export interface ClaimAnswer extends ShownEventRow {
  readonly by: readonly string[];
  readonly summary: string;
  readonly standing: ClaimStanding;
  /** Keys of the events that make it stand so, in order of occurrence. */
  readonly because: readonly string[];
}

interface Listing {
  readonly filter: {
    readonly policy?: string | undefined;
    readonly by?: string | undefined;
    readonly standing?: string | undefined;
  };
  readonly page: Page;
}

type OwnColumns = Pick<ClaimAnswer, 'by' | 'summary'>;
type BearingRow = ReadRow<BearingLink>;

/** The claims in force at a coordinate and how they stand, in order of occurrence. */
export async function claimsAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Listing,
): Promise<Paged<ClaimAnswer>> {
  const [made, bearing] = await Promise.all([
    rowsAt<OwnColumns>(pool, at, { table: 'claims', own: 't.by, t.summary', policy: filter.policy }),
    rowsAt<BearingLink>(pool, at, { table: 'claim_bearings', own: 't.claim, t.bearing, t.other' }),
  ]);
  const byClaim = grouped(await betweenEventsInForce(pool, at, bearing), ({ claim }) => claim);
  const shown = made
    .filter(({ by }) => filter.by === undefined || by.includes(filter.by))
    .map((row) => claimAnswer(row, byClaim.get(row.event) ?? []))
    .filter(({ standing }) => matches(filter.standing, standing));
  return pageOf(shown, page);
}

const claimAnswer = (row: ReadRow<OwnColumns>, bearing: readonly BearingLink[]): ClaimAnswer => ({
  ...shownRow(row),
  by: row.by,
  summary: row.summary,
  ...standingOf(bearing),
});

const IN_FORCE = `SELECT t.event, t.occurred_order FROM read.timeline t WHERE t.event = ANY ($3) AND t.counts AND ${standsAt('t', '$1', '$2')}`;

/** The links both of whose ends are in force, in order of occurrence of the end that bears on the claim. */
async function betweenEventsInForce(
  pool: Pool,
  at: ResolvedCoordinate,
  rows: readonly BearingRow[],
): Promise<readonly BearingLink[]> {
  // The rows are of events in force: only a claim's own links can lead to one that is not.
  const own = rows.filter(({ event, other }) => event !== other);
  const { rows: inForce } = await pool.query<{ event: string; occurred_order: string }>({
    name: 'claims-other-ends',
    text: IN_FORCE,
    values: [at.recorded, storedInstant(at.knownAt), own.map(({ other }) => other)],
  });
  const orders = new Map(inForce.map(({ event, occurred_order }) => [event, occurred_order]));
  return rows
    .flatMap((row) => {
      const order = row.event === row.other ? row.occurred_order : orders.get(row.other);
      return order === undefined ? [] : [{ ...row, order }];
    })
    .sort((one, other) => compareText(one.order, other.order));
}
