import { type LogView, type StreamEnd, planAppend } from './plan-append.js';
import { type LogPosition, type StreamRevision, positionOf, revisionOf } from './positions.js';
import type { AppendOutcome, AppendRequest, NewEvent, EventLocation } from './port.js';

/** A draft is an event to append; its offset in the flush counts from 1 after the head of the log. */
export interface Draft {
  readonly event: NewEvent;
  readonly stream: string;
  readonly revision: StreamRevision;
  readonly offset: number;
  /** The stream's previous event: a position on record, or an offset in this flush. */
  readonly prev: { readonly position: LogPosition } | { readonly offset: number } | undefined;
}

/** An idempotency key to keep, with the event that it named. */
export interface KeptKey {
  readonly idempotencyKey: string;
  readonly at: { readonly position: LogPosition } | { readonly offset: number };
}

/** The location of a flush in the log. */
export interface FlushLocation {
  /** The head of the log before it. */
  readonly base: LogPosition;
  readonly recordedAt: number;
}

/** The plan of a flush: what to append and, once it is appended, the outcome of each request. */
export interface FlushPlan {
  readonly drafts: readonly Draft[];
  readonly kept: readonly KeptKey[];
  outcomes(location: FlushLocation): readonly AppendOutcome[];
}

/** Plans requests in the order of their arrival, each seeing what those before it append. Pure. */
export function planFlush(requests: readonly AppendRequest[], view: LogView): FlushPlan {
  const flush = new FlushView(view);
  const planned = requests.map((request) => flush.add(request));
  return {
    drafts: flush.drafts,
    kept: flush.kept,
    outcomes: (location) => planned.map((planned) => resolveOutcome(planned, location)),
  };
}

/** The log as a request of the flush sees it. An event of the flush itself has minus its offset as its position. */
class FlushView implements LogView {
  readonly drafts: Draft[] = [];
  readonly kept: KeptKey[] = [];
  readonly #streamEnds = new Map<string, StreamEnd>();
  readonly #byKey = new Map<string, EventLocation>();
  readonly #byIdempotencyKey = new Map<string, EventLocation>();

  constructor(private readonly view: LogView) {}

  streamEnd(stream: string): StreamEnd | undefined {
    return this.#streamEnds.get(stream) ?? this.view.streamEnd(stream);
  }

  findKey(key: string): EventLocation | undefined {
    return this.#byKey.get(key) ?? this.view.findKey(key);
  }

  findIdempotencyKey(idempotencyKey: string): EventLocation | undefined {
    return this.#byIdempotencyKey.get(idempotencyKey) ?? this.view.findIdempotencyKey(idempotencyKey);
  }

  add(request: AppendRequest): AppendOutcome {
    const planned = planAppend(request, this);
    if (planned.outcome === 'accepted') {
      const locations = request.events.map((event, index) =>
        this.#append(event, request.stream, revisionOf(planned.first + index)),
      );
      this.#keep(request.idempotencyKey, locations[0]);
      return { outcome: 'appended', locations };
    }
    if (planned.outcome === 'duplicate') this.#keep(request.idempotencyKey, planned.locations[0]);
    return planned;
  }

  #append(event: NewEvent, stream: string, revision: StreamRevision): EventLocation {
    const offset = this.drafts.length + 1;
    const before = this.streamEnd(stream);
    this.drafts.push({ event, stream, revision, offset, prev: before && toReference(before.position) });
    const position = positionOf(-offset);
    const location = { position, revision, recordedAt: 0, id: event.id, key: event.key, stream };
    this.#streamEnds.set(stream, { revision, position });
    this.#byKey.set(event.key, location);
    return location;
  }

  #keep(idempotencyKey: string | undefined, location: EventLocation | undefined): void {
    if (idempotencyKey === undefined || !location || this.findIdempotencyKey(idempotencyKey)) return;
    this.#byIdempotencyKey.set(idempotencyKey, location);
    this.kept.push({ idempotencyKey, at: toReference(location.position) });
  }
}

const toReference = (position: LogPosition): { position: LogPosition } | { offset: number } =>
  position < 0 ? { offset: 0 - position } : { position };

function resolveOutcome(outcome: AppendOutcome, location: FlushLocation): AppendOutcome {
  switch (outcome.outcome) {
    case 'appended':
    case 'duplicate':
      return { ...outcome, locations: outcome.locations.map((one) => resolveLocation(one, location)) };
    case 'key-reused':
    case 'idempotency-key-reused':
      return { ...outcome, location: resolveLocation(outcome.location, location) };
    case 'conflict':
    case 'pending':
      return outcome;
  }
}

const resolveLocation = (location: EventLocation, { base, recordedAt }: FlushLocation): EventLocation =>
  location.position < 0 ? { ...location, position: positionOf(base - location.position), recordedAt } : location;

/** The last position that outcomes name as appended, now or before; `least` where that is further. */
export const lastPositionIn = (outcomes: readonly AppendOutcome[], least = positionOf(0)): LogPosition =>
  outcomes
    .flatMap((outcome) => ('locations' in outcome ? outcome.locations : []))
    .reduce((last, { position }) => (position > last ? position : last), least);
