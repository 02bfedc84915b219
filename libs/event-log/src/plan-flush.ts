import { type LogView, type StreamEnd, planAppend } from './plan-append.js';
import { type LogPosition, type StreamRevision, positionOf, revisionOf } from './positions.js';
import type { AppendOutcome, AppendRequest, NewEvent, EventLocation } from './port.js';

/** An event that is to be appended; places in the same flush are counted from 1 after the head of the log. */
export interface Draft {
  readonly event: NewEvent;
  readonly stream: string;
  readonly revision: StreamRevision;
  readonly offset: number;
  /** Where the stream's previous event stands: a position on record, or an offset in this flush. */
  readonly prev: { readonly position: LogPosition } | { readonly offset: number } | undefined;
}

/** An idempotency key to keep, with the event that it named. */
export interface KeptKey {
  readonly idempotencyKey: string;
  readonly at: { readonly position: LogPosition } | { readonly offset: number };
}

/** Where a flush was appended. */
export interface FlushLocation {
  /** The head of the log before it. */
  readonly base: LogPosition;
  readonly recordedAt: number;
}

/** What a flush comes to: what to append, and, once it is appended, what each request is told. */
export interface FlushPlan {
  readonly drafts: readonly Draft[];
  readonly kept: readonly KeptKey[];
  outcomes(location: FlushLocation): readonly AppendOutcome[];
}

/** Judges requests in the order of their arrival, each seeing what those before it append. */
export function planFlush(requests: readonly AppendRequest[], view: LogView): FlushPlan {
  const flush = new FlushView(view);
  const planned = requests.map((request) => flush.add(request));
  return {
    drafts: flush.drafts,
    kept: flush.kept,
    outcomes: (location) => planned.map((planned) => resolveOutcome(planned, location)),
  };
}

/** What is on record with what the flush has taken so far. A place in the flush has minus its offset for a position. */
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
    const place = { position, revision, recordedAt: 0, id: event.id, key: event.key, stream };
    this.#streamEnds.set(stream, { revision, position });
    this.#byKey.set(event.key, place);
    return place;
  }

  #keep(idempotencyKey: string | undefined, place: EventLocation | undefined): void {
    if (idempotencyKey === undefined || !place || this.findIdempotencyKey(idempotencyKey)) return;
    this.#byIdempotencyKey.set(idempotencyKey, place);
    this.kept.push({ idempotencyKey, at: toReference(place.position) });
  }
}

const toReference = (position: LogPosition): { position: LogPosition } | { offset: number } =>
  position < 0 ? { offset: 0 - position } : { position };

function resolveOutcome(outcome: AppendOutcome, location: FlushLocation): AppendOutcome {
  switch (outcome.outcome) {
    case 'appended':
    case 'duplicate':
      return { ...outcome, locations: outcome.locations.map((place) => resolveLocation(place, location)) };
    case 'key-reused':
    case 'idempotency-key-reused':
      return { ...outcome, location: resolveLocation(outcome.location, location) };
    case 'conflict':
    case 'pending':
      return outcome;
  }
}

const resolveLocation = (place: EventLocation, { base, recordedAt }: FlushLocation): EventLocation =>
  place.position < 0 ? { ...place, position: positionOf(base - place.position), recordedAt } : place;

/** The last position that outcomes name as appended, now or before; `least` where that is further. */
export const lastPositionIn = (outcomes: readonly AppendOutcome[], least = positionOf(0)): LogPosition =>
  outcomes
    .flatMap((outcome) => ('locations' in outcome ? outcome.locations : []))
    .reduce((last, { position }) => (position > last ? position : last), least);
