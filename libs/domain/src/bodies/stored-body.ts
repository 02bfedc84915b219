import { createHash } from 'node:crypto';
import type { EventBody } from '../schema/event.js';
import { type Json, type JsonObject, pointerTo } from '../values/json.js';
import { type Instant, formatInstant } from '../values/time.js';
import { DATE_FIELDS } from './input-form.js';
import { ACTOR_LISTS, type Path, commitmentBytes, isList, isObject, mapFields } from './stored-form.js';

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
  createHash('sha256')
    .update(commitmentBytes(value, Buffer.from(salt, 'base64')))
    .digest('base64');

type Commit = (path: Path, value: string) => JsonObject;

function storeFields(fields: JsonObject, path: Path, commit: Commit): JsonObject {
  return mapFields(fields, (field, value) => {
    const place = [...path, field];
    if (field === 'note' && typeof value === 'string') return commit(place, value);
    if (field === 'publishedAt') return storePublication(value);
    if (DATE_FIELDS.has(field)) return storeDate(value);
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
