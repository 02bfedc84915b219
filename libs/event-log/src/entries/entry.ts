import { canonicalJson } from './canonical-json.js';
import type { LogPosition, StreamRevision } from '../positions.js';
import { ENTRY_VERSION, type EntryObject, type LogEntry, type NewEvent } from '../port.js';

/** The version of the stored form without who recorded the event. */
const ANONYMOUS_VERSION = 1;

/** The version of the stored form that an event is written in: the oldest that holds all of it. */
export const entryVersionOf = ({ by }: Pick<NewEvent, 'by'>): number =>
  by === undefined ? ANONYMOUS_VERSION : ENTRY_VERSION;

/** What an entry says of its event beside the body; of a version of its own where it was written in that elsewhere. */
export interface EntryHead extends Omit<NewEvent, 'body' | 'erasable'> {
  readonly v?: number;
}

/** The parts of an entry's canonical text around its body and around what only the log knows. */
export interface EntryAround {
  readonly opening: string;
  readonly closing: string;
  readonly after: string;
}

/**
 * RFC 8785 orders members by name: body, by, id, key, prev, recordedAt, revision, stream, type, v. So the text is
 * `opening` + body + `closing` + prev, recordedAt and revision + `after`.
 */
export function entryAround(event: EntryHead, stream: string): EntryAround {
  const { id, key, type, by, v = entryVersionOf(event) } = event;
  const recorder = by === undefined ? '' : `,"by":${canonicalJson(by)}`;
  return {
    opening: '{"body":',
    closing: `${recorder},"id":${canonicalJson(id)},"key":${canonicalJson(key)}`,
    after: `,"stream":${canonicalJson(stream)},"type":${canonicalJson(type)},"v":${v}}`,
  };
}

/** The parts of an entry's canonical text around what only the log knows: `before` ends with its key. */
export function entryParts(event: NewEvent, stream: string): { readonly before: string; readonly after: string } {
  const { opening, closing, after } = entryAround(event, stream);
  return { before: opening + event.body + closing, after };
}

/** The fields of an entry that only the log knows. */
export interface AssignedFields {
  readonly position: LogPosition;
  readonly revision: StreamRevision;
  readonly prev: LogPosition | undefined;
  readonly recordedAt: number;
}

/** The canonical text of an entry. */
export function entryText(event: NewEvent, stream: string, { revision, prev, recordedAt }: AssignedFields): string {
  const { before, after } = entryParts(event, stream);
  const previous = prev === undefined ? '' : `,"prev":${prev}`;
  return `${before}${previous},"recordedAt":"${new Date(recordedAt).toISOString()}","revision":${revision}${after}`;
}

/** Body and version of an entry, and who recorded it, from its text. */
export function readEntry(entry: string): Pick<LogEntry, 'body' | 'v' | 'by'> {
  const { body, v, by }: { body: EntryObject; v: number; by?: string } = JSON.parse(entry);
  return by === undefined ? { body, v } : { body, v, by };
}
