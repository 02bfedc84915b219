import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { FOREVER, startOfDay } from '#domain';
import { type FieldEffect, effectsOf } from './effects.js';
import { Ledger } from './ledger.js';

const ZONE = 'Europe/London';
const start = (day: string) => startOfDay(day, ZONE);
const on = (day: string) => ({ occurred: day, publishedAt: day });
const price = (value: number | null) => ({ terms: [{ key: 'price', value }] });

const seven: Told = { key: 'seven', type: 'terms.described', ...on('2024-01-10'), ...price(7) };
const nine: Told = { key: 'nine', type: 'terms.changed', ...on('2024-03-10'), ...price(9) };
const about = (key: string, type: string, day: string, more: object = {}): Told => ({
  key,
  type,
  target: 'nine',
  ...on(day),
  ...more,
});

/** Where the last of the events made values others. */
function effects(...told: readonly Told[]): readonly FieldEffect[] {
  const ledger = new Ledger();
  return (
    given(...told)
      .events.map((event) => effectsOf(ledger.append(event)))
      .at(-1) ?? []
  );
}

const priceBetween = (known: readonly [string, string?], valid: readonly [string, string?]): FieldEffect => ({
  field: 'terms.price',
  known: { from: start(known[0]), to: known[1] === undefined ? FOREVER : start(known[1]) },
  valid: { from: start(valid[0]), to: valid[1] === undefined ? FOREVER : start(valid[1]) },
});

describe('the effects of an event', () => {
  it('are where a field has a value that it had not', () =>
    expect(effects(seven)).toEqual([priceBetween(['2024-01-10'], ['2024-01-10'])]));

  it('are where a field has another value, and not where it has the same', () =>
    expect(effects(seven, nine)).toEqual([priceBetween(['2024-03-10'], ['2024-03-10'])]));

  it('end where the value ends', () =>
    expect(effects(seven, { ...nine, effective: { to: '2024-03-19' } })).toEqual([
      priceBetween(['2024-03-10'], ['2024-03-10', '2024-03-20']),
    ]));

  it('are none where another event says the same', () => expect(effects(seven, { ...nine, ...price(7) })).toEqual([]));

  it('are those of a correction from when it is known, back to when its target began', () =>
    expect(effects(seven, nine, about('c', 'record.corrected', '2024-05-10', { changes: price(8) }))).toEqual([
      priceBetween(['2024-05-10'], ['2024-03-10']),
    ]));

  it('are none of a correction that gives the same value', () =>
    expect(
      effects(seven, nine, about('c', 'record.corrected', '2024-05-10', { changes: { summary: 'Else.' } })),
    ).toEqual([]));

  it('are those of a retraction where what lies under it is another value', () => {
    const retracted = about('r', 'record.retracted', '2024-05-10');
    expect(effects(seven, nine, retracted)).toEqual([priceBetween(['2024-05-10'], ['2024-03-10'])]);
    expect(effects(seven, { ...nine, ...price(7) }, retracted)).toEqual([]);
  });

  it('take an absence that is asserted for the same as nothing', () => {
    expect(effects({ ...seven, ...price(null) })).toEqual([]);
    expect(effects(seven, { ...nine, ...price(null) })).toEqual([priceBetween(['2024-03-10'], ['2024-03-10'])]);
  });

  it('are one for each field, in order of field', () =>
    expect(
      effects({ ...seven, status: 'paused', terms: [...price(7).terms, { key: 'days', value: 'all' }] }).map(
        ({ field }) => field,
      ),
    ).toEqual(['status', 'terms.days', 'terms.price']));

  it('span all parts of a field that changed', () =>
    expect(
      effects(seven, nine, {
        ...seven,
        key: 'eight',
        publishedAt: '2024-06-10',
        effective: { from: '2024-02-10' },
        ...price(8),
      }),
    ).toEqual([priceBetween(['2024-06-10'], ['2024-02-10', '2024-03-10'])]));
});
