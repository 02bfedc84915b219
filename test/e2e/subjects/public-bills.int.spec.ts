import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { List, State } from '../reads/answers.js';
import { type TestApplication, runApplication } from '../running-application.js';
import { publicBills } from './public-bills.js';

interface PromiseRow {
  readonly promise: string;
  readonly state: string;
  readonly because: readonly string[];
  readonly slipDays: { readonly min: number | null; readonly max: number | null } | null;
}

interface FigureRow {
  readonly event: string;
  readonly value: number;
  readonly conflictsWith: readonly string[];
  readonly supersededBy: string | null;
}

let application: TestApplication;

beforeAll(async () => {
  application = await runApplication();
  const answers = await application.importLines(publicBills());
  expect(answers.filter(({ result }) => result === 'rejected')).toEqual([]);
});

afterAll(() => application.stop());

const get = async <Body>(path: string): Promise<Body> => {
  const { status, body } = await application.get<Body>(path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
};

const own = (key: string): string => key.replace(/^(?:river-levy|orchard-census)-act-/, '');

/** Each promise with its state, what it is because of, and how many days it slipped. */
const promisesAt = async (query: string): Promise<readonly string[]> => {
  const { items } = await get<List<PromiseRow>>(`/v1/promises?${query}`);
  return items.map(({ promise, state, because, slipDays }) =>
    [own(promise), state, ...because.map(own), ...(slipDays ? [`${slipDays.min}..${slipDays.max}`] : [])].join(' '),
  );
};

describe('the lives of two public bills', () => {
  it.each([
    ['2019-01-06', undefined, undefined],
    ['2019-03-01', 'legislating', 'introduced'],
    ['2019-06-01', 'legislating', 'committee'],
    ['2019-07-10', 'legislating', 'passed by both houses'],
    ['2019-12-01', 'legislating', 'defeated'],
    ['2020-02-01', 'enacted', 'enacted'],
    ['2022-01-01', 'in-operation', 'commenced'],
    ['2024-04-01', 'ended', 'repealed'],
  ])('on %s, as known then: status %s', async (day, status, stage) => {
    const { state } = await get<State>(`/v1/policies/river-levy-act?knownAt=${day}`);
    expect(state.status).toBe(status);
    expect(state['legal']).toEqual(stage === undefined ? undefined : { 'bill-204': stage });
  });

  it('keep or break their promises, as known at any day', async () => {
    const policy = 'policy=river-levy-act';
    expect(await promisesAt(`${policy}&knownAt=2019-12-31`)).toEqual(['promised pending']);
    expect(await promisesAt(`${policy}&knownAt=2020-01-01`)).toEqual(['promised overdue 1..null']);
    expect(await promisesAt(`${policy}&knownAt=2020-02-01`)).toEqual([
      'promised late enacted 8..null',
      'report-promised pending',
      'target pending',
    ]);
    // What is known now of that day, and what was known before it.
    expect(await promisesAt(`${policy}&validAt=2019-12-31`)).toEqual(['promised pending']);
    expect(await promisesAt(`${policy}&knownAt=2019-12-01&validAt=2020-02-01`)).toEqual(['promised overdue 32..null']);
    expect(await promisesAt(`${policy}&knownAt=2021-07-01&state=due`)).toEqual(['report-promised due']);
    expect(await promisesAt(`${policy}&knownAt=2022-05-01`)).toEqual([
      'promised late enacted 8..null',
      'report-promised replaced report-moved 182..303',
      'target missed target-missed',
      'report-moved overdue 243..334',
    ]);
    expect(await promisesAt(`${policy}&knownAt=2022-06-01&state=late`)).toEqual([
      'promised late enacted 8..null',
      'report-moved late report 253..344',
    ]);
    expect(await promisesAt('policy=orchard-census-act&knownAt=2021-06-01')).toEqual([
      'count-planned dropped withdrawn',
    ]);
    expect(
      await promisesAt('policy=orchard-census-act&knownAt=2021-06-01&without=event:orchard-census-act-withdrawn'),
    ).toEqual(['count-planned overdue 1..31']);
    const { owners } = await get<{ readonly owners: readonly object[] }>('/v1/promises/summary?knownAt=2022-06-01');
    expect(owners).toEqual([
      expect.objectContaining({
        by: 'Department of Waters',
        promises: 3,
        states: expect.objectContaining({ missed: 1, late: 1, replaced: 1 }),
      }),
      expect.objectContaining({
        by: 'Tomas Varga',
        promises: 2,
        states: expect.objectContaining({ late: 1, dropped: 1 }),
      }),
    ]);
    const csv = await application.get<string>('/v1/promises.csv?columns=promise,state,slipDaysMin', {
      accept: 'text/csv',
    });
    expect(String(csv.body).split('\r\n')).toContain('river-levy-act-report-moved,late,253');
  });

  it('turn people, each in the role of the day', async () => {
    const { items } = await get<List<object>>('/v1/turns?knownAt=2023-01-01');
    expect(items).toEqual([
      expect.objectContaining({
        actor: 'Petra Lindqvist',
        kind: 'reversal',
        order: 'certain',
        acknowledged: true,
        days: { min: 230, max: 230 },
        from: expect.objectContaining({ stance: 'oppose', role: 'Chair of the committee' }),
        to: expect.objectContaining({ stance: 'support', role: 'Senate leader' }),
      }),
      expect.objectContaining({ actor: 'Odile Brandt', kind: 'softening', event: 'river-levy-act-governor-relents' }),
    ]);
    expect((await get<List<object>>('/v1/turns?knownAt=2023-01-01&engine=replay')).items).toEqual(items);
    expect((await get<List<object>>('/v1/turns?knownAt=2019-11-03')).items).toEqual([]);
  });

  it('have vintages of figures, and would have others without some', async () => {
    const vintages = async (query: string) =>
      (await get<List<FigureRow>>(`/v1/figures?policy=river-levy-act&${query}`)).items.map(
        ({ value, conflictsWith, supersededBy }) =>
          [value, ...conflictsWith.map(own), ...(supersededBy === null ? [] : ['superseded'])].join(' '),
      );
    expect(await vintages('knownAt=2019-08-01')).toEqual(['120']);
    expect(await vintages('knownAt=2019-10-01')).toEqual([
      '120 superseded',
      '95 other-estimate',
      '180 second-estimate',
    ]);
    expect(await vintages('knownAt=2019-10-01&without=event:river-levy-act-second-estimate')).toEqual([
      '120 other-estimate',
      '180 first-estimate',
    ]);
  });

  it('rest on events and sources, to the promise and the figure', async () => {
    const day = 'knownAt=2020-02-01';
    const enacted = await get<object>(`/v1/impact?event=river-levy-act-enacted&${day}`);
    expect(enacted).toMatchObject({
      falls: ['river-levy-act-enacted'],
      promises: [{ promise: 'river-levy-act-promised', with: 'late', without: 'overdue' }],
      changed: expect.arrayContaining([
        { policy: 'river-levy-act', field: 'status', with: 'enacted', without: 'legislating', why: 'left-out' },
      ]),
    });
    const { changed, promises } = await get<Record<string, unknown>>(
      `/v1/impact?event=river-levy-act-enacted&${day}&engine=replay`,
    );
    expect(enacted).toMatchObject({ changed, promises });
    const columns = `columns=policy,statusEvent&${day}&without=event:river-levy-act-enacted`;
    expect((await get<List<object>>(`/v1/policies?${columns}`)).items).toContainEqual({
      policy: 'river-levy-act',
      statusEvent: 'river-levy-act-overridden',
    });
    const { items } = await get<List<{ readonly id: string; readonly title: string }>>(
      `/v1/sources?publisher=Delta%20Courier&${day}`,
    );
    const id = items.find(({ title }) => title === 'Skippers count more')?.id ?? '';
    expect(await get<object>(`/v1/impact?source=${id}&${day}`)).toMatchObject({
      falls: ['river-levy-act-other-estimate'],
      figures: ['figures.yearly-cost.river-levy-act-other-estimate'],
      conflictsResolved: [['river-levy-act-other-estimate', 'river-levy-act-second-estimate']],
    });
    const across = await get<{ readonly rests: readonly { readonly event: string }[] }>(
      '/v1/impact?event=river-levy-act-commenced',
    );
    expect(across.rests.map(({ event }) => event)).toEqual([
      'river-levy-act-commenced',
      'orchard-census-act-paid-by-levy',
    ]);
    const corrected = await get<object>(
      '/v1/impact?correction=river-levy-act-passed-on-27-june&knownAt=2019-08-01&validAt=2019-06-28',
    );
    expect(corrected).toMatchObject({
      changed: [expect.objectContaining({ with: 'passed by both houses', without: 'committee', why: 'redated' })],
    });
  });
});
