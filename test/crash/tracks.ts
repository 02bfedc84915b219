import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  type JsonObject,
  type RecordedEvent,
  instant,
  parseEventBody,
  policyStream,
  position,
  revision,
} from '#domain';
import { type AppendRequest, type NewEvent, canonicalJson, revisionOf } from '#event-log';
import { corpusLines } from '../bench/corpus.js';
import { corpus } from '../support/corpus.js';
import { policyRequests } from '../support/one-log.js';
import { type Random, randomFrom } from './random.js';

/** Requests of one policy that are to be appended one after the other: what corrects follows what it corrects. */
export type Track = readonly AppendRequest[];

const LONGEST_RANDOM = 40;
const LONGEST_PLAIN = 160;
const LONGEST_TOGETHER = 3;

/**
 * Policies until they come to so many events, each as one track or, where two writers share its stream, as two.
 *
 * Half have short random series of every kind of event, with equal and vague times, corrections of corrections and
 * retractions; half have longer ones with figures, sources and late news. Keys and ids are the same for a seed, a
 * request has one to three events, and some requests have an idempotency key. A shared stream's tracks both begin with
 * its registration: one of them finds it there. A stream of one writer is appended to at exact revisions.
 */
export function* tracksOf({ events, seed }: { readonly events: number; readonly seed: number }): Generator<Track> {
  const random = randomFrom(seed + 1);
  let made = 0;
  for (let policy = 0; made < events; policy += 1) {
    const slug = `policy-${policy}`;
    const tracks = random.chance(0.3)
      ? [`${slug}-one`, `${slug}-two`].map((author) => shared(seriesOf(author, random), slug))
      : [exact(seriesOf(slug, random))];
    for (const requests of tracks) {
      const track = joined(requests, random).map(named(random));
      made += eventCount(track);
      yield track;
    }
  }
}

const eventCount = (track: Track): number => track.reduce((count, { events }) => count + events.length, 0);

function seriesOf(slug: string, random: Random): Track {
  const seed = random.between(0, 2 ** 30);
  return policyRequests(slug, random.chance(0.5) ? randomSeries(seed) : plainSeries(seed, random));
}

function randomSeries(seed: number): readonly RecordedEvent[] {
  const [made] = fc.sample(corpus({ size: LONGEST_RANDOM }), { numRuns: 1, seed });
  return made?.events ?? [];
}

const plainSeries = (seed: number, random: Random): readonly RecordedEvent[] =>
  [...corpusLines({ events: random.between(20, LONGEST_PLAIN), policies: 1, seed })].slice(1).map((line, index) => {
    const parsed = parseEventBody(JSON.parse(line), 'Europe/London');
    if (!parsed.ok) throw new Error(`The corpus has a line that is no event: ${JSON.stringify(parsed.rejections)}`);
    const { body } = parsed;
    const place = { position: position(index + 2), revision: revision(index + 1), recordedAt: instant(0) };
    return { id: '', key: body.key, type: body.type, ...place, body };
  });

/** The track on another policy's stream. Its registration becomes that policy's. */
const shared = (requests: Track, slug: string): Track =>
  requests.map((request, index) => {
    if (index === 0) return policyRequests(slug, [])[0] ?? request;
    return { ...request, stream: policyStream(slug), events: request.events.map((event) => about(event, slug)) };
  });

function about(event: NewEvent, slug: string): NewEvent {
  const body: JsonObject = JSON.parse(event.body);
  return { ...event, body: canonicalJson({ ...body, policy: slug }) };
}

/** Each at the revision that the one before it has left. */
const exact = (requests: Track): Track =>
  requests.map((request, index) => (index === 0 ? request : { ...request, expected: revisionOf(index - 1) }));

/** Some neighbours as one request, appended together or not at all. */
function joined(requests: Track, random: Random): Track {
  const [registration, ...rest] = requests;
  const together: AppendRequest[] = registration ? [registration] : [];
  while (rest.length > 0) {
    const [first, ...more] = rest.splice(0, random.chance(0.2) ? random.between(2, LONGEST_TOGETHER) : 1);
    if (first) together.push({ ...first, events: [first, ...more].flatMap(({ events }) => events) });
  }
  return together;
}

const named =
  (random: Random) =>
  (request: AppendRequest): AppendRequest => {
    const key = request.events[0]?.key;
    return key !== undefined && random.chance(0.3) ? { ...request, idempotencyKey: `repeat-${key}` } : request;
  };

/** What tells one body from another. */
export const bodyDigest = (body: string): string => createHash('sha256').update(body).digest('base64').slice(0, 16);
