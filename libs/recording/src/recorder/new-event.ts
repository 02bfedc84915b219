import { createHash } from 'node:crypto';
import {
  type EventBody,
  type Json,
  type JsonObject,
  REGISTERED,
  type Registration,
  type Rejection,
  fromStored,
  presentBody,
  registrationFromStored,
  registrationKey,
  toStoredBody,
} from '#domain';
import { type LogEntry, type NewEvent, canonicalJson, sameJson } from '#event-log';

/** An entry's canonical form is at most this long, in bytes. */
const ENTRY_LIMIT_BYTES = 65_535;

/** The length that the log adds to a body at most: the names of the fields, id, times, numbers. */
const ENTRY_FRAME_BYTES = 300;

/** Kept free in a registration for the id of its recorder: whether it is too long does not depend on who sends it. */
const RECORDER_BYTES = 400;

/** What an event has beside its body. */
export interface EventMaking {
  /** Fresh random bytes in base64, for what can be erased. */
  readonly newSalt: () => string;
  /** Id of whoever records it. */
  readonly by?: string | undefined;
}

/** The event to append for a body, or why it is too long to be one. */
export function newEventOf(body: EventBody, { newSalt, by }: EventMaking): NewEvent | Rejection {
  const { body: stored, erasable } = toStoredBody(body, newSalt);
  const text = canonicalJson(stored);
  const frame = ENTRY_FRAME_BYTES + (by === undefined ? 0 : Buffer.byteLength(`,"by":${canonicalJson(by)}`));
  const bytes = Buffer.byteLength(text) + 2 * body.key.length + body.policy.length + frame;
  if (bytes > ENTRY_LIMIT_BYTES) return tooLong('event', bytes, 'texts or lists');
  return { id: idOf(body.key, stored), key: body.key, type: body.type, body: text, erasable, ...recordedBy(by) };
}

/** What is wrong with a registration as a whole: with many long addresses it is longer than an entry may be. */
export function lengthFaultsOf(registration: Registration): readonly Rejection[] {
  const text = canonicalJson(registration);
  const bytes = Buffer.byteLength(text) + 2 * registration.slug.length + ENTRY_FRAME_BYTES + RECORDER_BYTES;
  return bytes > ENTRY_LIMIT_BYTES ? [tooLong('registration', bytes, 'addresses or lists')] : [];
}

const tooLong = (what: string, bytes: number, parts: string): Rejection => ({
  code: 'over-limit',
  pointer: '',
  message: `The ${what} would have ${bytes} bytes in the log; at most ${ENTRY_LIMIT_BYTES} are allowed. Shorten its ${parts}.`,
});

/** The event to append for a registration. */
export function newRegistrationOf(registration: Registration, { by }: Pick<EventMaking, 'by'>): NewEvent {
  const key = registrationKey(registration.slug);
  const body = canonicalJson(registration);
  return { id: idOf(key, { ...registration }), key, type: REGISTERED, body, ...recordedBy(by) };
}

const recordedBy = (by: string | undefined): Pick<NewEvent, 'by'> => (by === undefined ? {} : { by });

/**
 * An id that follows from key and content, so that a retry has the same, whoever sends it; what can be erased has no part
 * in it.
 */
function idOf(key: string, stored: JsonObject): string {
  const content = canonicalJson([key, stored]).replaceAll(/\{"commit":"[^"]*"\}/g, 'null');
  const hex = createHash('sha256').update(content).digest('hex');
  // RFC 9562, section 5.8: version 8 is for ids made in a way of one's own.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** True when an entry records just this body. A text that was erased since may have been any. */
export const recordsBody = (entry: LogEntry, body: EventBody): boolean =>
  entry.type !== REGISTERED && sameButErased(presentBody(fromStored(entry).body), presentBody(body));

/** True when an entry records just this registration. */
export const recordsRegistration = (entry: LogEntry, registration: Registration): boolean =>
  entry.type === REGISTERED && sameJson({ ...registrationFromStored(entry) }, { ...registration });

function sameButErased(recorded: JsonObject, given: JsonObject): boolean {
  if (sameJson(recorded, given)) return true;
  if (!canonicalJson(recorded).includes('{"erased":true}')) return false;
  return sameJson(withoutErasable(recorded), withoutErasable(given));
}

/** The body without everything that can be erased. */
function withoutErasable(body: JsonObject): JsonObject {
  const { note: _note, ...rest } = body;
  return withoutPrivateNames(rest);
}

const withoutPrivateNames = (body: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(body).map(([field, value]) => {
      if (field === 'changes' && isObject(value)) return [field, withoutErasable(value)];
      return [
        field,
        isList(value)
          ? value.map((item) => (isObject(item) && item['private'] === true ? { ...item, name: null } : item))
          : value,
      ];
    }),
  );

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
