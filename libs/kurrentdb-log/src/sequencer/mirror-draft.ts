import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import {
  canonicalJson,
  DISREGARDED,
  makeDisregardedBody,
  type DisregardReason,
  ENTRY_VERSION,
  entryAround,
  type EntryHead,
  isPlainlyCanonical,
  type EntryValue,
  type EntryObject,
  LogStartError,
} from '#event-log/adapter';
import type { StoredRecord } from '../store/store.js';

/** An entry's canonical form is at most this long, in bytes: so much fits into the bundles of the audit. */
const ENTRY_LIMIT_BYTES = 65_535;

/** The length that position, revision and time add to the parts of an entry at most. */
const ASSIGNED_BYTES = 100;

const FOREIGN_NAME_LIMIT = 300;

/** The forms of the store's events, as their metadata names them. */
const KNOWN_FORMS: ReadonlyMap<string | undefined, number> = new Map([
  ['1', 1],
  [String(ENTRY_VERSION), ENTRY_VERSION],
]);

/**
 * The form that a record has in the log: as an event, or disregarded for a reason. Undefined where it is no event.
 *
 * For comparing with what the log has; whether a record is taken depends on those before it.
 */
export function draftAs(record: StoredRecord, reason: DisregardReason | undefined): MirrorDraft | undefined {
  assertKnownForm(record);
  const event = readEvent(record);
  return reason === undefined || record.type === DISREGARDED ? event : draftDisregarded(record, reason, event);
}

/** A record as it is to enter the log: as the event that it is, or disregarded. */
export interface MirrorDraft {
  readonly record: StoredRecord;
  readonly id: string;
  readonly key: string;
  readonly type: string;
  /** Text of the entry before what only the log knows, in UTF-8: held by the thousand, strings cost more. And after it. */
  readonly before: Buffer;
  readonly after: string;
  /** Kept for the first event of a request that had one. */
  readonly idempotencyKey?: string;
  /** SHA-256 of the body in hex, where the body has commitments to what lies beside it. */
  readonly digest?: string;
}

/** A record, and the event that it is: without one where it has not the form in which the log stores events. */
export interface ReadRecord {
  readonly record: StoredRecord;
  readonly event: MirrorDraft | undefined;
}

/** Reads a record as far as that is possible without those before it: the greater part of the work. */
export const readRecord = (record: StoredRecord): ReadRecord => ({ record, event: readEvent(record) });

/** The keys and ids of a batch that are on record already. */
export interface TakenNames {
  readonly keys: readonly string[];
  readonly ids: readonly string[];
  readonly idempotencyKeys: readonly string[];
}

export const NOTHING_TAKEN: TakenNames = { keys: [], ids: [], idempotencyKeys: [] };

/** The store holds events of a newer form than this program knows. */
export class NewerFormError extends LogStartError {
  override readonly name = 'NewerFormError';
  constructor({ stream, revision }: StoredRecord, form: string) {
    super(
      `The event ${revision} of the stream "${stream}" is stored in form ${form}; this program knows forms up to ${ENTRY_VERSION}. Run a newer version.`,
    );
  }
}

/**
 * Drafts the entries of records that follow each other in the store, request by request: of each key, id and
 * idempotency key the first one counts. Pure. A request whose events are not all there is judged by those that are.
 */
export function draftsOf(records: readonly ReadRecord[], taken: TakenNames = NOTHING_TAKEN): readonly MirrorDraft[] {
  for (const { record } of records) assertKnownForm(record);
  const seen = new Seen(taken);
  return requestsIn(records).flatMap((request) => {
    const reasons = request.map(({ event }) => (event ? seen.findReason(event) : 'not-ours'));
    if (reasons.every((reason) => reason === undefined))
      return request.flatMap(({ event }) => (event ? seen.take(event) : []));
    return request.map(({ record, event }, index) =>
      draftDisregarded(record, reasons[index] ?? 'request-disregarded', event),
    );
  });
}

class Seen {
  readonly #keys: Set<string>;
  readonly #ids: Set<string>;
  readonly #idempotencyKeys: Set<string>;

  constructor({ keys, ids, idempotencyKeys }: TakenNames) {
    this.#keys = new Set(keys);
    this.#ids = new Set(ids);
    this.#idempotencyKeys = new Set(idempotencyKeys);
  }

