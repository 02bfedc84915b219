import { type Rejection, instant } from '#domain';
import type { EventLocation, EventLog, LogEntry } from '#event-log';
import type { RecordedPlace } from './outcomes.js';

/** An event to record, as far as one on record can be the same. */
export interface EventToFind {
  readonly key: string;
  readonly idempotencyKey: string | undefined;
  /** True for an entry that records the same. */
  readonly isSame: (entry: LogEntry) => boolean;
}

/** An event that is on record under the idempotency key or the key of one that is to be recorded. */
export type EarlierEvent =
  | ({ readonly outcome: 'replayed' | 'repeated' } & RecordedPlace)
  | { readonly outcome: 'idempotency-key-reused' }
  | { readonly outcome: 'key-reused'; readonly entry: LogEntry };

/**
 * Asks the first two of the log's three questions, before an event is decided: its idempotency key, then its key.
 *
 * The log asks them again when the event is appended, and then compares ids. Here what the event says is compared, so
 * that a text which was erased since, or a field under its older name, is the same. Undefined where neither key is on
 * record.
 */
export async function findEarlierEvent(
  log: Pick<EventLog, 'readIdempotencyKey' | 'readKeys'>,
  { key, idempotencyKey, isSame }: EventToFind,
): Promise<EarlierEvent | undefined> {
  const named = idempotencyKey === undefined ? undefined : await log.readIdempotencyKey(idempotencyKey);
  if (named) return isSame(named) ? locateOutcome('replayed', named) : { outcome: 'idempotency-key-reused' };
  const [entry] = await log.readKeys([key]);
  if (!entry) return undefined;
  return isSame(entry) ? locateOutcome('repeated', entry) : { outcome: 'key-reused', entry };
}

/** Adds the location of its event to an outcome. */
export const locateOutcome = <Outcome extends string>(
  outcome: Outcome,
  { id, key, position, revision, recordedAt }: EventLocation,
): { outcome: Outcome } & RecordedPlace => ({
  outcome,
  id,
  key,
  position,
  revision,
  recordedAt: instant(recordedAt),
});

/** The rejection of a key that another event has. */
export const keyReused = ({ key, stream }: Pick<LogEntry, 'key' | 'stream'>): Rejection => ({
  code: 'key-reused',
  pointer: '/key',
  message: `"${key}" is the key of a different event (in ${stream}). Choose another key, or correct that event.`,
});
