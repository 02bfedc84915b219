import { describe, expect, it } from '@jest/globals';
import { instant } from '#domain';
import { finish } from './pausing-work.js';
import { ChangedSince, propagate } from './since.js';

const since = (keys: Readonly<Record<string, number>>): ChangedSince =>
  new ChangedSince(Object.entries(keys).map(([key, at]) => [key, instant(at)] as const));
const shown = (of: ChangedSince): object => Object.fromEntries(of);

describe('since when events are otherwise', () => {
  it('is the earliest of what is said of each', () =>
    expect(shown(new ChangedSince(since({ a: 5, b: 7 }), since({ a: 3, c: 9 }), since({ a: 4 })))).toEqual({
      a: 3,
      b: 7,
      c: 9,
    }));

  it('answers whether it got any earlier', () => {
    const times = since({ a: 5 });
    expect([times.add('a', instant(5)), times.add('a', instant(6)), times.add('a', instant(4))]).toEqual([
      false,
      false,
      true,
    ]);
    expect([times.add('b', undefined), times.add('b', instant(9))]).toEqual([false, true]);
    expect(times.get('a')).toBe(4);
  });

  it('is forgotten once it is taken', () => {
    const times = since({ a: 5 });
    expect([times.take('a'), times.take('a'), times.get('a')]).toEqual([5, undefined, undefined]);
  });

  it('is said of the neighbours of each, too', () =>
    expect(shown(new ChangedSince(since({ a: 5, b: 3 }).along((key) => (key === 'a' ? ['x', 'y'] : ['y']))))).toEqual({
      x: 5,
      y: 3,
    }));
});

describe('what changes is passed on', () => {
  const dependents: Readonly<Record<string, readonly string[]>> = { a: ['b', 'c'], b: ['d'], c: ['d'], d: ['e'] };

  /** Carries what is stale along; each turns out otherwise from when it was stale on, but those that stay the same. */
  const carry = (stale: ChangedSince, same: readonly string[] = []) => {
    const looked: string[] = [];
    const changed = finish(
      propagate(stale, {
        orderOf: (key) => key.charCodeAt(0),
        renew: (key, at) => {
          looked.push(key);
          return same.includes(key) ? undefined : at;
        },
        dependents: (key) => dependents[key] ?? [],
      }),
    );
    return { looked, changed: shown(changed) };
  };

  it('to all that depends on it, each looked at once and after those on which it depends', () =>
    expect(carry(since({ a: 5 }))).toEqual({
      looked: ['a', 'b', 'c', 'd', 'e'],
      changed: { a: 5, b: 5, c: 5, d: 5, e: 5 },
    }));

  it('no further than it makes a difference', () =>
    expect(carry(since({ a: 5 }), ['b', 'c'])).toEqual({ looked: ['a', 'b', 'c'], changed: { a: 5 } }));

  it('by any way that does', () => expect(carry(since({ a: 5 }), ['b']).changed).toEqual({ a: 5, c: 5, d: 5, e: 5 }));

  it('since the earliest at which anything on the way is otherwise', () =>
    expect(carry(since({ a: 5, c: 2 })).changed).toEqual({ a: 5, b: 5, c: 2, d: 2, e: 2 }));

  it('to nothing where nothing is stale', () => expect(carry(since({}))).toEqual({ looked: [], changed: {} }));
});
