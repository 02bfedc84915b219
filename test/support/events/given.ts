import { expect } from '@jest/globals';
import { type Instant, type RecordedEvent, endOfDay, parseEventBody, parseInstant, position } from '#domain';
import { type Coordinate, type PolicyDifference, differenceBetween, replayPoint, stateDocument } from '#temporal';
import { POLICY, decisionAbout } from './decision.js';
import { recordedAs } from './recorded-event.js';

const ZONE = 'Europe/London';

/** An event in its input form, as far as a test says something of it; the rest is filled in. */
export type Told = Readonly<Record<string, unknown>> & { readonly key: string; readonly type: string };

/** A coordinate in a test: days or instants; `validAt` follows `knownAt`, and `recorded` is the last event's key. */
export interface AskedCoordinate {
  readonly knownAt: string;
  readonly validAt?: string;
  readonly recorded?: string;
}

/** What a test says of an answer: only what it names is compared, but that exactly. */
export interface ExpectedAnswer {
  readonly state?: object;
  readonly uncertain?: readonly object[];
  readonly events?: readonly string[];
}

/**
 * Events recorded in this order: what they come to at any coordinate, and what may be recorded next.
 *
 * Answers are about one policy. An event of another policy only makes that policy a registered one.
 */
export function given(...told: readonly Told[]) {
  const events = told.map(recordedEvent);
  const ofPolicy = events.filter(({ body }) => body.policy === POLICY);
  const at = ({ knownAt, validAt = knownAt, recorded }: AskedCoordinate): Coordinate => ({
    recorded: events.find(({ key }) => key === recorded)?.position ?? position(events.length),
    knownAt: read(knownAt),
    validAt: read(validAt),
  });
  return {
    events,
    asOf: (asked: AskedCoordinate) => {
      const point = replayPoint(ofPolicy, at(asked));
      const answer = {
        state: stateDocument(point.facts.values()),
        uncertain: point.state.uncertain.map(({ field, value, event }) => ({ field, value, event })),
        events: point.inForce,
      };
      return {
        ...answer,
        shows: (expected: ExpectedAnswer): void => expect(answer).toEqual({ ...answer, ...expected }),
        event: (key: string) => point.event(key),
        version: (key: string) => point.state.versions.find(({ event }) => event.key === key),
        knownFrom: (key: string) => point.event(key)?.knownFrom,
      };
    },
    /** `then` names every rejection as `code pointer`, in the order of the answer; none means accepted. */
    when: (told: Told) => {
      const parsed = parsedBody(told);
      const found = parsed.ok ? decisionAbout(parsed.body, events) : parsed.rejections;
      return {
        messages: found.map(({ message }) => message),
        then: (...rejections: readonly string[]): void =>
          expect(found.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(rejections),
      };
    },
    between: (from: AskedCoordinate, to: AskedCoordinate): PolicyDifference =>
      differenceBetween(replayPoint(ofPolicy, at(from)), replayPoint(ofPolicy, at(to))),
  };
}

const read = (text: string): Instant => parseInstant(text) ?? endOfDay(text, ZONE);

function recordedEvent(told: Told, index: number): RecordedEvent {
  const parsed = parsedBody(told);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  return recordedAs(parsed.body, index);
}

function parsedBody(told: Told) {
  const isRecord = /^(record|source|operation)[.]/.test(told.type);
  return parseEventBody(
    {
      policy: POLICY,
      occurred: told['publishedAt'],
      publishedAt: told['occurred'],
      summary: 'Something happened.',
      ...(isRecord ? {} : { epistemic: 'confirmed', sources: [SOURCE] }),
      ...(/retracted|corrected/.test(told.type) ? { reason: 'We were wrong.' } : {}),
      ...told,
    },
    ZONE,
  );
}

const SOURCE = { publisher: 'Gazette', title: 'Report', publishedAt: '2020-01-01', genre: 'official' };
