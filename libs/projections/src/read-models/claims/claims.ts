import type { Pool } from 'pg';
import { z } from 'zod';
import { actorName } from '#domain';
import { type Undescribed, describeRows, describedRow } from '../../core/described-rows.js';
import { texts } from '../../rows/answer-parts.js';
import type { Page, Paged, ResolvedCoordinate } from '../../rows/answers.js';
import type { Projection } from '../../rows/projection.js';
import { type ReadRow, groupRows, occurrenceIndexes, rowSteps, shownRow } from '../../rows/rows-at.js';
import { type Shown, pageInSteps } from '../../rows/steps.js';
import { type Table, standsAt, storedInstant } from '../../rows/table.js';
import { EVENT_COLUMNS, versionRows } from '../../rows/version-rows.js';
import { type BearingLink, CLAIM_STANDINGS, bearingLinks, claimStandingOf } from './bearings.js';

/** One row a claim that was made. */
const table: Table = {
  name: 'claims',
  columns: { ...EVENT_COLUMNS, by: 'text[] NOT NULL', summary: 'text NOT NULL' },
  indexes: occurrenceIndexes(),
};

/** One row a link that bears on a claim. */
const bearings: Table = {
  name: 'claim_bearings',
  columns: { ...EVENT_COLUMNS, claim: 'text NOT NULL', bearing: 'text NOT NULL', other: 'text NOT NULL' },
  indexes: ['(claim)'],
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
export const shownClaim = describedRow
  .extend({
    by: texts.meta({ description: 'Names of those who claim it.' }),
    summary: z.string(),
    standing: z.enum(CLAIM_STANDINGS),
    because: texts.meta({ description: 'Keys of the events behind `standing`, in order of occurrence.' }),
  })
  .meta({ id: 'Claim', description: 'One claim, and what other events say about it.' });

/** See the schema. */
export type ClaimAnswer = Readonly<z.output<typeof shownClaim>>;

interface Listing {
  readonly filter: {
    readonly policy?: string | undefined;
    readonly by?: string | undefined;
    readonly standing?: string | undefined;
  };
  readonly page: Page;
}

type OwnColumns = Pick<ClaimAnswer, 'by' | 'summary'>;
type ClaimRow = ReadRow<OwnColumns>;

/** The claims in force at a coordinate and how they stand, in order of occurrence. */
export const claimsAt = (pool: Pool, at: ResolvedCoordinate, { filter, page }: Listing): Promise<Paged<ClaimAnswer>> =>
  pageInSteps(
    rowSteps<OwnColumns>(pool, at, {
      table: table.name,
      own: 't.by, t.summary',
      policy: filter.policy,
      also: (bind) => (filter.by === undefined ? [] : [`t.by @> ARRAY[${bind(filter.by)}]`]),
    }),
    page,
    describeRows(pool, at, (made: readonly ClaimRow[]) => claimAnswers(pool, at, { made, standing: filter.standing })),
  );

async function claimAnswers(
  pool: Pool,
  at: ResolvedCoordinate,
  { made, standing: wanted }: { readonly made: readonly ClaimRow[]; readonly standing: string | undefined },
): Promise<Shown<Undescribed<ClaimAnswer>>> {
  const { rows } = await pool.query<BearingLink>({
    name: 'bearings-of-claims',
    text: BEARINGS,
    values: [at.recorded, storedInstant(at.knownAt), made.map(({ event }) => event)],
  });
  const byClaim = groupRows(rows, ({ claim }) => claim);
  const answers = made.map((row) => claimAnswer(row, byClaim.get(row.event) ?? []));
  return {
    items: answers.map((answer) => (wanted === undefined || answer.standing === wanted ? answer : undefined)),
    read: rows.length,
  };
}

const claimAnswer = (row: ClaimRow, bearing: readonly BearingLink[]): Undescribed<ClaimAnswer> => ({
  ...shownRow(row),
  by: row.by,
  summary: row.summary,
  ...claimStandingOf(bearing),
});

// The links both of whose ends are in force, in order of occurrence of the end that bears on the claim. The rows are of events
// in force: only a claim's own links can lead to one that is not.
const BEARINGS = `SELECT t.claim, t.bearing, t.other FROM read.claim_bearings t
  LEFT JOIN LATERAL (SELECT o.occurred_order FROM read.timeline o WHERE o.event = t.other AND t.other <> t.event AND o.counts AND ${standsAt('o', '$1', '$2')} LIMIT 1) o ON true
  WHERE t.claim = ANY ($3) AND ${standsAt('t', '$1', '$2')} AND (t.other = t.event OR o.occurred_order IS NOT NULL)
  ORDER BY CASE WHEN t.other = t.event THEN t.occurred_order ELSE o.occurred_order END, t.part, t.id`;
