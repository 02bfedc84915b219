import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Instant, type RecordedEvent, instant, position } from '#domain';
import { differenceBetween, keysInForce, replayPoint, stateAt } from '#temporal';
import {
  type RandomPolicies,
  coordinatesOf as coordinatesAmong,
  recordRandomPolicies,
} from '../../../../test/support/databases/random-policies.js';
import type { ResolvedCoordinate } from '../rows/answers.js';
import { PromiseRecordDraft, settlePromises } from '#analysis';
import { storedPromises } from './analysis/promise-sources.js';
import { everyPromise } from './analysis/promises-at.js';
import { TooMuchDiffersError, differences } from '../core/difference.js';
import { factsOfAll, shownFacts } from '../core/state.js';
import { rowsOfPolicy, stretchBeginnings } from '../core/boxes/stretches.js';
import { eventsAt } from './events/events.js';

const POLICIES = Number(process.env['PROPERTY_POLICIES'] ?? 12);
const EVENTS_EACH = 18;
const LISTINGS_EACH = 20;
const COORDINATES_EACH = Number(process.env['PROPERTY_COORDINATES'] ?? 120);
const LATEST = { recorded: position(10_000), recordedAt: null, knownAt: instant(0), validAt: instant(0) };
/** Many coordinates take their time where others are at work. */
const LIMIT_MS = 30_000 + 1_000 * POLICIES;
/** Policies that are not there: with them a question is about a few, or about many. */
const ABSENT = 1_000_000;
const MANY = Array.from({ length: 200 }, (_, index) => ABSENT + index);

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261124);

let policies: RandomPolicies;
let recorded: RandomPolicies['recorded'];
let pool: RandomPolicies['pool'];

beforeAll(async () => {
  policies = await recordRandomPolicies({ policies: POLICIES, eventsEach: EVENTS_EACH, seed: SEED });
  ({ recorded, pool } = policies);
}, LIMIT_MS);

afterAll(() => policies.stop());

const coordinatesOf = (policy: number, events: readonly RecordedEvent[]): readonly ResolvedCoordinate[] =>
  coordinatesAmong(policy, events, { count: COORDINATES_EACH, seed: SEED });

/** Record times for the positions of a policy that lie among its other times, some of them equal. */
function recordTimesAmong(
  policy: number,
  events: readonly RecordedEvent[],
  coordinates: readonly ResolvedCoordinate[],
): ReadonlyMap<number, Instant> {
  const instants = coordinates.map(({ knownAt }) => knownAt).filter(Number.isFinite);
  const places = [policy, ...events.map((event) => event.position)].sort((one, other) => one - other);
  const times = places
    .map((_, index) => instants[index % instants.length] ?? instant(0))
    .sort((one, other) => one - other);
  return new Map(places.map((place, index) => [place, times[index] ?? instant(0)]));
}

jest.setTimeout(LIMIT_MS);

