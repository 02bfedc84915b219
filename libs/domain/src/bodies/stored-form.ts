import { createHash } from 'node:crypto';
import type { EventBody, RecordedEvent } from '../schema/event.js';
import type { Json, JsonObject } from '../values/json.js';
import { normalizeNames } from '../values/names.js';
import { useCurrentNames } from '../values/older-names.js';
import type { Registration } from './registration.js';
import { pointerTo } from '../values/rejection.js';
import {
  BEGINNING,
  FOREVER,
  type Instant,
  type Position,
  type Revision,
  formatInstant,
  parseFormattedInstant,
} from '../values/time.js';

/** The version of the form in which bodies are stored. An older one is read by an upcaster. */
export const STORED_VERSION = 1;

/** A value that can be erased later: it is stored beside the entry, which has only a commitment to it. */
export interface Erasable {
  /** JSON Pointer into the stored body. */
  readonly pointer: string;
  /** Random, in base64. */
  readonly salt: string;
  readonly value: string;
}

/** A body as it is hashed, and the values stored beside it. */
export interface StoredBody {
  readonly body: JsonObject;
  readonly erasable: readonly Erasable[];
}

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

/**
 * The form in which a body is stored and hashed for ever.
 *
 * Dates carry the bounds computed when they were written: `{edtf, earliest?, latest?}` in RFC 3339, an open end
 * absent, and `publishedAt` is `{text, from}`. Notes, and the names of actors marked private, are stored as
 * `{"commit": base64(SHA-256(salt ‖ value))}`, the salt's bytes before the value in UTF-8.
 */
export function toStoredBody(body: EventBody, newSalt: () => string): StoredBody {
  const erasable: Erasable[] = [];
  const commit = (path: Path, value: string): JsonObject => {
    const salt = newSalt();
    erasable.push({ pointer: pointerTo(path), salt, value });
    return { commit: commitmentTo(value, salt) };
  };
  return { body: storeFields(body as unknown as JsonObject, [], commit), erasable };
}

/** The commitment to a value under a salt, in base64. */
export const commitmentTo = (value: string, salt: string): string =>
  createHash('sha256').update(Buffer.from(salt, 'base64')).update(value, 'utf8').digest('base64');

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

type Path = readonly (string | number)[];
type Commit = (path: Path, value: string) => JsonObject;
type Restore = (path: Path) => Json;

const ACTOR_LISTS = new Set(['actors', 'counterparties', 'attributedTo']);
const DATES = new Set(['occurred', 'plannedFor']);

function storeFields(fields: JsonObject, path: Path, commit: Commit): JsonObject {
  return mapFields(fields, (field, value) => {
    const place = [...path, field];
    if (field === 'note' && typeof value === 'string') return commit(place, value);
    if (field === 'publishedAt') return storePublication(value);
    if (DATES.has(field)) return storeDate(value);
    if (field === 'effective') return isObject(value) ? mapFields(value, (_end, date) => storeDate(date)) : value;
    if (field === 'changes') return isObject(value) ? storeFields(value, place, commit) : value;
    if (ACTOR_LISTS.has(field) && isList(value))
      return value.map((actor, index) => storeActor(actor, [...place, index], commit));
    return value;
  });
}

const storeActor = (actor: Json, path: Path, commit: Commit): Json =>
  isObject(actor) && actor['private'] === true && typeof actor['name'] === 'string'
    ? { ...actor, name: commit([...path, 'name'], actor['name']) }
    : actor;

function storeDate(date: Json): Json {
  if (!isObject(date)) return date;
  const { edtf = null, earliest, latest } = date;
  return { edtf, ...bound('earliest', earliest), ...bound('latest', latest) };
}

const bound = (name: string, at: Json | undefined): JsonObject =>
  typeof at === 'number' && Number.isFinite(at) ? { [name]: formatInstant(at as Instant) } : {};

const storePublication = (publication: Json): Json =>
  isObject(publication) ? { text: publication['text'] ?? null, ...bound('from', publication['from']) } : publication;

/** Every other field is stored as it is read. */
const RESTORED = ['note', 'publishedAt', 'effective', 'changes', ...DATES, ...ACTOR_LISTS];

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

const mapFields = (fields: JsonObject, change: (field: string, value: Json) => Json): JsonObject =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, change(field, value)]),
  );

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
