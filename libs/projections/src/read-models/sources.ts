import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { z } from 'zod';
import { GENRES, type Source } from '#domain';
import { type EventVersion, isInRecord, isWhole } from '#temporal';
import { type Undescribed, describeRows, describedRow } from '../core/described-rows.js';
import { texts } from '../rows/answer-parts.js';
import type { Page, Paged, ResolvedCoordinate } from '../rows/answers.js';
import { type RowGroup, groupIndexes, groupSteps, groupValues } from '../rows/groups-at.js';
import type { Projection } from '../rows/projection.js';
import { type ReadRow, occurrenceIndexes, shownRow, rowFields } from '../rows/rows-at.js';
import { type Shown, pageInSteps } from '../rows/steps.js';
import { type Table, standsAt, storedInstant } from '../rows/table.js';
import { EVENT_COLUMNS, versionRows } from '../rows/version-rows.js';

/** What is one source of a policy; the last tells those apart that have one publisher and title. */
const GROUP = ['publisher', 'title', 'source_id'];

/** One row a source that an event names itself, or that was attached to it. Each row is about the event that says so. */
const table: Table = {
  name: 'sources',
  columns: {
    ...EVENT_COLUMNS,
    target: 'text NOT NULL',
    publisher: 'text COLLATE "C" NOT NULL',
    title: 'text COLLATE "C" NOT NULL',
    source_id: 'text COLLATE "C" NOT NULL',
    url: 'text',
    published_at: 'text NOT NULL',
    genre: 'text NOT NULL',
    sha256: 'text',
  },
  indexes: [...groupIndexes(GROUP), '(policy, target)'],
};

/** One row a withdrawal of a source in force, whatever its event cites. */
const withdrawals: Table = {
  name: 'source_withdrawals',
  columns: { ...EVENT_COLUMNS, target: 'text NOT NULL', publisher: 'text NOT NULL', title: 'text NOT NULL' },
  indexes: [...occurrenceIndexes(), '(policy, publisher, title)'],
};

interface Cited {
  readonly target: string;
  readonly source: Source;
}

function citedBy(standing: EventVersion): readonly Cited[] {
  const { event, body, retracted } = standing;
  if (isInRecord(standing)) return (body.sources ?? []).map((source) => ({ target: event.key, source }));
  const { target, source } = body;
  return event.type === 'source.attached' && !retracted && target !== undefined && isWhole(source)
    ? [{ target, source }]
    : [];
}

const rows = versionRows(
  table,
  {
    things: citedBy,
    columns: ({ target, source }) => ({
      target,
      publisher: source.publisher,
      title: source.title,
      source_id: identityOf(source),
      url: source.url ?? null,
      published_at: source.publishedAt,
      genre: source.genre,
      sha256: source.sha256 ?? null,
    }),
  },
  { all: true },
);

interface IdentifiedSource extends Pick<Source, 'publisher' | 'title' | 'publishedAt'> {
  readonly url?: string | null;
}

/** Equal for sources that differ in neither publisher, title, address nor date. */
export const identityOf = ({ publisher, title, url, publishedAt }: IdentifiedSource): string =>
  createHash('sha256')
    .update(JSON.stringify([publisher, title, url ?? null, publishedAt]))
    .digest('base64url');

const withdrawalRows = versionRows(
  withdrawals,
  {
    things: ({ event, body: { target, source }, retracted }) =>
      event.type === 'source.retracted' && !retracted && target !== undefined && source ? [{ target, source }] : [],
    columns: ({ target, source: { publisher, title } }) => ({ target, publisher, title }),
  },
  { all: true },
);

export const sources: Projection = {
  name: 'sources',
  version: 2,
  tables: [table, withdrawals],
  changesOf: (change) => [rows(change), withdrawalRows(change)],
};

/** So many events are named that cite a source; the others are counted. */
const EVENTS_SHOWN = 1_000;

/** One source and what rests on it, as answers show it. */
export const shownSource = describedRow
  .extend({
    id: z
      .string()
      .meta({ description: 'The same for the same source wherever it is cited: for `without` and `/v1/impact`.' }),
    publisher: z.string(),
    title: z.string(),
    url: z.string().nullable(),
    publishedAt: z.string().meta({ description: 'When the source was published: a full day, or an instant.' }),
    genre: z.enum(GENRES),
    sha256: z.string().nullable(),
    events: texts.meta({
      description: `Keys of the events that cite it, in order of occurrence: at most the first ${EVENTS_SHOWN.toLocaleString('en')}.`,
    }),
    eventCount: z.int().meta({ description: 'How many events cite it.' }),
    retractedBy: texts.meta({
      description: 'Keys of the events by which its publisher withdrew it, in order of occurrence.',
    }),
  })
  .meta({
    id: 'Source',
    description: 'One source of one policy; `event`, `position` and `knownFrom` are of the first event that cites it.',
  });