describe('the boxes', () => {
  it('answer as the fold does, at every coordinate tried', async () => {
    for (const [policy, events] of recorded)
      for (const [index, at] of coordinatesOf(policy, events).entries()) {
        const state = stateAt(events, at);
        const folded = {
          at,
          facts: [...state.facts.values()],
          uncertain: state.uncertain,
          eventCount: keysInForce(state).length,
        };
        const few = index % 8 === 0 ? [[policy, ABSENT]] : [];
        for (const asked of [[policy], ...few, [policy, ...MANY]])
          expect({ at, ...(await factsOfAll(pool, asked, at)).get(policy) }).toEqual(folded);
      }
  });

  it('become another answer exactly when the fold does, all three times at the same instant', async () => {
    let [changes, asked] = [0, 0];
    for (const [policy, events] of recorded) {
      const coordinates = coordinatesOf(policy, events);
      const until = instant(Math.max(...coordinates.map(({ knownAt }) => knownAt).filter(Number.isFinite)));
      const times = recordTimesAmong(policy, events, coordinates);
      const timeOf = (at: number): Instant => times.get(at) ?? until;
      const rows = await rowsOfPolicy(pool, policy, LATEST.recorded);
      const beginnings = await stretchBeginnings(rows, { timeOf, until });
      /** What the fold says at an instant; undefined before the registration. */
      const saidAt = (at: Instant): string | undefined => {
        const places = [...times].flatMap(([place, time]) => (time <= at ? [place] : []));
        if (places.length === 0) return undefined;
        const point = { recorded: position(Math.max(...places)), knownAt: at, validAt: at };
        const state = stateAt(events, point);
        return JSON.stringify(
          shownFacts({
            facts: [...state.facts.values()],
            uncertain: state.uncertain,
            eventCount: keysInForce(state).length,
          }),
        );
      };
      for (const beginning of beginnings)
        expect({ policy, beginning, isAnother: saidAt(beginning) !== saidAt(instant(beginning - 1)) }).toEqual({
          policy,
          beginning,
          isAnother: true,
        });
      for (const { knownAt } of coordinates.filter((at) => Number.isFinite(at.knownAt) && at.knownAt <= until)) {
        const began = beginnings.findLast((beginning) => beginning <= knownAt);
        expect({ knownAt, said: saidAt(knownAt) }).toEqual({
          knownAt,
          said: began === undefined ? undefined : saidAt(began),
        });
        asked += 1;
      }
      changes += beginnings.length;
    }
    expect(asked).toBeGreaterThanOrEqual(500);
    expect(changes).toBeGreaterThan(5 * POLICIES);
  });

  it('list events with the records in force about each, as the fold does', async () => {
    const listing = {
      filter: { records: true, retracted: true },
      order: 'occurred',
      scope: 'primary',
      page: { limit: 100 },
    } as const;
    let [attached, corrected] = [0, 0];
    for (const [policy, events] of recorded)
      for (const at of coordinatesOf(policy, events).slice(0, LISTINGS_EACH)) {
        const filter = { ...listing.filter, policy: policies.slugs.get(policy) };
        const { items } = await eventsAt(pool, at, { ...listing, filter });
        const told = items.map(({ key, retractedBy = [], correctedBy = [], attachedSources, withdrawnSources }) => ({
          key,
          retractedBy,
          correctedBy,
          attached: attachedSources?.map(({ by, source: { title } }) => [by, title]) ?? [],
          withdrawn: withdrawnSources?.map(({ by, title }) => [by, title]) ?? [],
        }));
        const folded = stateAt(events, at).versions.map(({ event: { key }, retractedBy, correctedBy, sources }) => ({
          key,
          retractedBy,
          correctedBy,
          attached: sources.flatMap(({ attachedBy, source: { title } }) => (attachedBy ? [[attachedBy, title]] : [])),
          withdrawn: sources.flatMap(({ retractedBy: by, source: { title } }) => (by ? [[by, title]] : [])),
        }));
        expect({ at, events: told }).toEqual({ at, events: folded });
        attached += told.flatMap((event) => event.attached).length;
        corrected += told.flatMap((event) => event.correctedBy).length;
      }
    expect(Math.min(attached, corrected)).toBeGreaterThan(0);
  });

  it('differ between two coordinates as the folds do, reasons and causes included', async () => {
    for (const [policy, events] of recorded) {
      const coordinates = coordinatesOf(policy, events);
      for (let index = 1; index < coordinates.length; index += 4) {
        const [from, to] = [coordinates[index - 1], coordinates[index]];
        if (!from || !to) continue;
        const [found] = await differences(pool, { from, to, policy });
        const expected = differenceBetween(replayPoint(events, from), replayPoint(events, to));
        expect({ from, to, ...(found?.difference ?? { changes: [], added: [], removed: [] }) }).toEqual({
          from,
          to,
          ...expected,
        });
      }
    }
  });

  it('differ in all policies as in each', async () => {
    const numbers = [...recorded.keys()];
    const coordinates = [...recorded].flatMap(([policy, events]) => coordinatesOf(policy, events).slice(0, 8));
    for (const [index, to] of coordinates.entries()) {
      const from = coordinates[(index * 7 + 3) % coordinates.length] ?? to;
      const each = await Promise.all(numbers.map((policy) => differences(pool, { from, to, policy })));
      // A few fields at a time, so that both boxes of one, and the fields of one policy, are to be kept together.
      expect(await differences(pool, { from, to, policy: null, atOnce: 2 })).toEqual(each.flat());
    }
  });

  it('are not compared where too much differs', async () => {
    const late = instant(Date.UTC(2100, 0));
    const [from, to] = [LATEST, { ...LATEST, knownAt: late, validAt: late }];
    const all = await differences(pool, { from, to, policy: null });
    expect(all.flatMap(({ difference }) => difference.changes).length).toBeGreaterThan(3);
    const few = differences(pool, { from, to, policy: null, most: 3 });
    await expect(few).rejects.toBeInstanceOf(TooMuchDiffersError);
  });

  it('settle promises as the fold does, in one policy and in all', async () => {
    let settled = 0;
    for (const [policy, events] of recorded)
      for (const at of coordinatesOf(policy, events).slice(0, LISTINGS_EACH)) {
        const slug = policies.slugs.get(policy) ?? '';
        const { versions, facts } = stateAt(events, at);
        const record = new PromiseRecordDraft();
        record.add({ slug, versions, status: facts.get('status') });
        const expected = settlePromises(record, at.validAt);
        for (const slugs of [slug, undefined]) {
          const promises = await everyPromise(storedPromises(pool, at, slugs), {});
          expect({ at, promises: promises.filter((promise) => promise.policy === slug) }).toEqual({
            at,
            promises: expected,
          });
        }
        settled += expected.filter(({ because }) => because.length > 0).length;
      }
    expect(settled).toBeGreaterThan(1);
  });

  it('never hold one point of a field twice', async () => {
    const { rows } = await pool.query(
      `SELECT a.policy, a.field, a.id, b.id FROM read.boxes a JOIN read.boxes b ON a.policy = b.policy AND a.field = b.field AND a.id < b.id
         AND int8range(a.recorded_from, a.recorded_to) && int8range(b.recorded_from, b.recorded_to)
         AND int8range(a.known_from, a.known_to) && int8range(b.known_from, b.known_to)
         AND int8range(a.valid_from, a.valid_to) && int8range(b.valid_from, b.valid_to)`,
    );
    expect(rows).toEqual([]);
  });
});
