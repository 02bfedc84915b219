import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { given } from '../../../../test/support/events/given.js';
import { FOREVER, instant } from '#domain';
import { contains } from '../time/coordinate.js';
import { FieldBoxes } from './field-boxes.js';
import type { LiveAssertion } from './live-assertions.js';

type Ends = readonly [from: number, to: number];

const [event] = given({ key: 'event', type: 'policy.announced', occurred: '2024-01-01' }).events;

/** An assertion that weighs as its name says, over stretches of known and valid time. */
function assertion(name: string, [knownFrom, knownTo]: Ends, [from, to]: Ends): LiveAssertion {
  if (!event) throw new Error('One event is one.');
  const valid = { from: instant(from), to: instant(to) };
  const begun = { from: valid.from, to: valid.from };
  return {
    assertion: { field: 'status', value: name, event, valid, uncertain: begun, begun, isVague: false, weight: name },
    content: `${name} ${from} ${to}`,
    known: { from: instant(knownFrom), to: instant(knownTo) },
  };
}

/** The value that wins at a point; the floor is a dash. */
function valueAt(boxes: FieldBoxes, knownAt: number, validAt: number): string {
  const there = [...boxes.cells].filter(
    ({ known, valid }) => contains(known, instant(knownAt)) && contains(valid, instant(validAt)),
  );
  if (there.length !== 1) throw new Error(`${there.length} cells hold one point.`);
  return there[0]?.owner?.assertion.weight ?? '-';
}

/** The values at valid times, one letter each, at a known time. */
const rowAt = (boxes: FieldBoxes, knownAt: number): string =>
  [0, 1, 2, 3, 4, 5].map((validAt) => valueAt(boxes, knownAt, validAt)).join('');

const boxesOf = (...assertions: readonly LiveAssertion[]): FieldBoxes => {
  const boxes = new FieldBoxes();
  for (const each of assertions) boxes.change([], [each]);
  return boxes;
};

describe('the boxes of a field', () => {
  it('are floor everywhere before anything is asserted', () => expect(rowAt(new FieldBoxes(), 0)).toBe('------'));

  it('belong to what is asserted, where it is known and valid', () => {
    const boxes = boxesOf(assertion('a', [1, 3], [2, 4]));
    expect([0, 1, 2, 3].map((knownAt) => rowAt(boxes, knownAt))).toEqual(['------', '--aa--', '--aa--', '------']);
  });

  it('belong to the strongest, whichever came first', () => {
    const [a, b] = [assertion('a', [0, FOREVER], [0, 4]), assertion('b', [1, FOREVER], [2, 6])];
    for (const boxes of [boxesOf(a, b), boxesOf(b, a)])
      expect([0, 1].map((knownAt) => rowAt(boxes, knownAt))).toEqual(['aaaa--', 'aabbbb']);
  });

  it('go back to the strongest that is left', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => assertion(name, [0, FOREVER], [1, 5]));
    if (!a || !b || !c) throw new Error('Three are three.');
    const boxes = boxesOf(a, b, c);
    boxes.change([c], []);
    expect(rowAt(boxes, 0)).toBe('-bbbb-');
    boxes.change([b, a], []);
    expect(rowAt(boxes, 0)).toBe('------');
  });

  it('are given back for a stretch of known time alone', () => {
    const boxes = boxesOf(assertion('a', [0, FOREVER], [0, 6]), assertion('b', [0, 9], [0, 6]));
    boxes.change([assertion('b', [3, 6], [0, 6])], []);
    expect([2, 4, 7].map((knownAt) => rowAt(boxes, knownAt))).toEqual(['bbbbbb', 'aaaaaa', 'bbbbbb']);
  });

  it('are nobody’s where an assertion counts at no time', () => {
    const empty = assertion('a', [0, FOREVER], [3, 3]);
    const boxes = boxesOf(empty);
    expect(rowAt(boxes, 0)).toBe('------');
    expect(boxes.change([empty], [])).toEqual({ removed: [], added: [] });
  });
});

describe('a change of boxes', () => {
  it('names those that went and those that came, and leaves the others alone', () => {
    const boxes = boxesOf(assertion('a', [0, FOREVER], [0, 2]), assertion('b', [0, FOREVER], [4, 6]));
    const { removed, added } = boxes.change([], [assertion('c', [0, FOREVER], [4, 5])]);
    const owners = (cells: typeof removed) => cells.map(({ owner }) => owner?.assertion.value ?? '-');
    expect([owners(removed), owners(added)]).toEqual([['b'], ['c', 'b']]);
  });

  it('is none where one assertion goes and comes again', () => {
    const a = assertion('a', [0, FOREVER], [0, 2]);
    const boxes = boxesOf(a);
    expect(boxes.change([a], [a])).toEqual({ removed: [], added: [] });
  });

  it('is none for what is weaker everywhere', () => {
    const boxes = boxesOf(assertion('b', [0, FOREVER], [0, 6]));
    expect(boxes.change([], [assertion('a', [1, FOREVER], [1, 5])])).toEqual({ removed: [], added: [] });
  });

  it('joins new neighbours of one owner', () => {
    const boxes = boxesOf(assertion('a', [0, FOREVER], [0, 6]));
    const [one, other] = [assertion('b', [0, 4], [0, 6]), assertion('b', [4, FOREVER], [0, 6])];
    expect(boxes.change([], [one, other]).added).toHaveLength(1);
  });

  it('leaves every point to the strongest that is live there', () => {
    const side = fc
      .tuple(fc.nat(5), fc.integer({ min: 1, max: 4 }))
      .map(([from, length]): Ends => [from, from + length]);
    const claims = fc.uniqueArray(
      fc.record({ name: fc.constantFrom(...'abcdefgh'), known: side, valid: side, isRemoved: fc.boolean() }),
      { selector: ({ name }) => name, maxLength: 8 },
    );
    fc.assert(
      fc.property(claims, (found) => {
        const all = found.map(({ name, known, valid, isRemoved }) => ({
          live: assertion(name, known, valid),
          isRemoved,
        }));
        const boxes = boxesOf(...all.map(({ live }) => live));
        for (const { live, isRemoved } of all) if (isRemoved) boxes.change([live], []);
        const left = all.filter(({ isRemoved }) => !isRemoved).map(({ live }) => live);
        for (let knownAt = 0; knownAt < 9; knownAt += 1)
          for (let validAt = 0; validAt < 9; validAt += 1) {
            const there = left.filter(
              ({ known, assertion: { valid } }) =>
                contains(known, instant(knownAt)) && contains(valid, instant(validAt)),
            );
            const strongest = there
              .map(({ assertion: { weight } }) => weight)
              .toSorted()
              .at(-1);
            expect(valueAt(boxes, knownAt, validAt)).toBe(strongest ?? '-');
          }
      }),
      { numRuns: 60 },
    );
  });
});
