import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  BEGINNING,
  FOREVER,
  type Instant,
  type Json,
  type RecordedEvent,
  instant,
  isPlan,
  position,
  formatInstant,
  precisionOf,
} from '#domain';
import { type PolicyState, stateAt } from '#temporal';
import {
  type RandomPolicies,
  coordinatesOf,
  recordRandomPolicies,
} from '../../../../test/support/databases/random-policies.js';
import type { Page, Paged, ResolvedCoordinate } from '../rows/answers.js';
import { factRowsAt } from '../core/boxes/fact-rows.js';
import { flatValue } from '#tables';
import { type HistoryAnswer, type HistorySlice, historyAt } from '../core/boxes/history.js';
import { describeRows } from '../core/described-rows.js';
import { showAs } from '../rows/steps.js';
import { type SeriesAxis, type SeriesRowAnswer, seriesAt } from '../core/boxes/series.js';

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

describe('a series', () => {
  const timeOn = (at: ResolvedCoordinate, axis: SeriesAxis): number =>
    axis === 'recorded' ? at.recorded : axis === 'known' ? at.knownAt : at.validAt;

  const spansOf = (row: SeriesRowAnswer, axis: SeriesAxis): readonly [number, number] =>
    axis === 'recorded'
      ? [row.fromPosition ?? NaN, row.toPosition ?? Infinity]
      : [instantOf(row.from, BEGINNING), instantOf(row.to, FOREVER)];

  it.each<[SeriesAxis, (at: ResolvedCoordinate, other: ResolvedCoordinate) => ResolvedCoordinate]>([
    ['valid', (at, { validAt }) => ({ ...at, validAt })],
    ['known', (at, { knownAt }) => ({ ...at, knownAt: earlier(knownAt, at.knownAt) })],
    ['recorded', (at, { recorded }) => ({ ...at, recorded: earlier(recorded, at.recorded) })],
  ])('along %s time has what the fold gives, each value once', async (axis, along) => {
    let stretches = 0;
    for (const { policy, events, coordinates } of eachPolicy())
      for (const at of coordinates.slice(0, 6)) {
        const listing = { filter: { policies: [policy] }, axis, page: { limit: 5_000 } };
        const { items } = await seriesAt(policies.pool, at, listing);
        for (const other of coordinates) {
          const point = along(at, other);
          const there = items.filter((row) => {
            const [from, to] = spansOf(row, axis);
            return from <= timeOn(point, axis) && timeOn(point, axis) < to;
          });
          const { facts } = stateAt(events, point);
          expect({ point, rows: said(there) }).toEqual({ point, rows: said(facts.values()) });
        }
        for (const [index, row] of items.entries()) {
          const next = items[index + 1];
          if (next?.field !== row.field) continue;
          const [[, to], [from]] = [spansOf(row, axis), spansOf(next, axis)];
          expect(to).toBeLessThanOrEqual(from);
          if (to === from) expect([row.event, row.value]).not.toEqual([next.event, next.value]);
        }
        stretches += items.length;
        const small = await inSmallPages((page) => seriesAt(policies.pool, at, { ...listing, page }));
        expect(small).toEqual(items);
      }
    expect(stretches).toBeGreaterThan(10);
  });
});

