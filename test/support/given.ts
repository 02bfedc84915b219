import { type Instant, type RecordedEvent, endOfDay, parseEventBody, parseInstant, position } from '#domain';
import { type Coordinate, type PolicyDifference, differenceBetween, replayedPoint, stateDocument } from '#temporal';
import { recordedAs } from './recorded-event.js';

const ZONE = 'Europe/London';

/** An event in its input form, as far as a test says something of it; the rest is filled in. */
export type Told = Readonly<Record<string, unknown>> & { readonly key: string; readonly type: string };

/** A coordinate in a test: days or instants; `validAt` follows `knownAt`, and `recorded` is the last event's key. */
export interface Asked {
  readonly knownAt: string;
  readonly validAt?: string;
  readonly recorded?: string;
}

/** Events of one policy, recorded in this order: what they come to at any coordinate. */
export function given(...told: readonly Told[]) {
  const events = told.map(recordedEvent);
  const at = ({ knownAt, validAt = knownAt, recorded }: Asked): Coordinate => ({
    recorded: events.find(({ key }) => key === recorded)?.position ?? position(events.length),
    knownAt: read(knownAt),
    validAt: read(validAt),
  });
  return {
    events,
    asOf: (asked: Asked) => {
      const point = replayedPoint(events, at(asked));
      return {
        state: stateDocument(point.facts.values()),
        uncertain: point.state.uncertain.map(({ field, value, event }) => ({ field, value, event })),
        events: point.inForce,
        seen: (key: string) => point.seen(key),
        standing: (key: string) => point.seen(key)?.standing,
        knownFrom: (key: string) => point.seen(key)?.knownFrom,
      };
    },
    between: (from: Asked, to: Asked): PolicyDifference =>
      differenceBetween(replayedPoint(events, at(from)), replayedPoint(events, at(to))),
  };
}

const read = (text: string): Instant => parseInstant(text) ?? endOfDay(text, ZONE);

function recordedEvent(told: Told, index: number): RecordedEvent {
  const isRecord = /^(record|source)[.]/.test(told.type);
  const parsed = parseEventBody(
    {
      policy: 'harbour-toll',
      occurred: told['publishedAt'],
      publishedAt: told['occurred'],
      summary: 'Something happened.',
      ...(isRecord ? {} : { epistemic: 'confirmed', sources: [SOURCE] }),
      ...(/retracted|corrected/.test(told.type) ? { reason: 'We were wrong.' } : {}),
      ...told,
    },
    ZONE,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  return recordedAs(parsed.body, index);
}

const SOURCE = { publisher: 'Gazette', title: 'Report', publishedAt: '2020-01-01', genre: 'official' };
