import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { type JsonObject, instant, position } from '#domain';
import { type OpenReadSide, startReadSide } from '../../../../test/support/databases/read-side.js';
import { type Work, explainQueries } from '../../../../test/support/databases/explained-pool.js';
import { actorsAt } from '../read-models/actors.js';
import { anomaliesAt } from '../read-models/anomalies/anomalies.js';
import type { Page, Paged, ResolvedCoordinate } from '../rows/answers.js';
import { claimsAt } from '../read-models/claims/claims.js';
import { figuresAt } from '../read-models/figures/figures.js';
import { negotiationsAt } from '../read-models/negotiations.js';
import { type HistorySlice, historyAt } from '../core/boxes/history.js';
import { positionsAt } from '../read-models/positions.js';
import { sourcesAt } from '../read-models/sources.js';
import { factsOfAll, shownFacts, stateAnswer } from '../core/state.js';
import { storedPromises } from './analysis/promise-sources.js';
import { promisesAt } from './analysis/promises-at.js';
import { storedTurns, turnsAt } from './analysis/turns-at.js';
import { type EventOrder, eventsAt } from './events/events.js';
import { statesAt } from './states.js';
import type { StatesOf } from './states-of.js';

const EVENTS = 420;

/** Policies without events. */
const OTHERS = 60;

let side: OpenReadSide;
let now: ResolvedCoordinate;
let number: number;

const dayOf = (index: number): string =>
  new Date(Date.UTC(2000, 0, 1 + Math.floor(index / 2))).toISOString().slice(0, 10);

const TYPES = [
  'claim.made',
  'position.stated',
  'figure.reported',
  'negotiation.step-taken',
  'policy.ended',
  'policy.commenced',
  'court.challenge-brought',
  'policy.reversed',
];

function bodyOf(index: number): JsonObject {
  const type = TYPES[index % TYPES.length] ?? '';
  return {
    key: `e-${index}`,
    type,
    policy: 'busy',
    occurred: dayOf(index),
    publishedAt: dayOf(index),
    actors: [{ name: `Actor ${index}`, kind: 'organisation', role: `role ${index}` }],
    sources: [{ publisher: `Paper ${index}`, title: 'Report', publishedAt: '2000-01-01', genre: 'news' }],
    ...(type === 'position.stated' ? { stance: index % 2 === 0 ? 'support' : 'oppose' } : {}),
    ...(type === 'negotiation.step-taken'
      ? { counterparties: [{ name: `Land ${index}`, kind: 'country' }], stage: 'talks' }
      : {}),
    ...(type === 'figure.reported'
      ? { figures: [{ measure: `m-${index}`, value: index, comparator: 'exact', unit: 'people', period: '2020' }] }
      : {}),
    ...(type === 'policy.commenced' ? { plannedFor: dayOf(index + 20) } : {}),
    ...(type === 'policy.reversed' && index > TYPES.length ? { undoes: `e-${index - TYPES.length}` } : {}),
    ...(type === 'claim.made' && index > 0 ? { links: [{ rel: 'contradicts', to: `e-${index - TYPES.length}` }] } : {}),
  };
}

type List = (pool: Pool, at: ResolvedCoordinate, page: Page) => Promise<Paged<unknown>>;

const statesFromBoxes =
  (pool: Pool, at: ResolvedCoordinate): StatesOf =>
  async (policies) => {
    const found = await factsOfAll(
      pool,
      policies.map(({ policy }) => policy),
      at,
    );
    return (row) => stateAnswer(row, at, shownFacts(found.get(row.policy) ?? NOTHING));
  };

const NOTHING = { facts: [], uncertain: [], eventCount: 0 };

const filter = { policy: 'busy' };
const events =
  (order: EventOrder): List =>
  (pool, at, page) =>
    eventsAt(pool, at, { order, scope: 'primary', filter, page });

const history =
  (slice: HistorySlice, { ofOne = false, field }: { readonly ofOne?: boolean; readonly field?: string }): List =>
  (pool, at, page) =>
    historyAt(pool, at, {
      filter: { policies: ofOne ? [number] : undefined, field },
      slice,
      withUncertain: !ofOne,
      page,
    });

