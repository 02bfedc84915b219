import { type OnRecord, type StreamHead, judge } from './plan-append.js';
import { type Position, type Revision, positionOf, revisionOf } from './positions.js';
import type { AppendOutcome, AppendRequest, NewEvent, Place } from './port.js';

/** An event that is to be appended; places in the same flush are counted from 1 after the head of the log. */
export interface Draft {
  readonly event: NewEvent;
  readonly stream: string;
  readonly revision: Revision;
  readonly offset: number;
  /** Where the stream's previous event stands: a position on record, or an offset in this flush. */
  readonly prev: { readonly position: Position } | { readonly offset: number } | undefined;
}

/** An idempotency key to keep, with the event that it named. */
export interface KeptKey {
  readonly idempotencyKey: string;
  readonly at: { readonly position: Position } | { readonly offset: number };
}

/** Where a flush was appended. */
export interface Landing {
  /** The head of the log before it. */
  readonly base: Position;
  readonly recordedAt: number;
}

/** What a flush comes to: what to append, and, once it is appended, what each request is told. */
export interface FlushPlan {
  readonly drafts: readonly Draft[];
  readonly kept: readonly KeptKey[];
  outcomes(landing: Landing): readonly AppendOutcome[];
}

/** Judges requests in the order of their arrival, each seeing what those before it append. */
export function planFlush(requests: readonly AppendRequest[], record: OnRecord): FlushPlan {
  const draft = new FlushDraft(record);
  const verdicts = requests.map((request) => draft.take(request));
  return {
    drafts: draft.drafts,
    kept: draft.kept,
    outcomes: (landing) => verdicts.map((verdict) => landed(verdict, landing)),
  };
}

/** What is on record with what the flush has taken so far. A place in the flush has minus its offset for a position. */
class FlushDraft implements OnRecord {
  readonly drafts: Draft[] = [];
  readonly kept: KeptKey[] = [];
  readonly #heads = new Map<string, StreamHead>();
  readonly #places = new Map<string, Place>();
  readonly #idempotent = new Map<string, Place>();

  constructor(private readonly record: OnRecord) {}

  head(stream: string): StreamHead | undefined {
    return this.#heads.get(stream) ?? this.record.head(stream);
  }

  place(key: string): Place | undefined {
    return this.#places.get(key) ?? this.record.place(key);
  }

  idempotent(idempotencyKey: string): Place | undefined {
    return this.#idempotent.get(idempotencyKey) ?? this.record.idempotent(idempotencyKey);
  }

  take(request: AppendRequest): AppendOutcome {
    const verdict = judge(request, this);
    if (verdict.outcome === 'accepted') {
      const places = request.events.map((event, index) =>
        this.#append(event, request.stream, revisionOf(verdict.first + index)),
      );
      this.#keep(request.idempotencyKey, places[0]);
      return { outcome: 'appended', places };
    }
    if (verdict.outcome === 'duplicate') this.#keep(request.idempotencyKey, verdict.places[0]);
    return verdict;
  }

  #append(event: NewEvent, stream: string, revision: Revision): Place {
    const offset = this.drafts.length + 1;
    const before = this.head(stream);
    this.drafts.push({ event, stream, revision, offset, prev: before && whereIs(before.position) });
    const position = positionOf(-offset);
    const place = { position, revision, recordedAt: 0, id: event.id, key: event.key, stream };
    this.#heads.set(stream, { revision, position });
    this.#places.set(event.key, place);
    return place;
  }

  #keep(idempotencyKey: string | undefined, place: Place | undefined): void {
    if (idempotencyKey === undefined || !place || this.idempotent(idempotencyKey)) return;
    this.#idempotent.set(idempotencyKey, place);
    this.kept.push({ idempotencyKey, at: whereIs(place.position) });
  }
}

const whereIs = (position: Position): { position: Position } | { offset: number } =>
  position < 0 ? { offset: 0 - position } : { position };

function landed(outcome: AppendOutcome, landing: Landing): AppendOutcome {
  switch (outcome.outcome) {
    case 'appended':
    case 'duplicate':
      return { ...outcome, places: outcome.places.map((place) => placeAt(place, landing)) };
    case 'key-reused':
    case 'idempotency-key-reused':
      return { ...outcome, place: placeAt(outcome.place, landing) };
    case 'conflict':
    case 'pending':
      return outcome;
  }
}

const placeAt = (place: Place, { base, recordedAt }: Landing): Place =>
  place.position < 0 ? { ...place, position: positionOf(base - place.position), recordedAt } : place;

/** The last position that outcomes name as appended, now or before; `least` where that is further. */
export const lastOf = (outcomes: readonly AppendOutcome[], least = positionOf(0)): Position =>
  outcomes
    .flatMap((outcome) => ('places' in outcome ? outcome.places : []))
    .reduce((last, { position }) => (position > last ? position : last), least);
