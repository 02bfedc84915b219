import { type AppendRequest, type EventLocation } from '#event-log';
import { bodyDigest } from './tracks.js';

/** What a writer was told of one event. */
export interface Acknowledged {
  readonly position: number;
  readonly revision: number;
  readonly recordedAt: number;
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  /** Of the body as it is stored, where the writer knows that. */
  readonly body?: string;
}

/** Everything that writers were told, by key of the event. */
export class Acknowledgements {
  readonly events = new Map<string, Acknowledged>();
  /** Positions of the first event, by idempotency key. */
  readonly idempotencyKeys = new Map<string, number>();
  /** What should never be said to a writer. */
  readonly contradictions: string[] = [];

  get count(): number {
    return this.events.size;
  }

  /** Notes the places that a request was told. Told twice, they must be the same. */
  note(request: AppendRequest, places: readonly EventLocation[]): void {
    if (places.length !== request.events.length)
      this.contradictions.push(`${request.events.length} events were answered with ${places.length} places.`);
    request.events.forEach(({ key, id, type, body }, index) => {
      const place = places[index];
      if (!place) return;
      if (place.key !== key || place.id !== id || place.stream !== request.stream)
        this.contradictions.push(`${key} was answered with the place of ${place.key}.`);
      const { position, revision, recordedAt, stream } = place;
      this.noteOne(key, { position, revision, recordedAt, stream, id, type, body: bodyDigest(body) });
    });
    const [first] = places;
    if (request.idempotencyKey !== undefined && first) this.idempotencyKeys.set(request.idempotencyKey, first.position);
  }

  /** Notes what was told of one event. */
  noteOne(key: string, told: Acknowledged): void {
    const known = this.events.get(key);
    if (known && (known.position !== told.position || known.revision !== told.revision))
      this.contradictions.push(`${key} was said to be at ${known.position}, then at ${told.position}.`);
    this.events.set(key, told);
  }
}