/** See the schema. */
export type SourceAnswer = Readonly<z.output<typeof shownSource>>;

interface Listing {
  readonly filter: {
    readonly policy?: string | undefined;
    readonly publisher?: string | undefined;
    readonly genre?: string | undefined;
  };
  readonly page: Page;
}

/** The sources of each policy at a coordinate: by policy in the order of registration, then by publisher and title. */
export const sourcesAt = (
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Listing,
): Promise<Paged<SourceAnswer>> =>
  pageInSteps(
    groupSteps(pool, { table: table.name, by: GROUP, policy: filter.policy, first: filter.publisher }),
    page,
    describeRows(pool, at, (groups: readonly RowGroup[]) => sourceAnswers(pool, at, { groups, genre: filter.genre })),
  );

// A row of what an event names itself stands while the event does. An attached source stands apart from its event, which rests on
// nothing when it is not in force.
const CITING = `SELECT g.number, s.target AS event, s.policy, coalesce(t.position, s.position) AS position, coalesce(t.public_from, s.public_from) AS public_from,
    coalesce(t.occurred_order, s.occurred_order) AS occurred_order, s.part, s.publisher, s.title, s.url, s.published_at, s.genre, s.sha256
  FROM unnest($3::integer[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY g(policy, publisher, title, source_id, number)
  JOIN read.sources s ON s.policy = g.policy AND s.publisher = g.publisher AND s.title = g.title AND s.source_id = g.source_id
    AND ${standsAt('s', '$1', '$2')} AND ($7::text IS NULL OR s.genre = $7)
  LEFT JOIN read.timeline t ON s.event <> s.target AND t.policy = s.policy AND t.event = s.target AND t.counts AND ${standsAt('t', '$1', '$2')}
  WHERE s.event = s.target OR t.event IS NOT NULL`;

const WITHDRAWN = `SELECT array_agg(w.event ORDER BY w.occurred_order) AS events FROM read.source_withdrawals w
  WHERE w.policy = t.policy AND w.publisher = t.publisher AND w.title = t.title AND ${standsAt('w', '$1', '$2')}
    AND EXISTS (SELECT FROM citing c WHERE c.number = t.number AND c.event = w.target)`;

const SOURCES = `WITH citing AS (${CITING})
  SELECT t.number::integer, ${rowFields('t')}, t.publisher, t.title, t.url, t.published_at, t.genre, t.sha256, a.event_count, a.events, w.events AS retracted_by
  FROM (SELECT DISTINCT ON (number) * FROM citing ORDER BY number, occurred_order, part) t
  JOIN (SELECT number, count(*)::integer AS event_count, (array_agg(event ORDER BY occurred_order))[1:${EVENTS_SHOWN}] AS events
    FROM (SELECT DISTINCT number, event, occurred_order FROM citing) e GROUP BY number) a USING (number)
  CROSS JOIN LATERAL (${WITHDRAWN}) w`;

type SourceRow = ReadRow<
  Pick<SourceAnswer, 'publisher' | 'title' | 'url' | 'genre' | 'sha256' | 'events'> & {
    readonly number: number;
    readonly published_at: string;
    readonly event_count: number;
    readonly retracted_by: readonly string[] | null;
  }
>;

/** What the row says of itself is said of its source, not of the event. */
type OwnRow = Undescribed<SourceAnswer> & Pick<SourceAnswer, 'publishedAt' | 'source'>;

async function sourceAnswers(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  { groups, genre }: { readonly groups: readonly RowGroup[]; readonly genre: string | undefined },
): Promise<Shown<OwnRow>> {
  const { rows: found } = await pool.query<SourceRow>({
    name: 'sources-cited',
    text: SOURCES,
    values: [recorded, storedInstant(knownAt), ...groupValues(groups, GROUP.length), genre ?? null],
  });
  const byNumber = new Map(found.map((row) => [row.number, row]));
  return {
    items: groups.map((_, index) => sourceAnswer(byNumber.get(index + 1))),
    read: found.reduce((sum, row) => sum + row.event_count, 0),
  };
}

const sourceAnswer = (row: SourceRow | undefined): OwnRow | undefined =>
  row && {
    ...shownRow(row),
    id: identityOf({ ...row, publishedAt: row.published_at }),
    publisher: row.publisher,
    title: row.title,
    url: row.url,
    publishedAt: row.published_at,
    source: { publisher: row.publisher, title: row.title, url: row.url },
    genre: row.genre,
    sha256: row.sha256,
    events: row.events,
    eventCount: row.event_count,
    retractedBy: row.retracted_by ?? [],
  };
