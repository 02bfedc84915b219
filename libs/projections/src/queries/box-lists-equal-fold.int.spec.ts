import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BEGINNING, FOREVER, type Instant, type Json, type RecordedEvent, instant, isPlan } from '#domain';
import { type PolicyState, stateAt } from '#temporal';
import {
  type RandomPolicies,
  coordinatesOf,
  recordRandomPolicies,
} from '../../../../test/support/databases/random-policies.js';
import type { ResolvedCoordinate } from '../rows/answers.js';
import { type HistoryAnswer, type HistorySlice, historyAt } from '../core/boxes/history.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261130);
const COORDINATES_EACH = 24;
const LIMIT_MS = 60_000;

let policies: RandomPolicies;
beforeAll(async () => {
  policies = await recordRandomPolicies({ policies: 8, eventsEach: 16, seed: SEED });
}, LIMIT_MS);
afterAll(() => policies.stop());
jest.setTimeout(LIMIT_MS);

interface Policy {
  readonly policy: number;
  readonly events: readonly RecordedEvent[];
  readonly coordinates: readonly ResolvedCoordinate[];
}

const eachPolicy = (): readonly Policy[] =>
  [...policies.recorded].map(([policy, events]) => ({
    policy,
    events,
    coordinates: coordinatesOf(policy, events, { count: COORDINATES_EACH, seed: SEED }),
  }));

const instantOf = (text: string | null, open: Instant): Instant => (text === null ? open : instant(Date.parse(text)));

const spans = ({ from, to }: { from: string | null; to: string | null }, at: Instant): boolean =>
  instantOf(from, BEGINNING) <= at && at < instantOf(to, FOREVER);

const covers = (row: HistoryAnswer, { recorded, knownAt, validAt }: ResolvedCoordinate): boolean =>
  row.recorded.from <= recorded &&
  (row.recorded.to ?? FOREVER) > recorded &&
  spans(row.known, knownAt) &&
  spans(row.valid, validAt);

interface Said {
  readonly field: string;
  readonly value: Json;
  readonly event: string;
}

/** What can be compared: a plan that was ended and never made is no history, and in a state no uncertainty. */
const said = (rows: Iterable<Said>): readonly string[] =>
  [...rows]
    .filter(({ field, value }) => value !== null || !isPlan(field))
    .map(({ field, value, event }) => JSON.stringify([field, value, event]))
    .sort();

const folded = ({ facts, uncertain }: PolicyState) => ({ settled: said(facts.values()), uncertain: said(uncertain) });

const shown = (rows: readonly HistoryAnswer[], at: ResolvedCoordinate) => {
  const there = rows.filter((row) => covers(row, at));
  return {
    settled: said(there.filter(({ certainty }) => certainty === 'settled')),
    uncertain: said(there.filter(({ certainty }) => certainty === 'uncertain')),
  };
};

const historyOf = async (
  { policy }: Pick<Policy, 'policy'>,
  at: ResolvedCoordinate,
  slice: HistorySlice,
): Promise<readonly HistoryAnswer[]> =>
  (
    await historyAt(policies.pool, at, {
      filter: { policies: [policy] },
      slice,
      withUncertain: true,
      page: { limit: 5_000 },
    })
  ).items;

describe('the history of fields', () => {
  it('has exactly what the fold gives at every coordinate up to its own', async () => {
    let uncertain = 0;
    for (const each of eachPolicy()) {
      const latest = each.coordinates.reduce((one, other) => (other.recorded > one.recorded ? other : one));
      const rows = await historyOf(each, latest, 'none');
      for (const at of each.coordinates) {
        expect({ at, ...shown(rows, at) }).toEqual({ at, ...folded(stateAt(each.events, at)) });
        uncertain += shown(rows, at).uncertain.length;
      }
      const ended = rows.filter(({ field, value }) => value === null && isPlan(field));
      const made = new Set(rows.filter(({ value }) => value !== null).map(({ field }) => field));
      expect(ended.filter(({ field }) => !made.has(field))).toEqual([]);
    }
    expect(uncertain).toBeGreaterThan(5);
  });

  it.each<[HistorySlice, (at: ResolvedCoordinate, other: ResolvedCoordinate) => ResolvedCoordinate]>([
    ['recordedAt', (at, { knownAt, validAt }) => ({ ...at, knownAt, validAt })],
    ['knownAt', (at, { validAt }) => ({ ...at, validAt })],
    ['validAt', (at, { knownAt }) => ({ ...at, knownAt })],
  ])('in a slice by %s has nothing but what the fold gives in it', async (slice, elsewhereIn) => {
    for (const each of eachPolicy())
      for (const at of each.coordinates.slice(0, 6)) {
        const rows = await historyOf(each, at, slice);
        const points = each.coordinates.map((other) => elsewhereIn(at, other));
        for (const point of points)
          expect({ point, ...shown(rows, point) }).toEqual({ point, ...folded(stateAt(each.events, point)) });
        for (const row of rows) expect(covers(row, inside(row, at, slice))).toBe(true);
      }
  });

  it('of all policies is that of each, by policy, whatever a page holds', async () => {
    const [at] = eachPolicy().at(-1)?.coordinates ?? [];
    if (!at) throw new Error('There is no coordinate.');
    const each = await Promise.all(eachPolicy().map((policy) => historyOf(policy, at, 'none')));
    for (const field of [undefined, 'status', 'terms.price']) {
      const expected = each.flat().filter((row) => field === undefined || row.field === field);
      expect(expected.length).toBeGreaterThan(7);
      const rows: HistoryAnswer[] = [];
      for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
        const page = { limit: 7, ...(after === undefined ? {} : { after }) };
        const some = await historyAt(policies.pool, at, {
          filter: { field },
          slice: 'none',
          withUncertain: true,
          page,
        });
        rows.push(...some.items);
        after = some.after;
      }
      expect(rows).toEqual(expected);
    }
  });
});

/** A point of a row that has the times of a slice. */
const inside = (row: HistoryAnswer, at: ResolvedCoordinate, slice: HistorySlice): ResolvedCoordinate => ({
  ...at,
  knownAt: slice === 'knownAt' ? at.knownAt : within(row.known),
  validAt: slice === 'validAt' ? at.validAt : within(row.valid),
});

const within = ({ from, to }: { from: string | null; to: string | null }): Instant =>
  from === null ? instant(instantOf(to, instant(0)) - 1) : instantOf(from, BEGINNING);
