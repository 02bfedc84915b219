import { type Position, type Revision, revisionOf } from './positions.js';
import type { AppendOutcome, AppendRequest, ExpectedRevision, Place } from './port.js';

/** The last event of a stream. */
export interface StreamHead {
  readonly revision: Revision;
  readonly position: Position;
}

/** What is on record, as far as judging a request needs it. */
export interface OnRecord {
  head(stream: string): StreamHead | undefined;
  place(key: string): Place | undefined;
  /** Where the first event stands that came under an idempotency key. */
  idempotent(idempotencyKey: string): Place | undefined;
}

/** A request that may be appended, with the revision that its first event gets. */
export interface Accepted {
  readonly outcome: 'accepted';
  readonly first: Revision;
}

/** What a request comes to, given what is on record: a final outcome, or leave to append. Pure. */
export function judge(
  request: AppendRequest,
  record: OnRecord,
): Accepted | Exclude<AppendOutcome, { outcome: 'appended' }> {
  return judgedByIdempotencyKey(request, record) ?? judgedByKeys(request, record) ?? judgedByRevision(request, record);
}

type Refusal = Exclude<AppendOutcome, { outcome: 'appended' }>;

function judgedByIdempotencyKey(request: AppendRequest, record: OnRecord): Refusal | undefined {
  const place = request.idempotencyKey === undefined ? undefined : record.idempotent(request.idempotencyKey);
  if (!place || place.id === request.events[0]?.id) return undefined;
  return { outcome: 'idempotency-key-reused', place };
}

function judgedByKeys({ events }: AppendRequest, record: OnRecord): Refusal | undefined {
  const found = events.flatMap((event) => {
    const place = record.place(event.key);
    return place ? [{ event, place }] : [];
  });
  const [first] = found;
  if (!first) return undefined;
  const other = found.find(({ event, place }) => event.id !== place.id);
  if (other) return { outcome: 'key-reused', key: other.event.key, place: other.place };
  if (found.length < events.length) return { outcome: 'key-reused', key: first.event.key, place: first.place };
  return { outcome: 'duplicate', places: found.map(({ place }) => place) };
}

function judgedByRevision({ stream, expected }: AppendRequest, record: OnRecord): Accepted | Refusal {
  const head = record.head(stream);
  if (!isAsExpected(expected, head)) return { outcome: 'conflict', actual: head?.revision ?? null };
  return { outcome: 'accepted', first: revisionOf(head === undefined ? 0 : head.revision + 1) };
}

function isAsExpected(expected: ExpectedRevision, head: StreamHead | undefined): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'none':
      return head === undefined;
    case 'exists':
      return head !== undefined;
    default:
      return head?.revision === expected;
  }
}
