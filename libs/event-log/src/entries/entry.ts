import { canonicalJson } from './canonical-json.js';
import type { LogPosition, StreamRevision } from '../positions.js';
import { ENTRY_VERSION, type EntryObject, type LogEntry, type NewEvent } from '../port.js';

/** The parts of an entry's canonical text around its body and around what only the log knows. */
export interface EntryAround {
  readonly opening: string;
  readonly closing: string;
  readonly after: string;
}

/**
 * RFC 8785 orders members by name: body, id, key, prev, recordedAt, revision, stream, type, v. So the text is
 * `opening` + body + `closing` + prev, recordedAt and revision + `after`.
 */
export const entryAround = ({ id, key, type }: Omit<NewEvent, 'body'>, stream: string): EntryAround => ({
  opening: '{"body":',
  closing: `,"id":${canonicalJson(id)},"key":${canonicalJson(key)}`,
  after: `,"stream":${canonicalJson(stream)},"type":${canonicalJson(type)},"v":${ENTRY_VERSION}}`,
});

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

/** Body and version of an entry, from its text. */
export function readEntry(entry: string): Pick<LogEntry, 'body' | 'v'> {
  const { body, v }: { body: EntryObject; v: number } = JSON.parse(entry);
  return { body, v };
}
