import {
  type DATE_PRECISIONS,
  type EPISTEMICS,
  type EventBody,
  type MODALITIES,
  type SourceName,
  actorName,
  assertionsOf,
  isApproximate,
  precisionOf,
  presentBody,
} from '#domain';
import { type EventVersion, isInRecord, isWhole } from '#temporal';
import { shownInstant } from './state.js';
import type { Projection } from '../rows/projection.js';
import { searchText } from './search-text.js';
import { type Table, WITHOUT_END } from '../rows/table.js';
import { EVENT_COLUMNS, versionRows } from '../rows/version-rows.js';

/**
 * Every event as it stood: one row for each stretch of known time in which nothing about it changed. What records say of
 * it is read beside it, from their own rows, by their target.
 */
const table: Table = {
  name: 'timeline',
  columns: {
    ...EVENT_COLUMNS,
    event_id: 'uuid NOT NULL',
    revision: 'integer NOT NULL',
    recorded_at: 'bigint NOT NULL',
    recorded_by: 'text',
    type: 'text NOT NULL',
    counts: 'boolean NOT NULL',
    retracted: 'boolean NOT NULL',
    published_order: 'text COLLATE "C" NOT NULL',
    target: 'text',
    also_policies: 'text[] NOT NULL',
    actors: 'text[] NOT NULL',
    affiliations: 'text[] NOT NULL',
    links_to: 'text[] NOT NULL',
    body: 'json NOT NULL',
    recorded_as: 'json',
    marks: 'json NOT NULL',
    index_entry: 'text NOT NULL',
    words: 'text NOT NULL',
    attached_words: 'text',
  },
  indexes: [
    '(policy, recorded_to, known_to, known_from, recorded_from, counts)',
    '(policy, occurred_order)',
    '(policy, published_order)',
    '(policy, position)',
    '(policy, target) WHERE target IS NOT NULL',
    '(event)',
    '(event_id)',
    '(recorded_by, position) WHERE recorded_by IS NOT NULL',
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
  version: 9,
  tables: [table],
  changesOf: (change) => [rows(change)],
};

const rows = versionRows(table, { things: (standing) => [standing], columns: columnsOf }, { all: true });

function columnsOf(standing: EventVersion): Readonly<Record<string, unknown>> {
  const { event, body, retracted, isCorrected } = standing;
  return {
    event_id: event.id,
    revision: event.revision,
    recorded_at: event.recordedAt,
    recorded_by: event.recordedBy ?? null,
    type: event.type,
    counts: isInRecord(standing),
    retracted,
    published_order: publishedOrder(standing),
    target: event.body.target ?? null,
    also_policies: body.alsoPolicies ?? [],
    actors: (body.actors ?? []).map(actorName),
    affiliations: (body.actors ?? []).flatMap(({ onBehalfOf }) => onBehalfOf ?? []),
    links_to: (body.links ?? []).map(({ to }) => to),
    body: presentBody(body),
    recorded_as: isCorrected ? presentBody(event.body) : null,
    marks: marksOf(standing),
    index_entry: indexEntryOf(standing),
    words: wordsOf(body),
    attached_words:
      event.type === 'source.attached' && isWhole(body.source) ? searchText(wordsOfSource(body.source)) : null,
  };
}

/** What a reader of an event should see beside its body, but for the records about it. */
export interface EventMarks {
  readonly datedBy: readonly string[];
  readonly follows: readonly string[];
  readonly firstPublishedBy?: string;
  readonly publicationCorrectedBy?: string;
  /** When the event itself was published, as corrected, in milliseconds. */
  readonly ownPublication: number;
  /** The dating in force: bounds, and by when it had happened; null where open. */
  readonly earliest: string | null;
  readonly latest: string | null;
  readonly settled: string | null;
}

const marksOf = ({ body, ...standing }: EventVersion): EventMarks => ({
  datedBy: standing.datedBy,
  follows: standing.follows,
  ...(standing.firstPublishedBy === undefined ? {} : { firstPublishedBy: standing.firstPublishedBy }),
  ...(standing.publicationCorrectedBy === undefined ? {} : { publicationCorrectedBy: standing.publicationCorrectedBy }),
  ownPublication: body.publishedAt.from,
  earliest: shownInstant(standing.earliest),
  latest: shownInstant(standing.latest),
  settled: shownInstant(standing.settled),
});

/** What an index of events needs of one beside the columns of its row. Made when the event is recorded: an index is of thousands. */
export type IndexEntry = readonly [
  publishedAt: number,
  earliest: number | null,
  latest: number | null,
  settled: number | null,
  precision: (typeof DATE_PRECISIONS)[number],
  isApproximate: boolean,
  modality: (typeof MODALITIES)[number],
  epistemic: (typeof EPISTEMICS)[number] | null,
  actors: readonly string[],
  counterparties: readonly string[],
  /** The first parts of the fields that it asserts. */
  fields: readonly string[],
  /** Keys of the events that it contradicts. */
  contradicted: readonly string[],
];

/** The index entry of an event as it stands, as the text of a JSON array. */
export function indexEntryOf({ body, earliest, latest, settled }: EventVersion): string {
  const { occurred, publishedAt, modality = 'actual', epistemic = null } = body;
  const { actors = [], counterparties = [], links = [] } = body;
  const entry: IndexEntry = [
    publishedAt.from,
    instantOrOpen(earliest),
    instantOrOpen(latest),
    instantOrOpen(settled),
    precisionOf(occurred.edtf),
    isApproximate(occurred.edtf),
    modality,
    epistemic,
    actors.map(actorName),
    counterparties.map(actorName),
    [...new Set(assertionsOf(body).map(({ field }) => field.split('.', 1)[0] ?? field))],
    links.filter(({ rel }) => rel === 'contradicts').map(({ to }) => to),
  ];
  return JSON.stringify(entry);
}

const instantOrOpen = (instant: number): number | null => (Number.isFinite(instant) ? instant : null);

// Text that sorts by publication, then by place in the source, then by place in the log.
const publishedOrder = ({ knownFrom, body, event }: EventVersion): string =>
  [knownFrom - EARLIEST, body.ordinal ?? 0, event.position].map((part) => part.toString(16).padStart(14, '0')).join('');

// Before any date of the years 0001 to 9999, so that no part is negative.
const EARLIEST = -(2 ** 52);

/** The words of an event that a search looks at, but for those of attached sources. What was erased has none. */
function wordsOf(body: EventBody): string {
  const { summary, note, reason, key, terms = [], figures = [], sources = [], source } = body;
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
      ...[...sources, ...(source ? [source] : [])].map(wordsOfSource),
    ]
      .filter((text) => typeof text === 'string')
      .join('\n'),
  );
}

const wordsOfSource = ({ publisher, title }: SourceName): string => `${publisher} ${title}`;
