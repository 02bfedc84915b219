import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, instant, position } from '#domain';
import { type OpenReadSide, startReadSide } from '../../../../test/support/databases/read-side.js';
import type { ResolvedCoordinate } from '../rows/answers.js';
import { anomaliesAt } from './anomalies/anomalies.js';
import { claimsAt } from './claims/claims.js';
import { figuresAt } from './figures/figures.js';
import { ACTOR_NAMES, COUNTERPARTY_NAMES, FIGURE_NAMES, listByNames } from '../queries/near-names.js';
import { negotiationsAt } from './negotiations.js';
import { eventAt, eventsAt } from '../queries/events/events.js';

let side: OpenReadSide;

beforeAll(async () => {
  side = await startReadSide();
  for (const slug of ['labour-market', 'rumours', 'life', 'told-late', 'one-day', 'no-day', 'talks'])
    await side.register({ slug });
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

describe('a claim', () => {
  const said = (key: string, type: string, more: JsonObject = {}) => ({ key, type, policy: 'rumours', ...more });
  const links = (...named: (readonly [rel: string, to: string])[]) => ({
    links: named.map(([rel, to]) => ({ rel, to })),
  });

  async function standings(at: ResolvedCoordinate): Promise<readonly string[]> {
    const { items } = await claimsAt(side.pool, at, { filter: { policy: 'rumours' }, page: { limit: 100 } });
    return items.map(({ event: key, standing, because }) => [key, standing, ...because].join(' '));
  }

  it('stands as all links in force make it, its own too, and as the gravest says', async () => {
    const begun = await side.record([
      said('boats-fell', 'claim.made'),
      said('boats-rose', 'claim.made', { ...links(['contradicts', 'boats-fell']), occurred: '2024-01-02' }),
      said('counted', 'figure.reported', { ...links(['corroborates', 'boats-fell']), occurred: '2024-01-03' }),
    ]);
    const contested = ['boats-fell contested boats-rose counted', 'boats-rose contested boats-fell'];
    expect(await standings(begun)).toEqual(contested);
    const disputed = await side.record([
      said('spokesman', 'claim.disputed', { ...links(['about', 'boats-fell']), occurred: '2024-01-04' }),
    ]);
    expect(await standings(disputed)).toEqual(['boats-fell disputed spokesman', contested[1]]);
    const retracted = await side.record([
      { key: 'r-rose', type: 'record.retracted', policy: 'rumours', target: 'boats-fell', reason: 'Never said.' },
    ]);
    // What contradicts nothing that is in force is not contradicted.
    expect(await standings(retracted)).toEqual(['boats-rose claimed']);
    expect(await standings({ ...retracted, recorded: begun.recorded })).toEqual(contested);
  });
});

describe('anomalies', () => {
  async function listed(at: ResolvedCoordinate): Promise<readonly string[]> {
    const { items } = await anomaliesAt(side.pool, at, { filter: { policy: 'life' }, page: { limit: 100 } });
    return items.map(({ kind, event: key }) => `${kind} ${key}`);
  }
  const happened = (type: string, occurred: string) => ({
    key: type.replaceAll('.', '-'),
    type,
    policy: 'life',
    occurred,
    publishedAt: occurred,
  });

  it('are no part of the life of a policy in courts and pilots', async () => {
    const now = await side.record([
      happened('policy.announced', '2022-04-14'),
      happened('court.injunction-granted', '2022-06-14'),
      happened('legislation.introduced', '2023-12-07'),
      happened('pilot.launched', '2024-02-01'),
      happened('policy.paused', '2024-03-01'),
      happened('agreement.signed', '2024-04-01'),
      happened('policy.proposed', '2024-05-01'),
    ]);
    expect(await listed(now)).toEqual(['unusual-transition policy-proposed']);
  });

  it('doubt no end of a policy that may have begun at a time not settled', async () => {
    const told = { policy: 'told-late', publishedAt: '2021-01-04' };
    const now = await side.record([
      { key: 'begun', type: 'policy.commenced', ...told, occurred: '[..2021-01-04]' },
      { key: 'over', type: 'policy.ended', ...told, occurred: '2020-12-16', links: [{ rel: 'follows', to: 'begun' }] },
    ]);
    const listing = { filter: { policy: 'told-late' }, page: { limit: 100 } };
    expect((await anomaliesAt(side.pool, now, listing)).items).toEqual([]);
  });

  it('doubt no end of a policy that began at the same moment, and an end before any beginning', async () => {
    const that = { publishedAt: '2024-03-01', occurred: '2024-03-01' };
    const follows = (to: string) => ({ links: [{ rel: 'follows', to }] });
    const oneDay = await side.record([
      { key: 'day-begun', type: 'policy.commenced', policy: 'one-day', ...that },
      { key: 'day-over', type: 'policy.ended', policy: 'one-day', ...that, ...follows('day-begun') },
    ]);
    const noDay = await side.record([
      { key: 'unsaid', type: 'policy.commenced', policy: 'no-day', ...that, status: null },
      { key: 'unbegun', type: 'policy.ended', policy: 'no-day', ...that, ...follows('unsaid') },
    ]);
    const listedOf = async (policy: string, at: ResolvedCoordinate) =>
      (await anomaliesAt(side.pool, at, { filter: { policy }, page: { limit: 100 } })).items.map(({ event }) => event);
    expect(await listedOf('one-day', oneDay)).toEqual([]);
    expect(await listedOf('no-day', noDay)).toEqual(['unbegun']);
  });

  it('list the withdrawal of a source that its event does not have, until it has', async () => {
    const source = { publisher: 'The Paper', title: 'A scoop' };
    const about = { policy: 'life', target: 'pilot-launched' };
    const withdrawn = await side.record([
      { key: 'withdrawn', type: 'source.retracted', ...about, source, reason: 'The paper took it back.' },
    ]);
    const listing = ['source-not-cited withdrawn', 'unusual-transition policy-proposed'];
    expect(await listed(withdrawn)).toEqual(listing);
    const attached = await side.record([
      {
        key: 'attached',
        type: 'source.attached',
        ...about,
        source: { ...source, publishedAt: '2024-02-02', genre: 'news' },
      },
    ]);
    expect(await listed(attached)).toEqual(listing.slice(1));
    expect(await listed({ ...attached, recorded: withdrawn.recorded })).toEqual(listing);
    const undone = await side.record([
      { key: 'detached', type: 'record.retracted', policy: 'life', target: 'attached', reason: 'Not of this event.' },
    ]);
    expect(await listed(undone)).toEqual(listing);
  });
});

describe('an event', () => {
  it('tells the dating in force beside the date that was recorded', async () => {
    const now = await side.record([
      { ...event('vague', 'negotiation.opened', []), policy: 'talks', occurred: '2024', publishedAt: '2025-02-01' },
      { ...event('endless', 'policy.paused', []), policy: 'talks', occurred: '2024-06/..', publishedAt: '2024-01-01' },
      {
        ...event('sharp', 'negotiation.step-taken', [], { links: [{ rel: 'refines-date-of', to: 'vague' }] }),
        policy: 'talks',
        occurred: '2024-05',
        publishedAt: '2025-02-01',
      },
    ]);
    expect(await eventAt(side.pool, now, { event: 'vague' })).toMatchObject({
      occurred: '2024',
      dating: {
        earliest: '2024-04-30T23:00:00.000Z',
        latest: '2024-05-31T22:59:59.999Z',
        settled: '2024-05-31T22:59:59.999Z',
      },
      datedBy: ['sharp'],
    });
    const endless = await eventAt(side.pool, now, { event: 'endless' });
    expect([endless?.['dating'], endless?.['datedBy']]).toEqual([
      { earliest: '2024-05-31T23:00:00.000Z', latest: null, settled: null },
      undefined,
    ]);
  });
});

describe('a name in a filter', () => {
  const page = { limit: 100 };

  it('finds what has it in another normal form, in one row a counterparty', async () => {
    const talks = (key: string, type: string, name: string, occurred: string) => ({
      key,
      type,
      policy: 'talks',
      occurred,
      counterparties: [{ name, kind: 'country' }],
      actors: [{ name: `${name} (ministry)`, kind: 'organisation' }],
    });
    const now = await side.record([
      talks('open', 'negotiation.opened', 'T\u00fcrkiye', '2023-01-01'),
      talks('signed', 'agreement.signed', ' Tu\u0308rkiye  ', '2023-02-01'),
    ]);
    const given = { pool: side.pool, at: now, page };
    const rows = await listByNames(
      { ...given, filter: { counterparty: 'Tu\u0308rkiye ' } },
      COUNTERPARTY_NAMES,
      (filter) => negotiationsAt(side.pool, now, { filter, page }),
    );
    expect(rows.items.map(({ counterparty, stage }) => [counterparty, stage])).toEqual([['T\u00fcrkiye', 'signed']]);
    const acted = await listByNames(
      { ...given, filter: { actor: 'Tu\u0308rkiye (ministry)' } },
      ACTOR_NAMES,
      (filter) => eventsAt(side.pool, now, { filter, order: 'occurred', scope: 'primary', page }),
    );
    expect(acted.items.map(({ key }) => key)).toEqual(['open', 'signed']);
  });

  it('that no row ever had is told the names that are like it, as long as these are on record', async () => {
    const near = async (at: ResolvedCoordinate, measure: string) =>
      (
        await listByNames({ pool: side.pool, at, filter: { measure }, page }, FIGURE_NAMES, (filter) =>
          figuresAt(side.pool, at, { filter, page }),
        )
      ).near;
    const before = await side.record([]);
    const now = await side.record([event('arrivals', 'figure.reported', [figure('boat-arrivals', 5)])]);
    expect(await near(now, 'boats-arrivals')).toEqual(['boat-arrivals']);
    expect(await near(before, 'boats-arrivals')).toBeUndefined();
    expect(await near(now, 'boat-arrivals')).toBeUndefined();
    // A row had the name once, though none has it at the coordinate.
    expect(await near({ ...now, knownAt: instant(0) }, 'boat-arrivals')).toBeUndefined();
    expect(await near(now, 'nothing-like-it')).toBeUndefined();
  });
});
