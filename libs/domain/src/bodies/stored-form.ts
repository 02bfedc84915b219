import type { EventBody, RecordedEvent } from '../schema/event.js';
import { type Json, type JsonObject, pointerTo } from '../values/json.js';
import { normalizeNames } from '../values/names.js';
import { useCurrentNames } from '../values/older-names.js';
import type { Registration } from './registration.js';
import { DATE_FIELDS } from './input-form.js';
import {
  BEGINNING,
  FOREVER,
  type Instant,
  type Position,
  type Revision,
  parseFormattedInstant,
} from '../values/time.js';

/** The newest version of the form in which events are stored. Older ones are read by upcasters. */
export const STORED_VERSION = 2;

/** The parts of a log entry from which its event is read. */
export interface StoredEvent {
  readonly v: number;
  /** Who recorded it: the id of a key or of a subject, never a name. Absent from form 1. */
  readonly by?: string;
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly position: Position;
  readonly revision: Revision;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
  readonly body: JsonObject;
  /** `null` where the value was erased. */
  readonly erasable: readonly { readonly pointer: string; readonly value: string | null }[];
}

/** The bytes whose SHA-256 is the commitment to a value: the salt's before the value's in UTF-8. */
export function commitmentBytes(value: string, salt: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(value);
  const bytes = new Uint8Array(salt.length + text.length);
  bytes.set(salt);
  bytes.set(text, salt.length);
  return bytes;
}

/**
 * Reads an event back from its stored form, erasable values put back; an erased one reads `{"erased": true}`.
 *
 * Names that were recorded before names were normalised are normalised; the stored bytes are unchanged.
 */
export function fromStored(stored: StoredEvent): RecordedEvent {
  const { id, key, type, position, revision, recordedAt, by } = stored;
  const erasable = new Map(stored.erasable.map(({ pointer, value }) => [pointer, value]));
  const restore = (path: Path): Json => erasable.get(pointerTo(path)) ?? { erased: true };
  const body = normalizeNames(restoreFields(upcast(stored), [], restore)) as unknown as EventBody;
  const event = { id, key, type, position, revision, recordedAt: recordedAt as Instant, body };
  return by === undefined ? event : { ...event, recordedBy: by };
}

/** Reads a registration back from its stored form. */
export const registrationFromStored = (stored: StoredEvent): Registration =>
  normalizeNames(upcast(stored)) as unknown as Registration;

/**
 * Reads a stored body in the current form.
 *
 * A field may have its former name in any of them: a new version for that alone would be refused by every older program
 * that still reads the log, verifiers included, and no rule depends on the field.
 */
function upcast({ v, key, body }: StoredEvent): JsonObject {
  const read = UPCASTERS.get(v);
  if (read) return read(body);
  throw new UnknownFormError(
    `The entry "${key}" has stored form ${v}; this program reads forms up to ${STORED_VERSION}. Run a newer version.`,
  );
}

/** An event is stored in a form that only a newer version reads: what follows from the log cannot be told without it. */
export class UnknownFormError extends Error {
  override readonly name = 'UnknownFormError';
}

const readCurrent = (body: JsonObject): JsonObject => useCurrentNames(body) as JsonObject;

/** How the body of each version is read. Form 2 says beside the body who recorded it, and has the bodies of form 1. */
const UPCASTERS: ReadonlyMap<number, (body: JsonObject) => JsonObject> = new Map([
  [1, readCurrent],
  [STORED_VERSION, readCurrent],
]);

/** The way to a value in a body. */
export type Path = readonly (string | number)[];
type Restore = (path: Path) => Json;

/** The fields of a body that are lists of actors. */
export const ACTOR_LISTS = new Set(['actors', 'counterparties', 'attributedTo']);

/** Every other field is stored as it is read. */
const RESTORED = ['note', 'publishedAt', 'effective', 'changes', ...DATE_FIELDS, ...ACTOR_LISTS];

function restoreFields(fields: JsonObject, path: Path, restore: Restore): JsonObject {
  const restored: Record<string, Json> = { ...fields };
  for (const field of RESTORED) {
    const value = fields[field];
    if (value !== undefined) restored[field] = restoreField(value, [...path, field], restore);
  }
  return restored;
}

function restoreField(value: Json, path: Path, restore: Restore): Json {
  const field = path.at(-1);
  if (isList(value)) return value.map((actor, index) => restoreActor(actor, [...path, index], restore));
  if (!isObject(value)) return value;
  if (field === 'note') return restore(path);
  if (field === 'publishedAt') return { text: value['text'] ?? null, from: instantOr(value['from'], BEGINNING) };
  if (field === 'effective') return mapFields(value, (_end, date) => restoreDate(date));
  return field === 'changes' ? restoreFields(value, path, restore) : restoreDate(value);
}

const restoreActor = (actor: Json, path: Path, restore: Restore): Json =>
  isObject(actor) && isObject(actor['name']) ? { ...actor, name: restore([...path, 'name']) } : actor;

const restoreDate = (date: Json): Json =>
  isObject(date)
    ? {
        edtf: date['edtf'] ?? null,
        earliest: instantOr(date['earliest'], BEGINNING),
        latest: instantOr(date['latest'], FOREVER),
      }
    : date;

const instantOr = (text: Json | undefined, open: Instant): number =>
  typeof text === 'string' ? (parseFormattedInstant(text) ?? open) : open;

/** The fields with each value changed; those without one left out. */
export const mapFields = (fields: JsonObject, change: (field: string, value: Json) => Json): JsonObject =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, change(field, value)]),
  );

/** True for an object of JSON. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for a list of JSON. */
export const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