describe('the table of facts', () => {
  it('has the state that the fold gives, and what is uncertain in it', async () => {
    let uncertain = 0;
    for (const { policy, events, coordinates } of eachPolicy())
      for (const at of coordinates) {
        const filter = { policies: [policy] };
        const { items } = await factRowsAt(policies.pool, at, { filter, page: { limit: 5_000 } });
        const state = stateAt(events, at);
        const expected = [
          ...[...state.facts.values()].flatMap(({ field, value, event, valid: { from, to } }) =>
            value === null ? [] : [{ field, ...flatValue(value), event, from, to, isUncertain: false }],
          ),
          ...state.uncertain.map(({ field, value, event, from, settled }) => ({
            ...{ field, ...flatValue(value), event, from, to: settled, isUncertain: true },
          })),
        ];
        const rows = items.map(({ field, valueText, valueNumber, unit, event, validFrom, validTo, isUncertain }) => ({
          ...{ field, valueText, valueNumber, unit, event, isUncertain },
          ...{ from: instantOf(validFrom, BEGINNING), to: instantOf(validTo, FOREVER) },
        }));
        expect({ at, rows: sorted(rows) }).toEqual({ at, rows: sorted(expected) });
        uncertain += items.filter(({ isUncertain }) => isUncertain).length;
      }
    expect(uncertain).toBeGreaterThan(5);
  });

  it('is the same in small pages, filtered or not', async () => {
    const [late, latest] = [instant(90), [...policies.recorded.values()].flat().length + policies.recorded.size];
    const at = { recorded: position(latest), recordedAt: null, knownAt: late, validAt: late };
    const whole = (await factRowsAt(policies.pool, at, { filter: {}, page: { limit: 5_000 } })).items;
    expect(whole.length).toBeGreaterThan(5);
    for (const filter of [{}, { group: 'terms' }, { field: 'status' }])
      expect(await inSmallPages((page) => factRowsAt(policies.pool, at, { filter, page }))).toEqual(
        whole.filter(({ field, group }) => field === (filter.field ?? field) && group === (filter.group ?? group)),
      );
  });
});

describe('what rows tell of their events', () => {
  it('is what the fold tells of them', async () => {
    let withdrawn = 0;
    for (const { policy: number, events, coordinates } of eachPolicy())
      for (const at of coordinates) {
        const policy = policies.slugs.get(number) ?? '';
        const { versions } = stateAt(events, at);
        const rows = versions.map(({ event: { key } }) => ({ policy, event: key }));
        const { items } = await describeRows(
          policies.pool,
          at,
          showAs((row: (typeof rows)[number]) => row),
        )(rows);
        expect({ at, items }).toEqual({
          at,
          items: versions.map(({ event: { key }, body, earliest, latest, sources }) => {
            const [first] = sources.flatMap(({ source, retractedBy }) => (retractedBy === undefined ? [source] : []));
            if (first === undefined) withdrawn += 1;
            return {
              policy,
              event: key,
              occurred: body.occurred.edtf,
              occurredFrom: Number.isFinite(earliest) ? formatInstant(earliest) : null,
              occurredTo: Number.isFinite(latest) ? formatInstant(latest) : null,
              occurredPrecision: precisionOf(body.occurred.edtf),
              publishedAt: body.publishedAt.text,
              policyTitle: policy,
              source: first ? { publisher: first.publisher, title: first.title, url: first.url ?? null } : null,
            };
          }),
        });
      }
    expect(withdrawn).toBeGreaterThan(0);
  });
});

const earlier = <Time extends number>(one: Time, other: Time): Time => (one < other ? one : other);

const sorted = (rows: readonly object[]): readonly object[] =>
  [...rows].sort((one, other) =>
    JSON.stringify(Object.entries(one).sort()) < JSON.stringify(Object.entries(other).sort()) ? -1 : 1,
  );

async function inSmallPages<Row>(list: (page: Page) => Promise<Paged<Row>>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    const page = await list({ limit: 3, ...(after === undefined ? {} : { after }) });
    rows.push(...page.items);
    after = page.after;
  }
  return rows;
}

/** A point of a row that has the times of a slice. */
const inside = (row: HistoryAnswer, at: ResolvedCoordinate, slice: HistorySlice): ResolvedCoordinate => ({
  ...at,
  knownAt: slice === 'knownAt' ? at.knownAt : within(row.known),
  validAt: slice === 'validAt' ? at.validAt : within(row.valid),
});

const within = ({ from, to }: { from: string | null; to: string | null }): Instant =>
  from === null ? instant(instantOf(to, instant(0)) - 1) : instantOf(from, BEGINNING);
