import { ENTRY_VERSION, type EntryValue, type EntryObject } from '#event-log/canonical';
import { readCanonical } from './canonical-text.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';

/** The content of an entry of the log. Its position is not in it: that is its place among the leaves. */
export interface EntryContent {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly stream: string;
  /** Place in the stream, from 0. */
  readonly revision: number;
  /** Position of the stream's previous entry; undefined for its first. */
  readonly prev: number | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly recordedAt: number;
  readonly v: number;
  readonly body: EntryObject;
  /** Who recorded it: the id of a key or of a subject; absent from form 1. */
  readonly by?: string;
}

/** Reads an entry from its leaf's bytes: canonical JSON with the members of an entry, all of them and no others. */
export function readEntryText(bytes: Uint8Array): ParseResult<EntryContent> {
  const value = readCanonical(bytes);
  if (!value.ok) return value;
  return isObject(value.value) ? contentOf(value.value) : unreadable('An entry is a JSON object.');
}

/** The members of every entry as the canonical form orders them; `prev` is absent from the first of a stream. */
const MEMBERS = 'body,id,key,recordedAt,revision,stream,type,v';

function contentOf(entry: EntryObject): ParseResult<EntryContent> {
  const { body, by, id, key, prev, revision, stream, type, v } = entry;
  if (v !== 1 && v !== ENTRY_VERSION)
    return unreadable(
      `The entry has form ${JSON.stringify(v)}; this program reads forms up to ${ENTRY_VERSION}. A newer version may read it.`,
    );
  // Only the newest form may say who recorded the event.
  const names = Object.keys(entry).filter((name) => name !== 'prev' && (name !== 'by' || v === 1));
  if (names.join() !== MEMBERS)
    return unreadable(`An entry has the members ${MEMBERS}; this has ${names.join().slice(0, 200)}.`);
  const recordedAt = instantOf(entry['recordedAt']);
  if (recordedAt === undefined) return unreadable('recordedAt is not an instant in UTC with milliseconds.');
  if (!isText(id) || !isText(key) || !isText(stream) || !isText(type) || (by !== undefined && !isText(by)))
    return unreadable('id, key, stream, type and by are to be texts.');
  if (!isObject(body)) return unreadable('body is to be an object.');
  if (!isCount(revision) || (prev !== undefined && !isCount(prev)))
    return unreadable('revision and prev are to be whole numbers from 0 on.');
  const content = { id, key, type, stream, revision, prev, recordedAt, v, body };
  return read(by === undefined ? content : { ...content, by });
}

/** Exactly as the log writes it, since what is hashed has one form. */
function instantOf(text: EntryValue | undefined): number | undefined {
  if (typeof text !== 'string') return undefined;
  const at = Date.parse(text);
  return Number.isFinite(at) && new Date(at).toISOString() === text ? at : undefined;
}

const isText = (value: EntryValue | undefined): value is string => typeof value === 'string' && value !== '';

const isCount = (value: EntryValue | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isObject = (value: EntryValue | undefined): value is EntryObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
