import { describe, expect, it } from '@jest/globals';
import { type Follows, type Neighbour, followGraphOf, neighboursAmong } from './follow-graph.js';

const follows = (links: Readonly<Record<string, readonly string[]>>): Follows => new Map(Object.entries(links));
const nothing = (of: Follows): ReadonlyMap<string, null> => new Map([...of.keys()].map((key) => [key, null]));

/** What one pass looks at: each event with what it was given. */
const seenGoing = (way: 'up' | 'down', links: Follows): readonly string[] => {
  const seen: string[] = [];
  const graph = followGraphOf(links);
  const named = new Map([...links.keys()].map((key) => [key, key]));
  graph[way](named, (key, neighbours: readonly Neighbour<string>[]) => {
    seen.push(`${key}(${neighbours.map(({ value }) => value).join(' ')})`);
    return key;
  });
  return seen;
};

const chain = follows({ a: [], b: ['a'], c: ['b'] });
const diamond = follows({ a: [], b: ['a'], c: ['a'], d: ['c', 'b'] });

describe('going up along follows', () => {
  it('looks at each event after all that it follows, in the order of its links', () => {
    expect(seenGoing('up', chain)).toEqual(['a()', 'b(a)', 'c(b)']);
    expect(seenGoing('up', diamond).toSorted()).toEqual(['a()', 'b(a)', 'c(a)', 'd(c b)']);
    expect(seenGoing('up', diamond).at(-1)).toBe('d(c b)');
  });

  it('does so although the follower comes first', () =>
    expect(seenGoing('up', follows({ c: ['b'], b: ['a'], a: [] }))).toEqual(['a()', 'b(a)', 'c(b)']));

  it('gives each the values that those came to', () => {
    const depth = followGraphOf(diamond).up(nothing(diamond), (_none, below: readonly Neighbour<number>[]) =>
      Math.max(0, ...below.map(({ value }) => value + 1)),
    );
    expect(Object.fromEntries(depth)).toEqual({ a: 0, b: 1, c: 1, d: 2 });
  });
});

describe('going down along follows', () => {
  it('looks at each event after all that follow it', () => {
    expect(seenGoing('down', chain)).toEqual(['c()', 'b(c)', 'a(b)']);
    expect(seenGoing('down', diamond).at(-1)).toBe('a(b c)');
  });

  it('leaves out what has no value', () =>
    expect([
      ...followGraphOf(chain)
        .down(new Map([['a', 1]]), (value) => value)
        .keys(),
    ]).toEqual(['a']));
});

describe('a long or circular way', () => {
  const LENGTH = 20_000;
  const long = follows(
    Object.fromEntries(
      Array.from({ length: LENGTH }, (_each, index) => [`e${index}`, index === 0 ? [] : [`e${index - 1}`]]),
    ),
  );

  it('is gone as far as it leads', () => {
    const last = `e${LENGTH - 1}`;
    const rank = (_none: null, below: readonly Neighbour<number>[]): number => (below[0]?.value ?? 0) + 1;
    expect(followGraphOf(long).up(nothing(long), rank).get(last)).toBe(LENGTH);
    expect(followGraphOf(long).down(nothing(long), rank).get('e0')).toBe(LENGTH);
  });

  it('ends, and is the same each time, where it leads back', () => {
    const circle = follows({ a: ['c'], b: ['a'], c: ['b'] });
    const seen = seenGoing('up', circle);
    expect(seen.map((one) => one[0]).toSorted()).toEqual(['a', 'b', 'c']);
    expect(seenGoing('up', circle)).toEqual(seen);
  });
});

describe('the neighbours among some events', () => {
  it('are those that have a value, in the order asked for', () =>
    expect(
      neighboursAmong(
        new Map([
          ['a', 1],
          ['c', 3],
        ]),
        ['c', 'b', 'a'],
      ),
    ).toEqual([
      { key: 'c', value: 3 },
      { key: 'a', value: 1 },
    ]));
});
