import { ACTOR_KINDS, EPISTEMICS, GENRES, MODALITIES, RELS, STANCES, STATUSES, precisionOf } from '#domain';
import {
  firstSource,
  fromEvent,
  knowledge,
  occurrence,
  partOf,
  itemsIn,
  publicationColumns,
  publicationDay,
} from '../cells/event-columns.js';
import {
  jsonColumn,
  booleanColumn,
  instantColumn,
  integerColumn,
  textColumn,
  textsColumn,
  wordColumn,
} from '../cells/fields.js';
import { sourceIdentity } from '../cells/source-identity.js';
import { type TableCell, type DayOf, type Item, cellOf, declareTable } from '../cells/table.js';

/** Tables of events, and long tables of what is a list in them. */

const path = '/v1/events';

const key = textColumn('Key of the event.');
const policy = textColumn('Slug of the policy.');

/** A text that may have been erased, and then is `null`. */
const readable = (value: unknown): TableCell => (typeof value === 'string' ? value : null);

/** Sources of the event in force, its own and those attached, without those withdrawn. */
function sourcesIn({ sources, attachedSources, withdrawnSources }: Item): readonly Item[] {
  const withdrawn = itemsIn(withdrawnSources);
  const all = [
    ...itemsIn(sources).map((source): Item => ({ ...source, attachedBy: null })),
    ...itemsIn(attachedSources).map(({ by, source }): Item => ({ ...itemsIn([source])[0], attachedBy: by })),
  ];
  return all.map((source) => ({
    ...source,
    withdrawnBy: withdrawn.find(
      ({ publisher, title }) => publisher === source['publisher'] && title === source['title'],
    )?.['by'],
  }));
}

const firstOf = (event: Item, part: string): TableCell => {
  const source = sourcesIn(event).find(({ withdrawnBy }) => withdrawnBy === undefined);
  return cellOf(source?.[part]);
};

export const eventsTable = declareTable({
  name: 'events',
  title: 'Events',
  description: 'One row an event in force, as corrected.',
  path,
  columns: {
    key,
    policy,
    type: textColumn('Type of the event.'),
    summary: textColumn('What happened, in one sentence.').nullable(),
    ...occurrence,
    occurredSettled: instantColumn('By when it had happened for certain; `null`: open.').nullable(),
    ...publicationColumns,
    ...knowledge,
    recordedAt: instantColumn('When it was recorded.'),
    revision: integerColumn('Place in the stream of its policy, counted from 0.'),
    id: textColumn('Identifier of the event.'),
    status: wordColumn(STATUSES, 'The status of the policy that it sets; `null`: none is stated.').nullable(),
    stance: wordColumn(STANCES, 'Where its actors stand on the policy.').nullable(),
    epistemic: wordColumn(EPISTEMICS, 'How well established it is.').nullable(),
    modality: wordColumn(MODALITIES, 'Whether it is actual, planned or conditional.').nullable(),
    effectiveFrom: textColumn('From when on its effect applies (EDTF).').nullable(),
    effectiveTo: textColumn('Until when its effect applies (EDTF).').nullable(),
    plannedFor: textColumn('For when it is planned (EDTF).').nullable(),
    stage: textColumn('Stage of a negotiation.').nullable(),
    host: textColumn('Where a negotiation takes place.').nullable(),
    instrument: textColumn('The instrument of law that it is about.').nullable(),
    outcome: textColumn('What came out.').nullable(),
    target: textColumn('Key of the event that it corrects, retracts or adds to.').nullable(),
    reason: textColumn('Why it was corrected, retracted or reversed.').nullable(),
    note: textColumn('Note of the recorder; `null`: none, or it was erased.').nullable(),
    isCorrected: booleanColumn('A correction is in force.'),
    isRetracted: booleanColumn('It counts as never said.'),
    alsoPolicies: textsColumn('Other policies that it concerns.'),
    correctedBy: textsColumn('Keys of the corrections in force.'),
    retractedBy: textsColumn('Keys of the retractions in force.'),
    actors: jsonColumn('Who acted, as in the event; one row each in `event_actors`.'),
    counterparties: jsonColumn('The other side, as in the event; one row each in `event_actors`.'),
    attributedTo: jsonColumn('Who says so, as in the event; one row each in `event_actors`.'),
    terms: jsonColumn('The clauses that it sets, as in the event.'),
    figures: jsonColumn('The figures that it gives, as in the event; one row each in `figures`.'),
    links: jsonColumn('Its links to other events, as in the event; one row each in `event_links`.'),
    sources: jsonColumn('Its own sources, as in the event; one row each in `event_sources`.'),
    ...firstSource,
  },
  from: {
    ...fromEvent,
    occurredFrom: ({ dating }) => cellOf(partOf(dating, 'earliest')),
    occurredTo: ({ dating }) => cellOf(partOf(dating, 'latest')),
    occurredSettled: ({ dating }) => cellOf(partOf(dating, 'settled')),
    occurredPrecision: ({ occurred }) => (typeof occurred === 'string' ? precisionOf(occurred) : 'unknown'),
    effectiveFrom: ({ effective }) => cellOf(partOf(effective, 'from')),
    effectiveTo: ({ effective }) => cellOf(partOf(effective, 'to')),
    note: ({ note }) => readable(note),
    isCorrected: ({ recordedAs }) => recordedAs !== undefined,
    isRetracted: ({ retracted }) => retracted === true,
    alsoPolicies: ({ alsoPolicies = [] }) => cellOf(alsoPolicies),
    correctedBy: ({ correctedBy = [] }) => cellOf(correctedBy),
    retractedBy: ({ retractedBy = [] }) => cellOf(retractedBy),
    sourcePublisher: (event) => firstOf(event, 'publisher'),
    sourceTitle: (event) => firstOf(event, 'title'),
    sourceUrl: (event) => firstOf(event, 'url'),
  },
});

