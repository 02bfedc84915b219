import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, position } from '#domain';
import { type ReadSide, startReadSide } from '../../../test/support/read-side.js';
import type { ResolvedCoordinate } from './answers.js';
import { figuresAt } from './figures/figures.js';

let side: ReadSide;

beforeAll(async () => {
  side = await startReadSide();
  await side.register({ slug: 'labour-market' });
});
afterAll(() => side.stop());

const figure = (measure: string, value: number | null, more: JsonObject = {}) => ({
  measure,
  value,
  comparator: 'exact',
  unit: 'people',
  period: '2023-08',
  ...more,
});

const event = (key: string, type: string, figures: readonly JsonObject[], more: JsonObject = {}) => ({
  key,
  type,
  policy: 'labour-market',
  figures: [...figures],
  ...more,
});

const supersedes = (...keys: string[]) => ({ links: keys.map((to) => ({ rel: 'supersedes', to })) });

/** What the rows of a measure say of each other: `event value supersededBy conflictsWith`. */
async function told(measure: string, at: ResolvedCoordinate): Promise<readonly string[]> {
  const { items } = await figuresAt(side.pool, at, { filter: { measure }, page: { limit: 100 } });
  return items.map((row) =>
    [row.event, row.value, row.supersededBy ?? '-', row.conflictsWith.join('+') || '-'].join(' '),
  );
}

describe('a figure', () => {
  it('is superseded by one for the same measure, period and comparison, and by no other', async () => {
    const first = await side.record([
      event('release', 'figure.reported', [
        figure('rate', 3.8),
        figure('jobs', 187),
        figure('jobs', 9, { period: 'P1M' }),
      ]),
      event('rate-revised', 'figure.revised', [figure('rate', 3.7)], {
        ...supersedes('release'),
        occurred: '2024-01-02',
      }),
      event('other-jobs', 'figure.reported', [figure('jobs', 150, { period: '2023-08-01/2023-08-31' })], {
        occurred: '2024-01-03',
      }),
      event('estimate', 'figure.reported', [figure('jobs', 160, { comparator: 'approx' })], { occurred: '2024-01-04' }),
      event('growth', 'figure.reported', [figure('jobs', 1, { comparedTo: 'preceding P1Y' })], {
        occurred: '2024-01-05',
      }),
    ]);
    expect(await told('rate', first)).toEqual(['release 3.8 rate-revised -', 'rate-revised 3.7 - -']);
    expect(await told('jobs', first)).toEqual([
      'release 187 - other-jobs+estimate',
      'release 9 - -',
      'other-jobs 150 - release',
      'estimate 160 - release',
      'growth 1 - -',
    ]);
    const second = await side.record([
      event(
        'jobs-revised',
        'figure.revised',
        [figure('jobs', 151, { period: '2023-08~' }), figure('jobs', 8, { period: 'P1D' })],
        {
          ...supersedes('release'),
          occurred: '2024-01-06',
        },
      ),
    ]);
    expect(await told('jobs', second)).toEqual([
      'release 187 jobs-revised -',
      'release 9 - -',
      'other-jobs 150 - jobs-revised',
      'estimate 160 - -',
      'growth 1 - -',
      'jobs-revised 151 - other-jobs',
      'jobs-revised 8 - -',
    ]);
    expect(await told('jobs', { ...second, recorded: first.recorded })).toEqual(await told('jobs', first));
  });

  it('is superseded by a withdrawal of everything, and follows what is corrected and retracted at either end', async () => {
    const record = (key: string, type: string, more: JsonObject) => ({
      key,
      type,
      policy: 'labour-market',
      reason: 'Wrong.',
      ...more,
    });
    await side.record([
      event('census', 'figure.reported', [figure('homes', 5), figure('flats', null)]),
      event('taken-back', 'figure.withdrawn', [], supersedes('census')),
    ]);
    const moved = await side.record([
      record('c1', 'record.corrected', {
        target: 'census',
        changes: { figures: [figure('homes', 6, { period: '2022' })] },
      }),
    ]);
    expect(await told('flats', { ...moved, recorded: position(moved.recorded - 1) })).toEqual(['census  taken-back -']);
    expect([await told('homes', moved), await told('flats', moved)]).toEqual([['census 6 taken-back -'], []]);
    const partly = await side.record([
      record('c2', 'record.corrected', { target: 'taken-back', changes: { figures: [figure('homes', 6)] } }),
    ]);
    expect(await told('homes', partly)).toEqual(['census 6 - -', 'taken-back 6 - -']);
    const undone = await side.record([record('r1', 'record.retracted', { target: 'c2' })]);
    expect(await told('homes', undone)).toEqual(['census 6 taken-back -']);
    const gone = await side.record([record('r2', 'record.retracted', { target: 'taken-back' })]);
    expect(await told('homes', gone)).toEqual(['census 6 - -']);
    expect(await told('homes', { ...gone, recorded: undone.recorded })).toEqual(['census 6 taken-back -']);
  });
});
