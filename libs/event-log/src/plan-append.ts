import { type LogPosition, type StreamRevision, revisionOf } from './positions.js';
import type { AppendOutcome, AppendRequest, ExpectedRevision, EventLocation } from './port.js';

/** The last event of a stream. */
export interface StreamEnd {
  readonly revision: StreamRevision;
  readonly position: LogPosition;
}

/** A view of the log is what planning an append needs to know of it. */
export interface LogView {
  streamEnd(stream: string): StreamEnd | undefined;
  findKey(key: string): EventLocation | undefined;
  /** The first event of the request that was appended under an idempotency key. */
  findIdempotencyKey(idempotencyKey: string): EventLocation | undefined;
}

/** A request that may be appended, with the revision that its first event gets. */
export interface Accepted {
  readonly outcome: 'accepted';
  readonly first: StreamRevision;
}

/** Decides from a view of the log whether a request may be appended; if not, its outcome is final. Pure. */
export function planAppend(request: AppendRequest, view: LogView): Accepted | Refusal {
  return checkIdempotencyKey(request, view) ?? checkKeys(request, view) ?? checkRevision(request, view);
}

type Refusal = Exclude<AppendOutcome, { outcome: 'appended' }>;

/** True for an outcome that leaves a request without its events on record, where requests are appended all or none. */
export const isAppendRefused = ({ outcome }: AppendOutcome): boolean =>
  outcome !== 'appended' && outcome !== 'duplicate';

function checkIdempotencyKey(request: AppendRequest, view: LogView): Refusal | undefined {
  const location = request.idempotencyKey === undefined ? undefined : view.findIdempotencyKey(request.idempotencyKey);
  if (!location || location.id === request.events[0]?.id) return undefined;
  return { outcome: 'idempotency-key-reused', location };
}

function checkKeys({ events }: AppendRequest, view: LogView): Refusal | undefined {
  const found = events.flatMap((event) => {
    const location = view.findKey(event.key);
    return location ? [{ event, location }] : [];
  });
  const [first] = found;
  if (!first) return undefined;
  const other = found.find(({ event, location }) => event.id !== location.id);
  if (other) return { outcome: 'key-reused', key: other.event.key, location: other.location };
  if (found.length < events.length) return { outcome: 'key-reused', key: first.event.key, location: first.location };
  return { outcome: 'duplicate', locations: found.map(({ location }) => location) };
}

function checkRevision({ stream, expected }: AppendRequest, view: LogView): Accepted | Refusal {
  const end = view.streamEnd(stream);
  if (!isAsExpected(expected, end)) return { outcome: 'conflict', actual: end?.revision ?? null };
  return { outcome: 'accepted', first: revisionOf(end === undefined ? 0 : end.revision + 1) };
}

function isAsExpected(expected: ExpectedRevision, end: StreamEnd | undefined): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'none':
      return end === undefined;
    case 'exists':
      return end !== undefined;
    default:
      return end?.revision === expected;
  }
}