  findReason({ id, key, idempotencyKey }: MirrorDraft): DisregardReason | undefined {
    if (this.#ids.has(id)) return 'repeated';
    if (idempotencyKey !== undefined && this.#idempotencyKeys.has(idempotencyKey)) return 'idempotency-key-taken';
    return this.#keys.has(key) ? 'key-taken' : undefined;
  }

  take(draft: MirrorDraft): MirrorDraft {
    this.#keys.add(draft.key);
    this.#ids.add(draft.id);
    if (draft.idempotencyKey !== undefined) this.#idempotencyKeys.add(draft.idempotencyKey);
    return draft;
  }
}

const PART = /^([1-9]\d{0,8})\/([1-9]\d{0,8})$/;

interface Part {
  readonly index: number;
  readonly count: number;
}

const WHOLE: Part = { index: 1, count: 1 };

/** The part that a record is of its request; one of one unless it says otherwise. */
function partOf({ metadata: { part } }: StoredRecord): Part {
  if (part === undefined) return WHOLE;
  const [, index, count] = PART.exec(part) ?? [];
  return index !== undefined && count !== undefined ? { index: Number(index), count: Number(count) } : WHOLE;
}

/** True for a record after which no other of its request comes. */
export function endsRequest({ record }: ReadRecord): boolean {
  const { index, count } = partOf(record);
  return index >= count;
}

function requestsIn(records: readonly ReadRecord[]): readonly (readonly ReadRecord[])[] {
  const requests: ReadRecord[][] = [];
  for (const record of records) {
    const open = requests.at(-1);
    const last = open?.at(-1);
    if (open && last && continuesRequest(last.record, record.record)) open.push(record);
    else requests.push([record]);
  }
  return requests;
}

function continuesRequest(last: StoredRecord, next: StoredRecord): boolean {
  const [before, after] = [partOf(last), partOf(next)];
  return (
    next.stream === last.stream &&
    next.revision === last.revision + 1 &&
    after.count === before.count &&
    after.index === before.index + 1
  );
}

/** The event that a record is; undefined where it has not the form in which the log stores events. */
function readEvent(record: StoredRecord): MirrorDraft | undefined {
  const { id, type, stream, metadata, data } = record;
  const { key = '', idempotencyKey } = metadata;
  const form = readForm(record);
  const isNamed = isName(key) && isName(type) && (idempotencyKey === undefined || isName(idempotencyKey));
  const isAllowed = type !== DISREGARDED || isOwnDisregarded(record, key);
  if (form === undefined || !isNamed || !isAllowed || !isCanonicalObject(data)) return undefined;
  const parts = splitAround(data, { id, key, type, ...form }, stream);
  if (!isWithinLimit(parts)) return undefined;
  return {
    record,
    id,
    key,
    type,
    ...parts,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(hasCommitment(data) ? { digest: digestOf(data) } : {}),
  };
}

/** The form of a record, with who recorded the event where the form says it; undefined for no form of the log's. */
function readForm({ metadata }: StoredRecord): Pick<EntryHead, 'v' | 'by'> | undefined {
  const v = KNOWN_FORMS.get(metadata['v']);
  if (v === undefined) return undefined;
  const { by } = metadata;
  if (v === 1 || by === undefined) return { v };
  return isName(by) ? { v, by } : undefined;
}

const isWithinLimit = ({ before, after }: Pick<MirrorDraft, 'before' | 'after'>): boolean =>
  before.length + Buffer.byteLength(after) + ASSIGNED_BYTES <= ENTRY_LIMIT_BYTES;

/** True for an entry that replaced a record, and was then copied into a store with the whole log. */
const isOwnDisregarded = ({ id, stream, revision }: StoredRecord, key: string): boolean =>
  key === keyOfDisregarded(`${stream}/${revision}`) && id === idOfDisregarded(`${stream}/${revision}`);

function assertKnownForm(record: StoredRecord): void {
  const { v: form = '' } = record.metadata;
  if (/^[1-9]\d{0,8}$/.test(form) && Number(form) > ENTRY_VERSION) throw new NewerFormError(record, form);
}

/** Something that PostgreSQL and canonical JSON can have as text, and that names something. */
const isName = (text: string): boolean => text !== '' && !text.includes('\0') && text.isWellFormed();

const COMMITMENT = Buffer.from('{"commit":"');

const hasCommitment = (data: Uint8Array): boolean => bufferOf(data).includes(COMMITMENT);

const bufferOf = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** The parts of an entry around what only the log knows; its body stays the bytes that it is. */
function splitAround(body: Uint8Array, event: EntryHead, stream: string): Pick<MirrorDraft, 'before' | 'after'> {
  const { opening, closing, after } = entryAround(event, stream);
  const before = Buffer.allocUnsafe(opening.length + body.length + Buffer.byteLength(closing));
  before.write(opening, 'latin1');
  before.set(body, opening.length);
  before.write(closing, opening.length + body.length);
  return { before, after };
}

/** True for a body in canonical form that is an object. */
function isCanonicalObject(data: Uint8Array): boolean {
  if (isPlainlyCanonical(data) && isUtf8(data)) return true;
  const body = readBody(data);
  try {
    return body !== undefined && canonicalJson(body) === bufferOf(data).toString();
  } catch {
    // Half of a surrogate pair has no canonical form.
    return false;
  }
}

/** A body that is a JSON object, however written; undefined for anything else. */
function readBody(data: Uint8Array): EntryObject | undefined {
  if (!isUtf8(data)) return undefined;
  try {
    const value: EntryValue = JSON.parse(bufferOf(data).toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: EntryValue): value is EntryObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const digestOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** The entry that replaces a record which is not accepted. It repeats the event where there is one, else its digest. */
function draftDisregarded(record: StoredRecord, reason: DisregardReason, event: MirrorDraft | undefined): MirrorDraft {
  const whole = event && makeDisregardedDraft(record, reason, { body: readBody(record.data) ?? null });
  if (whole && isWithinLimit(whole)) return whole;
  return makeDisregardedDraft(record, reason, { bytes: record.data.length, sha256: digestOf(record.data) });
}

function makeDisregardedDraft(record: StoredRecord, reason: DisregardReason, content: EntryObject): MirrorDraft {
  const { stream, revision, metadata } = record;
  const name = `${stream}/${revision}`;
  const own = { id: idOfDisregarded(name), key: keyOfDisregarded(name), type: DISREGARDED };
  const { key } = metadata;
  const found = { reason, id: record.id, type: cut(record.type), ...(key === undefined ? {} : { key: cut(key) }) };
  const body = canonicalJson(makeDisregardedBody(found, content));
  return { record, ...own, ...splitAround(Buffer.from(body), own, stream) };
}

/** Names that somebody else gave may be of any length and hold anything. */
const cut = (name: string): string => name.slice(0, FOREIGN_NAME_LIMIT).toWellFormed();

const keyOfDisregarded = (name: string): string => `disregarded:${name}`;

/** RFC 9562, section 5.8: version 8 is for ids made in a way of one's own. */
function idOfDisregarded(name: string): string {
  const hex = createHash('sha256').update(`disregarded ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
