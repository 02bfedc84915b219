import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BEGINNING, FOREVER, instant, position } from '#domain';
import { compareText } from './dated-assertion.js';
import { type Order, orderKey, tieButForPosition } from './order-key.js';

const order = (more: Partial<Order> = {}): Order => ({
  orderedAt: instant(100),
  earliest: instant(100),
  settled: instant(100),
  rank: 1,
  knownFrom: instant(100),
  ordinal: 1,
  position: position(10),
  ...more,
});

/** The parts of a key, the strongest first, each with a lesser and a greater value. */
const PARTS: readonly (readonly [keyof Order, Partial<Order>, Partial<Order>])[] = [
  ['orderedAt', { orderedAt: instant(99) }, { orderedAt: instant(101) }],
  ['earliest', { earliest: instant(99) }, { earliest: instant(101) }],
  ['settled', { settled: instant(99) }, { settled: instant(101) }],
  ['rank', { rank: 0 }, { rank: 2 }],
  ['knownFrom', { knownFrom: instant(99) }, { knownFrom: instant(101) }],
  ['ordinal', { ordinal: 0 }, { ordinal: 2 }],
  ['position', { position: position(9) }, { position: position(11) }],
];

describe('the key that orders assertions', () => {
  it.each(PARTS)('grows with %s', (_part, less, more) => {
    expect(orderKey(order(less)) < orderKey(order())).toBe(true);
    expect(orderKey(order()) < orderKey(order(more))).toBe(true);
  });

  it.each(PARTS.map(([part, less], index) => [part, less, PARTS.slice(index + 1)] as const))(
    'is decided by %s before all that comes after it',
    (_part, less, after) => {
      const greater = Object.assign({}, ...after.map(([, , more]) => more));
      expect(orderKey(order({ ...greater, ...less })) < orderKey(order())).toBe(true);
    },
  );

  it('has the same length for every order, so that it compares byte by byte', () => {
    const lengths = [
      order(),
      order({ orderedAt: BEGINNING, earliest: BEGINNING, settled: FOREVER, position: position(2 ** 53 - 1) }),
      order({ rank: 2 ** 32 - 1, ordinal: 2 ** 53 - 1 }),
    ].map((one) => orderKey(one).length);
    expect(new Set(lengths)).toEqual(new Set([92]));
  });

  it('puts open ends before and after every date, and dates before 1970 before those after', () => {
    const instants = [
      BEGINNING,
      instant(Date.UTC(1, 0)),
      instant(-1),
      instant(0),
      instant(Date.UTC(9999, 11)),
      FOREVER,
    ];
    const keys = instants.map((orderedAt) => orderKey(order({ orderedAt })));
    expect(keys.toSorted()).toEqual(keys);
    expect(new Set(keys).size).toBe(instants.length);
  });

  it('compares as the numbers do', () => {
    const number = fc.integer({ min: -(2 ** 50), max: 2 ** 50 }).map(instant);
    fc.assert(
      fc.property(number, number, (one, other) => {
        const [left, right] = [one, other].map((orderedAt) => orderKey(order({ orderedAt })));
        expect(compareText(left ?? '', right ?? '')).toBe(Math.sign(one - other));
      }),
    );
  });
});

describe('two keys', () => {
  it('tie where they differ in nothing but the position', () => {
    expect(tieButForPosition(orderKey(order()), orderKey(order({ position: position(2 ** 50) })))).toBe(true);
    expect(tieButForPosition(orderKey(order()), orderKey(order()))).toBe(true);
  });

  it.each(PARTS.filter(([part]) => part !== 'position'))('do not tie where they differ in %s', (_part, less) =>
    expect(tieButForPosition(orderKey(order()), orderKey(order(less)))).toBe(false),
  );
});