const lists: Readonly<Record<string, List>> = {
  'policies and their states': (pool, at, page) =>
    statesAt(pool, at, { filter: {}, page, statesOf: statesFromBoxes(pool, at) }),
  'events as they occurred': events('occurred'),
  'events as published': events('published'),
  'events as recorded': events('recorded'),
  figures: (pool, at, page) => figuresAt(pool, at, { filter, page }),
  'figures of all policies': (pool, at, page) => figuresAt(pool, at, { filter: {}, page }),
  claims: (pool, at, page) => claimsAt(pool, at, { filter, page }),
  'contested claims': (pool, at, page) => claimsAt(pool, at, { filter: { ...filter, standing: 'contested' }, page }),
  positions: (pool, at, page) => positionsAt(pool, at, { filter, page }),
  'every position': (pool, at, page) => positionsAt(pool, at, { filter: { ...filter, all: true }, page }),
  negotiations: (pool, at, page) => negotiationsAt(pool, at, { filter, page }),
  actors: (pool, at, page) => actorsAt(pool, at, { filter, page }),
  'actors of all policies': (pool, at, page) => actorsAt(pool, at, { filter: {}, page }),
  sources: (pool, at, page) => sourcesAt(pool, at, { filter, page }),
  promises: (pool, at, page) =>
    promisesAt({ pool, at, source: storedPromises(pool, at, 'busy') }, { filter: {}, page }),
  'promises of all policies': (pool, at, page) =>
    promisesAt({ pool, at, source: storedPromises(pool, at, undefined) }, { filter: {}, page }),
  anomalies: (pool, at, page) => anomaliesAt(pool, at, { filter, page }),
  history: history('none', { ofOne: true }),
  'history of a field': history('none', { ofOne: true, field: 'status' }),
  'history of a field of all policies': history('none', { field: 'status' }),
  'history known at a time': history('knownAt', {}),
};

/** A policy's turns follow from all of its stances, so what is looked at for a page of them is in proportion to these. */
const turns: List = (pool, at, page) =>
  turnsAt({ pool, at, source: storedTurns(pool, at, undefined) }, { filter: {}, page });

beforeAll(async () => {
  side = await startReadSide();
  const others = Array.from({ length: OTHERS }, (_, index) => `other-${index}`);
  for (const slug of ['busy', 'attached', 'quiet', ...others]) await side.register({ slug });
  now = await side.record(Array.from({ length: EVENTS }, (_, index) => bodyOf(index)));
  const { rows } = await side.pool.query<{ policy: number }>("SELECT policy FROM read.policies WHERE slug = 'busy'");
  number = rows[0]?.policy ?? 0;
  await side.pool.query('VACUUM ANALYZE').catch(() => undefined);
}, 60_000);
afterAll(() => side.stop());

