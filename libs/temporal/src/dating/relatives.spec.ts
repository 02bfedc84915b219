import { describe, expect, it } from '@jest/globals';
import { BEGINNING, FOREVER, instant } from '#domain';
import { type FollowsOver, addEverRelated, relativesOf } from './relatives.js';

type Ends = readonly [from: number, to: number];
type Links = readonly (readonly [follower: string, followed: string, ...over: readonly Ends[]])[];

const always: Ends = [BEGINNING, FOREVER];
const intervals = (over: readonly Ends[]) => over.map(([from, to]) => ({ from: instant(from), to: instant(to) }));

const along = (links: Links): FollowsOver => ({
  followersOf: (key) => links.filter(([, followed]) => followed === key).map(([follower]) => follower),
  followedBy: (key) => links.filter(([follower]) => follower === key).map(([, followed]) => followed),
  actsOver: (one, other) =>
    links.flatMap(([follower, followed, ...over]) => (follower === one && followed === other ? intervals(over) : [])),
});

/** The relatives of an event, each with the known times over which it is one. */
const relatives = (key: string, links: Links) =>
  Object.fromEntries(
    [...relativesOf(key, along(links))].map(([of, over]) => [of, over.map(({ from, to }) => [from, to])]),
  );

const chain: Links = [
  ['b', 'a', [0, 100]],
  ['c', 'b', [50, 200]],
];

describe('the relatives of an event', () => {
  it('are those that it follows and those that follow it, while the link acts', () =>
    expect(relatives('b', chain)).toEqual({ a: [[0, 100]], c: [[50, 200]] }));

  it('are those through others, while all links on the way act', () => {
    expect(relatives('a', chain)).toEqual({ b: [[0, 100]], c: [[50, 100]] });
    expect(relatives('c', chain)).toEqual({ b: [[50, 200]], a: [[50, 100]] });
  });

  it('are none through links that act at no time together', () =>
    expect(
      relatives('a', [
        ['b', 'a', [0, 50]],
        ['c', 'b', [50, 100]],
      ]),
    ).toEqual({ b: [[0, 50]] }));

  it('are those by any of several ways', () =>
    expect(
      relatives('a', [
        ['b', 'a', [0, 50]],
        ['c', 'b', always],
        ['d', 'a', [100, 150]],
        ['c', 'd', always],
      ]),
    ).toEqual({
      b: [[0, 50]],
      d: [[100, 150]],
      c: [
        [0, 50],
        [100, 150],
      ],
    }));

  it('are not those that merely follow the same', () =>
    expect(
      relatives('b', [
        ['b', 'a', always],
        ['c', 'a', always],
      ]),
    ).toEqual({ a: [always] }));

  it('do not include itself, although the way leads back', () =>
    expect(
      relatives('a', [
        ['b', 'a', [0, 50]],
        ['a', 'b', [0, 50]],
      ]),
    ).toEqual({ b: [[0, 50]] }));
});

describe('the events that were ever related', () => {
  it('are all along the links, whether they act or not, and themselves', () => {
    const links: Links = [
      ['b', 'a'],
      ['c', 'b'],
      ['d', 'c'],
      ['x', 'a'],
    ];
    expect([...addEverRelated(['b'], along(links))].toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect([...addEverRelated(['b', 'x'], along(links))].toSorted()).toEqual(['a', 'b', 'c', 'd', 'x']);
    expect([...addEverRelated(['unlinked'], along(links))]).toEqual(['unlinked']);
  });
});
