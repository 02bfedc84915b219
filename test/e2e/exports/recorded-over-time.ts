import fc from 'fast-check';
import type { Pool } from 'pg';
import { instant, parseEventBody, position } from '../../../libs/domain/src/index.js';
import { canonicalJson, createPostgresEventLog } from '../../../libs/event-log/src/index.js';
import { eventsOfPolicy } from '../../../libs/projections/src/core/replay/replay.js';
import { shownFacts } from '../../../libs/projections/src/core/state.js';
import { keysInForce, stateAt } from '../../../libs/temporal/src/index.js';
import type { TimedRequest } from '../../support/databases/timed-log.js';
import { bodyRequest, registrationRequest } from '../../support/events/append-bodies.js';
import { randomLines } from '../../support/events/random-lines.js';
import type { State } from '../reads/answers.js';

/** The zone of the service in tests. */
const ZONE = 'Europe/London';

/** The policies that were recorded over time. */
export const SLUGS = ['old-harbour-toll', 'old-ferry-pact'] as const;

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2024, 1, 1);

/** Random events about two policies, recorded over two years: some at the same instant, some before they were published. */
export function recordedOverTime({
  count,
  seed,
}: {
  readonly count: number;
  readonly seed: number;
}): readonly TimedRequest[] {
  const pauses = fc.sample(fc.oneof(fc.constantFrom(0, 1, 1_000), fc.nat(20 * DAY_MS)), { numRuns: count, seed });
  const registered = SLUGS.map((slug) => ({
    at: BEGIN,
    request: registrationRequest({ slug, title: slug, kind: 'scheme', jurisdiction: 'GB' }),
  }));
  let at = BEGIN;
  const requests: TimedRequest[] = [];
  for (const [index, line] of randomLines({ count, seed }).entries()) {
    at += pauses[index] ?? 0;
    const parsed = parseEventBody(moved(line), ZONE);
    if (parsed.ok) requests.push({ at, request: bodyRequest(parsed.body) });
  }
  return [...registered, ...requests];
}

/** The line about one of these policies, under a key that no other line has. */
const moved = (line: object): unknown =>
  JSON.parse(
    JSON.stringify(line)
      .replaceAll(/"(policy)":"/g, '"$1":"old-')
      .replaceAll(/"(key|to|target)":"random-/g, '"$1":"old-'),
  );

/** What the fold of a policy's events says, all three times at one instant; undefined before its registration. */
export async function foldOf(pool: Pool, slug: string): Promise<(at: number) => string | undefined> {
  const log = createPostgresEventLog({ pool });
  const events = await eventsOfPolicy(log, slug, Infinity);
  const { rows } = await pool.query<{ position: number; at: number }>(
    `SELECT position::float8 AS position, extract(epoch FROM recorded_at)::float8 * 1000 AS at FROM log.events ORDER BY position`,
  );
  await log.close();
  const times = rows.map((row) => ({ ...row, at: Math.round(row.at) }));
  return (at) => {
    const last = times.findLast((each) => each.at <= at);
    if (at < BEGIN || last === undefined) return undefined;
    const state = stateAt(events, { recorded: position(last.position), knownAt: instant(at), validAt: instant(at) });
    const { uncertain } = state;
    const shown = shownFacts({ facts: [...state.facts.values()], uncertain, eventCount: keysInForce(state).length });
    return canonicalJson(shown);
  };
}

/** The part of a state answer that the fold gives. */
export const partOfFold = ({ state, uncertain, eventCount }: State): object => ({ state, uncertain, eventCount });

/** Random instants, and as many on the beginnings, a second after them and just before. */
export function instantsAmong(beginnings: readonly number[], count: number): readonly number[] {
  const [first = BEGIN, last = BEGIN] = [beginnings[0], beginnings.at(-1)];
  const random = fc.sample(fc.integer({ min: first - DAY_MS, max: Math.min(last + DAY_MS, Date.now()) }), {
    numRuns: count,
    seed: count,
  });
  const beside = fc.sample(fc.tuple(fc.constantFrom(...beginnings), fc.constantFrom(-1, 0, 1_000)), {
    numRuns: count,
    seed: count,
  });
  return [...random, ...beside.map(([at, by]) => at + by)];
}