/** Every item, page by page. */
async function everyItem(list: List, at: ResolvedCoordinate, { limit, ...sizes }: Page): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    const page = await list(side.pool, at, { limit, ...sizes, ...(after === undefined ? {} : { after }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    after = page.after;
  }
  return items;
}

it('lists turns in small pages as in large ones, at any coordinate', async () => {
  const half = instant(Date.parse(`${dayOf(EVENTS / 2)}T12:00:00Z`));
  for (const at of [now, { ...now, knownAt: half, validAt: half }]) {
    const whole = await everyItem(turns, at, { limit: 1_000 });
    expect(whole.length).toBeGreaterThan(20);
    for (const limit of [1, 17]) expect(await everyItem(turns, at, { limit })).toEqual(whole);
  }
});

describe.each(Object.entries(lists))('the list of %s', (name, list) => {
  it('looks at rows in proportion to its page, wherever the page begins', async () => {
    const work: Work = { rows: 0 };
    const pool = explainQueries(side.pool, work);
    const first = await list(pool, now, { limit: 1 });
    expect(first.items).toHaveLength(1);
    expect(work.rows).toBeLessThan(200);
    const { after } = await list(side.pool, now, { limit: 40 });
    work.rows = 0;
    const later = await list(pool, now, { limit: 1, after: after ?? '' });
    expect(later.items).toHaveLength(1);
    expect(work.rows).toBeLessThan(200);
  });

  it('says the same in small pages as in large ones, at any coordinate', async () => {
    const half = instant(Date.parse(`${dayOf(EVENTS / 2)}T12:00:00Z`));
    for (const at of [
      now,
      { ...now, recorded: position(now.recorded - EVENTS / 2) },
      { ...now, knownAt: half, validAt: half },
    ]) {
      const whole = await everyItem(list, at, { limit: 1_000 });
      expect(whole.length).toBeGreaterThan(20);
      expect(new Set(whole.map((item) => JSON.stringify(item))).size).toBe(whole.length);
      expect(await everyItem(list, at, { limit: 97 })).toEqual(whole);
    }
  });

  it('ends a page early where its items are long together, and says the same', async () => {
    const length = 6_000;
    const whole = await everyItem(list, now, { limit: 1_000 });
    expect(await everyItem(list, now, { limit: 1_000, length })).toEqual(whole);
    const { items } = await list(side.pool, now, { limit: 1_000, length });
    expect(items.length).toBeLessThan(whole.length);
    const longest = Math.max(...whole.map((item) => JSON.stringify(item).length));
    expect(JSON.stringify(items).length).toBeLessThan(length + items.length + longest);
    // One that is too long by itself is a page.
    expect((await list(side.pool, now, { limit: 1_000, length: 1 })).items).toEqual(whole.slice(0, 1));
  });

  it('takes a mark of another list for its beginning', async () => {
    const page = { limit: 2 };
    // Events are listed after any text.
    const [first, strange] = [
      await list(side.pool, now, page),
      await list(side.pool, now, { ...page, after: '["",{"y":1}]' }),
    ];
    if (!name.startsWith('events')) expect(strange).toEqual(first);
  });
});

describe('sources attached to one event', () => {
  it('are a row each, however often the event stands otherwise', async () => {
    const ATTACHED = 30;
    await side.record([
      { key: 'cited', type: 'policy.announced', policy: 'attached' },
      ...Array.from({ length: ATTACHED }, (_, index) => ({
        key: `attached-${index}`,
        type: 'source.attached',
        policy: 'attached',
        target: 'cited',
        occurred: dayOf(index * 2),
        publishedAt: dayOf(index * 2),
        source: { publisher: `Paper ${index}`, title: 'Report', publishedAt: dayOf(index * 2), genre: 'news' },
      })),
    ]);
    const { rows } = await side.pool.query<{ own: number; attached: number }>(
      `SELECT count(*) FILTER (WHERE event = target)::integer AS own, count(*) FILTER (WHERE event <> target)::integer AS attached
        FROM read.sources WHERE target = 'cited'`,
    );
    expect(rows).toEqual([{ own: expect.any(Number), attached: ATTACHED }]);
    expect(rows[0]?.own).toBeLessThan(4 * ATTACHED);
    const at = await side.record([]);
    const { items } = await sourcesAt(side.pool, at, { filter: { policy: 'attached' }, page: { limit: 100 } });
    expect(items).toHaveLength(ATTACHED + 1);
    expect(new Set(items.flatMap((item) => item.events))).toEqual(new Set(['cited']));
  });

  it('tell by whom they were withdrawn, and are gone with what attached them', async () => {
    const about = { policy: 'quiet', target: 'told' };
    const source = { publisher: 'The Paper', title: 'A scoop' };
    await side.record([
      { key: 'told', type: 'policy.announced', policy: 'quiet' },
      {
        key: 'more',
        type: 'source.attached',
        ...about,
        source: { ...source, publishedAt: '2024-01-02', genre: 'news' },
      },
      { key: 'back', type: 'source.retracted', ...about, source, reason: 'The paper took it back.' },
    ]);
    const listed = async (at: ResolvedCoordinate) =>
      (await sourcesAt(side.pool, at, { filter: { policy: 'quiet' }, page: { limit: 100 } })).items.map(
        ({ publisher, events: citing, retractedBy }) => [publisher, citing, retractedBy],
      );
    const before = await side.record([]);
    expect(await listed(before)).toEqual([
      ['Gazette', ['told'], []],
      ['The Paper', ['told'], ['back']],
    ]);
    const undone = await side.record([
      { key: 'undone', type: 'record.retracted', policy: 'quiet', target: 'more', reason: 'Not about this.' },
    ]);
    expect(await listed(undone)).toEqual([['Gazette', ['told'], []]]);
    expect(await listed({ ...undone, recorded: before.recorded })).toHaveLength(2);
  });
});
