import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenReadSide, startReadSide } from '../../../../../test/support/databases/read-side.js';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import type { PolicyRow } from '../../core/descriptions.js';
import { statesAt } from '../states.js';
import { stateAnswer } from '../../core/state.js';
import { eventsAt } from './events.js';

const PAGE = { limit: 100 };

let side: OpenReadSide;
let now: ResolvedCoordinate;

beforeAll(async () => {
  side = await startReadSide();
  await side.register({ slug: 'treaty', title: 'The “Rwanda”–UK Treaty', aliases: ['kigali-plan'] });
  await side.register({ slug: 'appeal', title: 'Va\u0301squez’s Appeals, 1,500 of them' });
  const event = (key: string, body: object): { key: string; type: string; policy: string } => ({
    key,
    type: 'policy.announced',
    policy: 'treaty',
    ...body,
  });
  await side.record(
    [event('private', { note: 'Secret', actors: [{ name: 'Jane Roe', kind: 'person', private: true }] })],
    { isErased: true },
  );
  now = await side.record([
    event('quoted', { summary: 'The minister defended the “Rwanda” plan.' }),
    event('possessive', { summary: 'It was Rwanda’s own offer.' }),
    event('dashed', { summary: 'The UK–Rwanda treaty.' }),
    event('plain', { summary: 'The Rwanda plan.', note: 'Stopped by the judges / Рада' }),
    event('costs', {
      summary: 'It costs £700m, or £290 million a year; 1,500 people.',
      actors: [{ name: 'Ana Ruiz', kind: 'person', onBehalfOf: 'Ministerstwo Spraw Wewnętrznych, Łódź' }],
    }),
    event('accented', {
      summary: 'Mr Vásquez objected.',
      actors: [{ name: 'Ministerstwo Spraw Wewnętrznych, Łódź', kind: 'organisation' }],
      sources: [{ publisher: 'Le Figaro', title: 'L’accord «caduc»', publishedAt: '2024-01-01', genre: 'news' }],
    }),
    event('attached', {
      type: 'source.attached',
      target: 'plain',
      source: { publisher: 'Gazette', title: 'Kigali’s answer', publishedAt: '2024-01-01', genre: 'news' },
    }),
  ]);
});
afterAll(() => side.stop());

describe('a list of events by their keys', () => {
  it.each<[string, object, readonly string[]]>([
    ['those that there are', { keys: ['plain', 'dashed', 'nothing'] }, ['dashed', 'plain']],
    ['among other filters', { keys: ['plain', 'dashed'], q: 'judges' }, ['plain']],
    ['none of no keys', { keys: [] }, []],
  ])('has %s', async (_, filter, keys) => {
    const { items } = await eventsAt(side.pool, now, { filter, order: 'recorded', scope: 'primary', page: PAGE });
    expect(items.map(({ key }) => key)).toEqual(keys);
  });
});

describe('a search of events', () => {
  it.each([
    ['Rwanda', ['quoted', 'possessive', 'dashed', 'plain']],
    ['rwanda’s', ['quoted', 'possessive', 'dashed', 'plain']],
    ['UK–Rwanda', ['dashed']],
    ['"rwanda plan" -minister', ['plain']],
    ['“rwanda plans” -“own offer”', ['quoted', 'plain']],
    ['offers OR treaties', ['possessive', 'dashed']],
    ['Vasquez', ['accented']],
    ['Va\u0301squez', ['accented']],
    ['lodz', ['accented']],
    ['accord caduc', ['accented']],
    ['judge', ['plain']],
    ['РАДА', ['plain']],
    ['kigali', ['plain']],
    ['kigali judges', ['plain']],
    ['rwanda -kigali', ['quoted', 'possessive', 'dashed']],
    ['"Gazette Kigali’s answer" or treaty', ['dashed', 'plain']],
    ['kigali treaty', []],
    ['£700m', ['costs']],
    ['700', ['costs']],
    ['"€290 million"', ['costs']],
    ['290m', ['costs']],
    ['1500', ['costs']],
    ['1,500', ['costs']],
    ['150', []],
    ['secret', []],
    ['erased', []],
    ['jane', []],
    ['–', []],
  ])('for %s finds %j', async (q, keys) => {
    const found = await eventsAt(side.pool, now, { filter: { q }, order: 'recorded', scope: 'primary', page: PAGE });
    expect(found.items.map(({ key }) => key)).toEqual(keys);
  });
});

describe('events of an actor', () => {
  it.each([
    ['those where it acts', undefined, ['accented']],
    ['also those where others act on its behalf, if asked for', true, ['costs', 'accented']],
  ])('are %s', async (_, affiliated, keys) => {
    const filter = { actor: 'Ministerstwo Spraw Wewnętrznych, Łódź', affiliated };
    const found = await eventsAt(side.pool, now, { filter, order: 'recorded', scope: 'primary', page: PAGE });
    expect(found.items.map(({ key }) => key)).toEqual(keys);
  });
});

describe('a search of policies', () => {
  it.each([
    ['rwanda uk', ['treaty']],
    ['“RWAN', ['treaty']],
    ['treaties', ['treaty']],
    ['kigali-plans', ['treaty']],
    ['vásquez', ['appeal']],
    ['vasquez’s appeal', ['appeal']],
    ['1500', ['appeal']],
    ['1,500 treaty', []],
    ['–', []],
  ])('for %s finds %j', async (q, slugs) => {
    const statesOf = () =>
      Promise.resolve((policy: PolicyRow) => stateAnswer(policy, now, { state: {}, uncertain: [], eventCount: 0 }));
    const found = await statesAt(side.pool, now, { filter: { q }, page: PAGE, statesOf });
    expect(found.items.map(({ policy }) => policy)).toEqual(slugs);
  });
});
