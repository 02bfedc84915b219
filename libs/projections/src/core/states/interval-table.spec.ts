import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WITHOUT_END } from '../../rows/table.js';
import { type StandingRow, StandingRows } from './interval-table.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261128);

/** Few different bounds, so that points fall on them. */
const bound = fc.constantFrom(-WITHOUT_END, 1, 2, 3, 4, 5, WITHOUT_END);
const row = fc.record({
  recordedFrom: fc.integer({ min: 1, max: 5 }),
  recordedTo: fc.constantFrom(3, 5, WITHOUT_END),
  knownFrom: bound,
  knownTo: bound,
  from: bound,
  to: bound,
});
const point = fc.record({
  recorded: fc.integer({ min: 1, max: 6 }),
  known: fc.integer({ min: 0, max: 6 }),
  valid: fc.integer({ min: 0, max: 6 }),
});

const numbered = fc
  .array(fc.record({ row, step: fc.integer({ min: 1, max: 3 }) }), { maxLength: 300, size: 'max' })
  .map((given) =>
    given.reduce<StandingRow<string>[]>((rows, { row: bounds, step }) => {
      const id = (rows.at(-1)?.id ?? 0) + step;
      return [...rows, { ...bounds, id, said: `row ${id}` }];
    }, []),
  );

const spans = (lower: number, upper: number, value: number): boolean => lower <= value && value < upper;

describe('standing rows', () => {
  it('say what stands at a point, also rows that came twice, late, or after a question, and that ended', () => {
    fc.assert(
      fc.property(
        fc.record({
          rows: numbered,
          ended: fc.array(fc.nat(600)),
          late: fc.array(fc.nat(600)),
          asked: fc.array(fc.nat(300)),
          at: point,
        }),
        ({ rows, ended, late, asked, at }) => {
          const standing = new StandingRows<string>();
          rows
            .filter(({ id }) => !late.includes(id))
            .forEach((each, index) => {
              standing.add(each);
              if (asked.includes(index)) standing.standingAt(at);
            });
          for (const each of rows) standing.add(each);
          for (const id of ended) standing.end(id, 2);
          const expected = rows
            .map((each) =>
              ended.includes(each.id) && each.recordedTo === WITHOUT_END ? { ...each, recordedTo: 2 } : each,
            )
            .filter(
              ({ recordedFrom, recordedTo, knownFrom, knownTo, from, to }) =>
                spans(recordedFrom, recordedTo, at.recorded) &&
                spans(knownFrom, knownTo, at.known) &&
                spans(from, to, at.valid),
            )
            .map(({ said }) => said);
          expect(standing.standingAt(at).toSorted()).toEqual(expected.toSorted());
          expect(standing.countAt(at)).toBe(expected.length);
          expect(standing.size).toBe(rows.length);
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });
});
