import type { EntryValue, EntryObject, LogEntry } from './port.js';

/**
 * The type of the entry by which the log replaces a record that it does not accept.
 *
 * It has a position, a leaf and its stream's revision like any other, says why and what was found, and asserts nothing.
 * Its key and id are its own, so that keys and ids stay unique whatever a store holds.
 */
export const DISREGARDED = 'log.disregarded';

/**
 * Why a record is disregarded.
 *
 * - `repeated`: the same event is on record already.
 * - `key-taken`: another event has its key.
 * - `idempotency-key-taken`: its request's idempotency key named another request before.
 * - `request-disregarded`: another event of its request is disregarded, and a request is recorded whole or not at all.
 * - `not-ours`: it has not the form in which this log stores events.
 */
export type DisregardReason = (typeof REASONS)[number];

const REASONS = ['repeated', 'key-taken', 'idempotency-key-taken', 'request-disregarded', 'not-ours'] as const;

/** The content of an entry of the type {@link DISREGARDED}. */
export interface Disregarded {
  readonly reason: DisregardReason;
  /** The record's own. */
  readonly id: string;
  readonly type: string;
  readonly key?: string;
}

/** The content of an entry that replaces a record; undefined for the entry of an event. */
export function readDisregarded({ type, body }: Pick<LogEntry, 'type' | 'body'>): Disregarded | undefined {
  if (type !== DISREGARDED) return undefined;
  const { reason, id, type: own, key } = body;
  const known = REASONS.find((each) => each === reason) ?? 'not-ours';
  return { reason: known, id: textOf(id), type: textOf(own), ...(typeof key === 'string' ? { key } : {}) };
}

const textOf = (value: EntryValue | undefined): string => (typeof value === 'string' ? value : '');

/** The body of such an entry. */
export const makeDisregardedBody = (found: Disregarded, content: EntryObject): EntryObject => ({
  ...found,
  ...content,
});