const ofEntry = { event: key, policy, type: textColumn('Type of the event.') };

/** What a long table tells of the event of an entry, and the place of the entry in its list. */
const entriesOf =
  (listed: (event: Item) => readonly Item[]) =>
  (event: Item): readonly Item[] =>
    listed(event).map((entry, index) => ({
      ordinal: index + 1,
      ...entry,
      event: event['key'],
      policy: event['policy'],
      type: event['type'],
    }));

const CAPACITIES = ['actors', 'counterparties', 'attributedTo'] as const;

export const eventActorsTable = declareTable({
  name: 'event_actors',
  title: 'Actors of events',
  description: 'One row an event and one whom it names.',
  path,
  columns: {
    ...ofEntry,
    capacity: wordColumn(CAPACITIES, 'In which list of the event the name stands.'),
    ordinal: integerColumn('Place in that list, counted from 1.'),
    name: textColumn('Name; `null`: it was erased.').nullable(),
    kind: wordColumn(ACTOR_KINDS, 'Kind of actor.').nullable(),
    role: textColumn('Role in which it acted.').nullable(),
    onBehalfOf: textColumn('On whose behalf it acted.').nullable(),
    isAnonymous: booleanColumn('The source does not name it.'),
  },
  from: {
    name: ({ name }) => readable(name),
    isAnonymous: ({ anonymous }) => anonymous === true,
  },
  each: entriesOf((event) =>
    CAPACITIES.flatMap((capacity) =>
      itemsIn(event[capacity]).map((entry, index): Item => ({ ...entry, capacity, ordinal: index + 1 })),
    ),
  ),
});

export const eventLinksTable = declareTable({
  name: 'event_links',
  title: 'Links of events',
  description: 'One row a link from an event to another.',
  path,
  columns: {
    ...ofEntry,
    ordinal: integerColumn('Place in the list of links, counted from 1.'),
    rel: wordColumn(RELS, 'What the event is to the other.'),
    to: textColumn('Key of the other event.'),
  },
  each: entriesOf(({ links }) => itemsIn(links)),
});

const whichSource = {
  sourceId: textColumn(
    'Identity of the source: SHA-256, in hexadecimal digits, over publisher, title and date of publication, with U+001F between them.',
  ),
  publisher: textColumn('Publisher.'),
  title: textColumn('Title.'),
  url: textColumn('Address; `null`: none is known.').nullable(),
  publishedAt: textColumn('When the source was published: a full day, or an instant with its offset.'),
  publishedOn: publicationColumns.publishedOn.unwrap(),
  genre: wordColumn(GENRES, 'Genre.'),
  sha256: textColumn('SHA-256 of the document; `null`: none is known.').nullable(),
};

const identityOf = ({ publisher, title, publishedAt }: Item): TableCell =>
  sourceIdentity(String(publisher), String(title), String(publishedAt));

export const eventSourcesTable = declareTable({
  name: 'event_sources',
  title: 'Sources of events',
  description: 'One row an event and one of its sources, attached ones included.',
  path,
  columns: {
    ...ofEntry,
    ordinal: integerColumn('Place in the list of sources, counted from 1.'),
    ...whichSource,
    locator: textColumn('Where in the source.').nullable(),
    attachedBy: textColumn('Key of the event that attached it; `null`: the event has it itself.').nullable(),
    withdrawnBy: textColumn('Key of the event by which its publisher withdrew it; `null`: none.').nullable(),
  },
  from: {
    sourceId: identityOf,
    publishedOn: (item: Item, dayOf: DayOf) => publicationDay(item['publishedAt'], dayOf),
  },
  each: entriesOf(sourcesIn),
});

export const sourcesTable = declareTable({
  name: 'sources',
  title: 'Sources',
  description: 'One row a source that a policy cites. `event` is the first that cites it.',
  path: '/v1/sources',
  columns: {
    policy,
    policyTitle: textColumn('Title of the policy at the recorded time.'),
    ...whichSource,
    events: textsColumn('Keys of the events that cite it, in order of occurrence.'),
    eventCount: integerColumn('How many events cite it.'),
    retractedBy: textsColumn('Keys of the events by which its publisher withdrew it.'),
    event: textColumn('Key of the first event that cites it.'),
    ...occurrence,
    ...knowledge,
  },
  from: { ...fromEvent, sourceId: identityOf },
});
