import type { EventBody, Source, SourceName } from '#domain';
import { correctionsInForce, isWhole, sourcesInForce } from '#temporal';
import { standsAt } from '../rows/table.js';
import type { EventMarks } from './timeline.js';

/** A record that acts about an event at a coordinate. */
interface ActingRecord {
  /** Key of the record. */
  readonly by: string;
  readonly type: string;
  /** What it attaches or withdraws. */
  readonly source?: EventBody['source'];
}

/** What is recorded about an event, read beside its row; null where nothing is. */
export type ActingRecordRows = readonly ActingRecord[] | null;

/** The records in force about an event, each list in the order in which they act. */
export interface RecordsOfEvent {
  readonly retractedBy: readonly string[];
  readonly correctedBy: readonly string[];
  readonly attached: readonly { readonly by: string; readonly source: Source }[];
  readonly withdrawn: readonly { readonly by: string; readonly publisher: string; readonly title: string }[];
}

/** SQL that holds for the rows that act at a coordinate about the event of a row. */
export const actsOn = (record: string, row: string, [recorded, known]: readonly [string, string]): string =>
  `${record}.policy = ${row}.policy AND ${record}.target = ${row}.event AND ${record}.position > ${row}.position
    AND NOT ${record}.retracted AND ${standsAt(record, recorded, known)}`;

/**
 * SQL for the {@link ActingRecordRows} about the event of a row, at a coordinate.
 *
 * They stand apart from the event: one more is a row, however many there are, and none of the event's own.
 */
export const actingRecords = (row: string, at: readonly [recorded: string, known: string]): string =>
  `(SELECT json_agg(json_build_object('by', r.event, 'type', r.type, 'source', r.body -> 'source') ORDER BY r.published_order)
    FROM read.timeline r WHERE ${actsOn('r', row, at)})`;

/** The first source in force of an event: one that it names itself before those attached to it; undefined without any. */
export const firstSourceInForce = (
  { sources = [] }: { readonly sources?: readonly Source[] | undefined },
  acting: ActingRecordRows,
): Source | undefined =>
  sourcesInForce(sources, namingRecords(acting)).find(({ retractedBy }) => retractedBy === undefined)?.source;

/** What the records that act about an event are to it, in its row or in an answer. */
export function recordsInForce(
  { sources = [] }: { readonly sources?: readonly SourceName[] | undefined },
  { publicationCorrectedBy }: Pick<EventMarks, 'publicationCorrectedBy'>,
  acting: ActingRecordRows,
): RecordsOfEvent {
  const keys = (type: string): readonly string[] => ofType(acting, type).map(({ by }) => by);
  const { attachments, withdrawals } = namingRecords(acting);
  return {
    retractedBy: keys('record.retracted'),
    correctedBy: correctionsInForce(publicationCorrectedBy, keys('record.corrected')),
    attached: attachments.flatMap(({ by, source }) => (isWhole(source) ? [{ by, source }] : [])),
    withdrawn: sourcesInForce(sources, { attachments, withdrawals }).flatMap(
      ({ source: { publisher, title }, retractedBy: by }) => (by === undefined ? [] : [{ by, publisher, title }]),
    ),
  };
}

const ofType = (acting: ActingRecordRows, type: string): readonly ActingRecord[] =>
  (acting ?? []).filter((record) => record.type === type);

/** The records that attach sources or withdraw them. */
function namingRecords(acting: ActingRecordRows) {
  const naming = (type: string) => ofType(acting, type).map(({ by, source }) => ({ by, source: source ?? undefined }));
  return { attachments: naming('source.attached'), withdrawals: naming('source.retracted') };
}
