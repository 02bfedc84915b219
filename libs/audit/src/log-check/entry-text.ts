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
}

/** Reads an entry from its leaf's bytes: canonical JSON with the members of an entry, all of them and no others. */
export function readEntryText(bytes: Uint8Array): ParseResult<EntryContent> {
  const value = readCanonical(bytes);
  if (!value.ok) return value;
  return isObject(value.value) ? contentOf(value.value) : unreadable('An entry is a JSON object.');
}

/** Members as the canonical form orders them. */
const MEMBERS = ['body', 'id', 'key', 'prev', 'recordedAt', 'revision', 'stream', 'type', 'v'];
const OF_A_FIRST = MEMBERS.filter((member) => member !== 'prev').join();
const OF_A_LATER = MEMBERS.join();

function contentOf(entry: EntryObject): ParseResult<EntryContent> {
  const names = Object.keys(entry).join();
  if (names !== OF_A_FIRST && names !== OF_A_LATER)
    return unreadable(`An entry has the members ${OF_A_LATER}; this has ${names.slice(0, 200)}.`);
  const { body, id, key, prev, revision, stream, type, v } = entry;
  if (v !== ENTRY_VERSION)
    return unreadable(`The entry has form ${JSON.stringify(v)}; this program reads form ${ENTRY_VERSION}.`);
  const recordedAt = instantOf(entry['recordedAt']);
  if (recordedAt === undefined) return unreadable('recordedAt is not an instant in UTC with milliseconds.');
  if (!isText(id) || !isText(key) || !isText(stream) || !isText(type))
    return unreadable('id, key, stream and type are to be texts.');
  if (!isObject(body)) return unreadable('body is to be an object.');
  if (!isCount(revision) || (prev !== undefined && !isCount(prev)))
    return unreadable('revision and prev are to be whole numbers from 0 on.');
  return read({ id, key, type, stream, revision, prev, recordedAt, v, body });
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
