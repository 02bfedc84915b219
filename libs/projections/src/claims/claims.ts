import type { Pool } from 'pg';
import { actorName } from '#domain';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import type { Projection } from '../projection.js';
import { type ReadRow, type ShownEventRow, grouped, matches, pageOf, rowsAt, shownRow } from '../rows-at.js';
import type { Table } from '../table.js';
import { EVENT_COLUMNS, versionRows } from '../version-rows.js';

/** One row a claim that was made. */
const table: Table = {
  name: 'claims',
  columns: { ...EVENT_COLUMNS, by: 'text[] NOT NULL', summary: 'text NOT NULL' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

/** One row a link that bears on a claim, with the standing that it gives. */
const bearings: Table = {
  name: 'claim_bearings',
  columns: { ...EVENT_COLUMNS, claim: 'text NOT NULL', standing: 'text NOT NULL' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

/** How a claim may stand, the gravest last. */
export const STANDINGS = ['claimed', 'corroborated', 'disputed', 'denied', 'falsified', 'withdrawn'] as const;
export type ClaimStanding = (typeof STANDINGS)[number];

const BY_REL: Readonly<Record<string, ClaimStanding>> = {
  corroborates: 'corroborated',
  disputes: 'disputed',
  denies: 'denied',
  falsifies: 'falsified',
};
const BY_TYPE: Readonly<Record<string, ClaimStanding>> = {
  'claim.corroborated': 'corroborated',
  'claim.disputed': 'disputed',
  'claim.denied': 'denied',
  'claim.withdrawn': 'withdrawn',
};

const claimRows = versionRows(table, {
  things: ({ event, body }) => (event.type === 'claim.made' ? [body] : []),
  columns: ({ actors = [], summary }) => ({ by: actors.map(actorName), summary }),
});

const bearingRows = versionRows(bearings, {
  things: ({ event, body }) =>
    (body.links ?? []).flatMap(({ rel, to }) => {
      const standing =
        BY_REL[rel] ?? (rel === 'about' || event.type === 'claim.withdrawn' ? BY_TYPE[event.type] : undefined);
      return standing === undefined ? [] : [{ claim: to, standing }];
    }),
  columns: ({ claim, standing }) => ({ claim, standing }),
});

export const claims: Projection = {
  name: 'claims',
  version: 1,
  tables: [table, bearings],
  changesOf: (change) => [claimRows(change), bearingRows(change)],
};

/** One claim, as answers show it. */
export interface ClaimAnswer extends ShownEventRow {
  readonly by: readonly string[];
  readonly summary: string;
  /** The gravest that any event in force gives it. */
  readonly standing: ClaimStanding;
  /** Keys of the events that give it. */
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

type ClaimRow = ReadRow<Pick<ClaimAnswer, 'by' | 'summary'>>;
type BearingRow = ReadRow<{ readonly claim: string; readonly standing: ClaimStanding }>;

/** The claims in force at a coordinate and how they stand, in order of occurrence. */
export async function claimsAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Listing,
): Promise<Paged<ClaimAnswer>> {
  const [made, bearing] = await Promise.all([
    rowsAt<Pick<ClaimAnswer, 'by' | 'summary'>>(pool, at, {
      table: 'claims',
      own: 't.by, t.summary',
      policy: filter.policy,
    }),
    rowsAt<Pick<BearingRow, 'claim' | 'standing'>>(pool, at, { table: 'claim_bearings', own: 't.claim, t.standing' }),
  ]);
  const byClaim = grouped(bearing, ({ claim }) => claim);
  const shown = made
    .filter(({ by }) => filter.by === undefined || by.includes(filter.by))
    .map((row) => claimAnswer(row, byClaim.get(row.event) ?? []))
    .filter(({ standing }) => matches(filter.standing, standing));
  return pageOf(shown, page);
}

function claimAnswer(row: ClaimRow, bearing: readonly BearingRow[]): ClaimAnswer {
  const gravest = Math.max(0, ...bearing.map(({ standing }) => STANDINGS.indexOf(standing)));
  const standing = STANDINGS[gravest] ?? 'claimed';
  const because = bearing.filter((each) => each.standing === standing).map(({ event }) => event);
  return { ...shownRow(row), by: row.by, summary: row.summary, standing, because: [...new Set(because)] };
}
