import { describe, expect, it } from '@jest/globals';
import { type Instant, instant } from '#domain';
import { type Pieces, PiecesByKey, cutsFrom, piecesAfter, stretchesOf, valueAt } from './pieces.js';

const at = (...instants: readonly number[]): readonly Instant[] => instants.map(instant);
const pieces = <Value>(...parts: readonly (readonly [number, Value])[]): Pieces<Value> =>
  parts.map(([from, value]) => ({ from: instant(from), value }));

const three = pieces([10, 'a'], [20, 'b'], [30, 'c']);

describe('a value over known time', () => {
  it('is that of the last piece that has begun, and none before the first', () =>
    expect(at(9, 10, 19, 20, 30, 1000).map((one) => valueAt(three, one))).toEqual([
      undefined,
      'a',
      'a',
      'b',
      'c',
      'c',
    ]));

  it('becomes another at the cuts after an instant, which is one itself', () => {
    expect(cutsFrom(instant(10), [three])).toEqual([10, 20, 30]);
    expect(cutsFrom(instant(15), [three, pieces([5, 1], [20, 2], [25, 3])])).toEqual([15, 20, 25, 30]);
    expect(cutsFrom(instant(30), [three])).toEqual([30]);
    expect(cutsFrom(instant(7), [])).toEqual([7]);
  });

  it('is of the pieces that begin after an instant', () => {
    expect(piecesAfter(three, instant(10))).toEqual(three.slice(1));
    expect(piecesAfter(three, instant(9))).toEqual(three);
    expect(piecesAfter(three, instant(30))).toEqual([]);
  });

  it('has stretches over which something is true of it, the last without an end', () => {
    const values = pieces<number | undefined>([10, 1], [20, undefined], [30, 3], [40, 4], [50, 1]);
    const isOdd = (value: number): boolean => value % 2 === 1;
    expect(stretchesOf(values, isOdd)).toEqual([
      { from: 10, to: 20 },
      { from: 30, to: 40 },
      { from: 50, to: Infinity },
    ]);
  });
});

describe('values by key', () => {
  const letters = (): PiecesByKey<string> => {
    const values = new PiecesByKey<string>((one, other) => one === other);
    values.renew('key', at(10, 20, 30), (one) => valueAt(three, one));
    return values;
  };
  const shown = (values: PiecesByKey<string>) => values.of('key').map(({ from, value }) => [from, value]);

  it('are renewed from the first cut on, and answer since when they are others', () => {
    const values = letters();
    expect(values.renew('key', at(20), () => 'x')).toBe(20);
    expect(shown(values)).toEqual([
      [10, 'a'],
      [20, 'x'],
    ]);
  });

  it('are renewed at the later cuts that were there before, too', () => {
    const values = letters();
    expect(values.renew('key', at(15), (one) => (one < 30 ? valueAt(three, one) : 'y'))).toBe(30);
    expect(shown(values)).toEqual([
      [10, 'a'],
      [20, 'b'],
      [30, 'y'],
    ]);
  });

  it('that come out the same answer nothing, and stay the very same', () => {
    const values = new PiecesByKey<{ readonly n: number }>((one, other) => one.n === other.n);
    values.renew('key', at(10), () => ({ n: 1 }));
    const before = values.at('key', instant(10));
    expect(values.renew('key', at(10), () => ({ n: 1 }))).toBeUndefined();
    expect(values.at('key', instant(10))).toBe(before);
  });

  it('of neighbours that are the same become one piece', () => {
    const values = letters();
    values.renew('key', at(10), () => 'a');
    expect(shown(values)).toEqual([[10, 'a']]);
  });

  it('may end, and begin again', () => {
    const values = letters();
    values.renew('key', at(15, 25), (one) => (one < 25 ? undefined : 'z'));
    expect(at(12, 17, 27).map((one) => values.at('key', one))).toEqual(['a', undefined, 'z']);
  });

  it('are none without a cut, or under another key', () => {
    const values = letters();
    expect(values.renew('key', [], () => 'x')).toBeUndefined();
    expect(values.of('other')).toEqual([]);
    expect(values.at('other', instant(20))).toBeUndefined();
  });

  it('know how many pieces there are in all', () => {
    const values = letters();
    values.renew('other', at(10), () => 'a');
    expect(values.size).toBe(4);
    values.renew('key', at(10), () => 'a');
    expect(values.size).toBe(2);
  });
});
