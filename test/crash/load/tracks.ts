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
import { corpusLines } from '../../bench/harness/corpus.js';
import { corpus } from '../../support/events/corpus.js';
import { policyRequests } from '../../support/databases/one-log.js';
import { type Random, randomFrom } from './random.js';
import { unkindLines } from './unkind-series.js';

/** Requests of one policy that are to be appended one after the other: what corrects follows what it corrects. */
export type Track = readonly AppendRequest[];

const LONGEST_RANDOM = 40;
const LONGEST_PLAIN = 160;
const LONGEST_TOGETHER = 3;
const SERIES = { random: 43, plain: 43, unkind: 14 } as const;

/**
 * Policies until they come to so many events, each as one track or, where two writers share its stream, as two.
 *
 * Some have short random series of every kind of event, with equal and vague times, corrections of corrections and
 * retractions; some longer ones with figures, sources and late news; some a shape that is unkind to whatever reads it,
 * such as a long chain of retractions or linked events told in the wrong order. Keys and ids are the same for a seed, a
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

const seriesOf = (slug: string, random: Random): Track => policyRequests(slug, eventsOf(random));

function eventsOf(random: Random): readonly RecordedEvent[] {
  const seed = random.between(0, 2 ** 30);
  switch (random.weighted(SERIES)) {
    case 'random':
      return randomSeries(seed);
    case 'plain':
      return parsed(
        [...corpusLines({ events: random.between(20, LONGEST_PLAIN), policies: 1, seed })]
          .slice(1)
          .map((line): unknown => JSON.parse(line)),
      );
    case 'unkind':
      return parsed(unkindLines(random));
  }
}

function randomSeries(seed: number): readonly RecordedEvent[] {
  const [made] = fc.sample(corpus({ size: LONGEST_RANDOM }), { numRuns: 1, seed });
  return made?.events ?? [];
}

const parsed = (lines: readonly unknown[]): readonly RecordedEvent[] =>
  lines.map((line, index) => {
    const read = parseEventBody(line, 'Europe/London');
    if (!read.ok) throw new Error(`A series has a line that is no event: ${JSON.stringify(read.rejections)}`);
    const { body } = read;
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
