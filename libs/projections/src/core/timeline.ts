import { type Source, actorName, presentBody } from '#domain';
import { type EventStanding, countsInRecord } from '#temporal';
import { shownInstant } from './state.js';
import type { Projection } from '../rows/projection.js';
import { searchText } from './search-text.js';
import { type Table, WITHOUT_END } from '../rows/table.js';
import { EVENT_COLUMNS, versionRows } from '../rows/version-rows.js';

/** Every event as it stood: one row for each stretch of known time in which nothing about it changed. */
const table: Table = {
  name: 'timeline',
  columns: {
    ...EVENT_COLUMNS,
    event_id: 'uuid NOT NULL',
    revision: 'integer NOT NULL',
    recorded_at: 'bigint NOT NULL',
    type: 'text NOT NULL',
    counts: 'boolean NOT NULL',
    retracted: 'boolean NOT NULL',
    published_order: 'text COLLATE "C" NOT NULL',
    also_policies: 'text[] NOT NULL',
    actors: 'text[] NOT NULL',
    links_to: 'text[] NOT NULL',
    body: 'json NOT NULL',
    recorded_as: 'json',
    marks: 'json NOT NULL',
    words: 'text NOT NULL',
  },
  indexes: [
    '(policy, recorded_to, known_to, known_from, recorded_from, counts)',
    '(policy, occurred_order)',
    '(policy, published_order)',
    '(policy, position)',
    '(event)',
    '(event_id)',
    '(occurred_order)',
    '(published_order)',
    '(position)',
    '(known_from)',
    `(known_to) WHERE known_to < ${WITHOUT_END}`,
    '(recorded_from)',
    `(recorded_to) WHERE recorded_to < ${WITHOUT_END}`,
    "USING gin (to_tsvector('english', words))",
    'USING gin (links_to)',
    'USING gin (also_policies)',
  ],
};

export const timeline: Projection = {
  name: 'timeline',
  version: 6,
  tables: [table],
  changesOf: (change) => [rows(change)],
};

const rows = versionRows(table, { things: (standing) => [standing], columns: columnsOf }, { all: true });

function columnsOf(standing: EventStanding): Readonly<Record<string, unknown>> {
  const { event, body, retracted, correctedBy } = standing;
  return {
    event_id: event.id,
    revision: event.revision,
    recorded_at: event.recordedAt,
    type: event.type,
    counts: countsInRecord(standing),
    retracted,
    published_order: publishedOrder(standing),
    also_policies: body.alsoPolicies ?? [],
    actors: (body.actors ?? []).map(actorName),
    links_to: (body.links ?? []).map(({ to }) => to),
    body: presentBody(body),
    recorded_as: correctedBy.length > 0 ? presentBody(event.body) : null,
    marks: marksOf(standing),
    words: wordsOf(standing),
  };
}

/** What a reader of an event should see beside its body. */
export interface EventMarks {
  readonly retractedBy: readonly string[];
  readonly correctedBy: readonly string[];
  readonly datedBy: readonly string[];
  readonly follows: readonly string[];
  readonly firstPublishedBy?: string;
  /** When the event itself was published, as corrected, in milliseconds. */
  readonly ownPublication: number;
  readonly attached: readonly { readonly by: string; readonly source: Source }[];
  readonly withdrawnSources: readonly { readonly by: string; readonly publisher: string; readonly title: string }[];
  /** The dating in force: bounds, and by when it had happened; null where open. */
  readonly earliest: string | null;
  readonly latest: string | null;
  readonly settled: string | null;
}

const marksOf = ({
  body,
  retractedBy,
  correctedBy,
  datedBy,
  follows,
  firstPublishedBy,
  sources,
  earliest,
  latest,
  settled,
}: EventStanding): EventMarks => ({
  retractedBy,
  correctedBy,
  datedBy,
  follows,
  ...(firstPublishedBy === undefined ? {} : { firstPublishedBy }),
  ownPublication: body.publishedAt.from,
  attached: sources.flatMap(({ source, attachedBy }) => (attachedBy === undefined ? [] : [{ by: attachedBy, source }])),
  withdrawnSources: sources.flatMap(({ source, retractedBy: by }) =>
    by === undefined ? [] : [{ by, publisher: source.publisher, title: source.title }],
  ),
  earliest: shownInstant(earliest),
  latest: shownInstant(latest),
  settled: shownInstant(settled),
});

// Text that sorts by publication, then by place in the source, then by place in the log.
const publishedOrder = ({ knownFrom, body, event }: EventStanding): string =>
  [knownFrom - EARLIEST, body.ordinal ?? 0, event.position].map((part) => part.toString(16).padStart(14, '0')).join('');

// Before any date of the years 0001 to 9999, so that no part is negative.
const EARLIEST = -(2 ** 52);

/** The words of an event that a search looks at. What was erased has none. */
function wordsOf({ body, sources }: EventStanding): string {
  const { summary, note, reason, key, terms = [], figures = [], source } = body;
  const { actors = [], counterparties = [], attributedTo = [], via = [] } = body;
  return searchText(
    [
      summary,
      note,
      reason,
      key,
      ...[...actors, ...counterparties, ...attributedTo].map(({ name }) => name),
      ...via.map(({ publisher }) => publisher),
      ...terms.map((term) => `${term.key} ${String(term.value ?? '')}`),
      ...figures.map(({ measure }) => measure),
      ...[...sources.map((standing) => standing.source), ...(source ? [source] : [])].map(
        ({ publisher, title }) => `${publisher} ${title}`,
      ),
    ]
      .filter((text) => typeof text === 'string')
      .join('\n'),
  );
}
