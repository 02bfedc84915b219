import { actorName, speaksOfRecords } from '#domain/facts';
import { formatInstant, presentBody } from '#domain/stored';
import type { EntryObject } from '#event-log/canonical';
import type { PausingWork, VersionWithRecords } from '#temporal/fold';
import { type EventsQuestion, type WrittenTimes, readWritten } from '../question.js';
import { asJson, writtenOrOpen } from './recount.js';

/** The events that a list shows, as answers show them, in the order that was asked for. */
export function* eventRows(
  versions: readonly VersionWithRecords[],
  asked: EventsQuestion,
): PausingWork<readonly EntryObject[]> {
  const rows: EntryObject[] = [];
  for (const version of versions.filter((each) => isAsked(each, asked)).toSorted(ORDERS[asked.order])) {
    rows.push(eventRow(version));
    yield;
  }
  return rows;
}

type Compare = (one: VersionWithRecords, other: VersionWithRecords) => number;

const byPosition: Compare = (one, other) => one.event.position - other.event.position;

const ORDERS: Readonly<Record<EventsQuestion['order'], Compare>> = {
  occurred: (one, other) => (one.order < other.order ? -1 : 1),
  published: (one, other) =>
    one.knownFrom - other.knownFrom || (one.body.ordinal ?? 0) - (other.body.ordinal ?? 0) || byPosition(one, other),
  recorded: byPosition,
};

function isAsked(
  version: VersionWithRecords,
  { keys, types, actors, affiliated = false, records, retracted, times }: EventsQuestion,
): boolean {
  const { event, body } = version;
  return (
    (records || !speaksOfRecords(event.type)) &&
    (retracted || !version.retracted) &&
    (keys?.includes(event.key) ?? true) &&
    (types?.includes(event.type) ?? true) &&
    (actors === undefined || namesIn(body, { affiliated }).some((name) => actors.includes(name))) &&
    isWithin(version, times)
  );
}

const namesIn = (
  { actors = [] }: VersionWithRecords['body'],
  { affiliated }: { readonly affiliated: boolean },
): readonly string[] => actors.flatMap((actor) => [actorName(actor), ...(affiliated ? (actor.onBehalfOf ?? []) : [])]);

/** True for an event whose times lie within the bounds. */
export function isWithin({ event, body, earliest, latest }: VersionWithRecords, times: WrittenTimes = {}): boolean {
  const { recordedAfter, publishedFrom, publishedTo, occurredFrom, occurredTo } = times;
  const published = body.publishedAt.from;
  return (
    isRecordedAfter(event, recordedAfter) &&
    (publishedFrom === undefined || published >= readWritten(publishedFrom)) &&
    (publishedTo === undefined || published <= readWritten(publishedTo)) &&
    (occurredFrom === undefined || latest >= readWritten(occurredFrom)) &&
    (occurredTo === undefined || earliest <= readWritten(occurredTo))
  );
}

function isRecordedAfter(
  { position, recordedAt }: VersionWithRecords['event'],
  after: WrittenTimes['recordedAfter'],
): boolean {
  if (after === undefined) return true;
  return 'position' in after ? position > after.position : recordedAt > readWritten(after.at);
}

function eventRow(version: VersionWithRecords): EntryObject {
  const { event, body, datedBy, correctedBy, retractedBy, sources } = version;
  const attached = sources.flatMap(({ attachedBy: by, source }) => (by === undefined ? [] : [{ by, source }]));
  const withdrawn = sources.flatMap(({ retractedBy: by, source: { publisher, title } }) =>
    by === undefined ? [] : [{ by, publisher, title }],
  );
  return asJson({
    ...presentBody(body),
    id: event.id,
    key: event.key,
    position: event.position,
    revision: event.revision,
    recordedAt: formatInstant(event.recordedAt),
    knownFrom: formatInstant(version.knownFrom),
    dating: {
      earliest: writtenOrOpen(version.earliest),
      latest: writtenOrOpen(version.latest),
      settled: writtenOrOpen(version.settled),
    },
    ...(datedBy.length > 0 ? { datedBy } : {}),
    ...(version.isCorrected ? { recordedAs: presentBody(event.body) } : {}),
    ...(correctedBy.length > 0 ? { correctedBy } : {}),
    ...(version.retracted ? { retracted: true, retractedBy } : {}),
    ...(attached.length > 0 ? { attachedSources: attached } : {}),
    ...(withdrawn.length > 0 ? { withdrawnSources: withdrawn } : {}),
  });
}
