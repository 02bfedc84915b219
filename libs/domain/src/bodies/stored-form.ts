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

/** The version of the form in which bodies are stored. An older one is read by an upcaster. */
export const STORED_VERSION = 1;

/** The parts of a log entry from which its event is read. */
export interface StoredEvent {
  readonly v: number;
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
  const { id, key, type, position, revision, recordedAt } = stored;
  const erasable = new Map(stored.erasable.map(({ pointer, value }) => [pointer, value]));
  const restore = (path: Path): Json => erasable.get(pointerTo(path)) ?? { erased: true };
  const body = normalizeNames(restoreFields(upcast(stored), [], restore)) as unknown as EventBody;
  return { id, key, type, position, revision, recordedAt: recordedAt as Instant, body };
}

/** Reads a registration back from its stored form. */
export const registrationFromStored = (stored: StoredEvent): Registration =>
  normalizeNames(upcast(stored)) as unknown as Registration;

/**
 * Reads a stored body in the current form.
 *
 * There is one version so far, in which a field may have its former name: a new version for that alone would be
 * refused by every older program that still reads the log, verifiers included, and no rule depends on the field.
 */
function upcast({ v, key, body }: StoredEvent): JsonObject {
  if (v === STORED_VERSION) return useCurrentNames(body) as JsonObject;
  throw new Error(
    `The entry "${key}" has stored form ${v}; this program reads form ${STORED_VERSION}. Run a newer version.`,
  );
}

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
