import { describe, expect, it } from '@jest/globals';
import { openWallClock } from '../time/wall-time.js';
import { drawFigures, nameFigure } from './draw-figures.js';
import { type FigureClaim, layOutFigures, layOutVintages } from './lay-out-figures.js';

const at = (text: string): number => Date.parse(text);
const YEAR = { from: at('2024-01-01'), to: at('2025-01-01') - 1 };
const plot = { window: { from: at('2024-01-01'), to: at('2026-01-01'), width: 731 }, clock: openWallClock('UTC') };

const claim = (event: string, value: number | null, more: Partial<FigureClaim> = {}): FigureClaim => ({
  event,
  measure: 'asylum-claims',
  unit: 'people',
  words: `${value ?? 'many'} people`,
  comparator: 'exact',
  value,
  low: value,
  high: value,
  period: YEAR,
  periodWords: '2024',
  claimedBy: ['Home Office'],
  epistemic: 'confirmed',
  knownFrom: at('2025-02-27'),
  supersededBy: null,
  conflictsWith: [],
  ...more,
});

describe('figures', () => {
  it('have a panel for each measure and unit, and a mark for each claim over its period', () => {
    const panels = layOutFigures([claim('a', 108_138), claim('b', 104_764), claim('c', 5, { unit: 'percent' })], plot);
    expect(panels.map(({ unit, marks }) => [unit, marks.length])).toEqual([
      ['people', 2],
      ['percent', 1],
    ]);
    expect(panels[0]?.marks.map(({ claim: { event }, left, right }) => [event, left, Math.round(right)])).toEqual([
      ['a', 0, 366],
      ['b', 0, 366],
    ]);
    const [less, more] = panels[0]?.marks ?? [];
    expect(less?.value).toBeLessThan(more?.value ?? 0);
  });

  it('list what has no number or no place in the calendar', () => {
    const claims = [
      claim('a', 1),
      claim('yearly', 63, { period: null }),
      claim('vague', null, { comparator: 'vague' }),
    ];
    const [panel] = layOutFigures(claims, plot);
    expect(panel?.marks.map((mark) => mark.claim.event)).toEqual(['a']);
    expect(panel?.unplaced.map(({ event }) => event)).toEqual(['yearly', 'vague']);
  });

  it('point where the true value may lie, and show the bounds that a claim gives', () => {
    const claims = [
      claim('least', 30, { comparator: 'at-least', high: null }),
      claim('most', 30, { comparator: 'at-most', low: null }),
      claim('about', 30, { comparator: 'approx', low: 27, high: 33 }),
    ];
    const [panel] = layOutFigures(claims, plot);
    expect(panel?.marks.map(({ arrow, low, value, high }) => [arrow, low > value, high < value])).toEqual([
      ['up', false, false],
      ['down', false, false],
      ['none', true, true],
    ]);
  });

  it('join a claim with what superseded it, and with what it conflicts with, once', () => {
    const claims = [
      claim('first', 108, { supersededBy: 'revised' }),
      claim('revised', 107, { conflictsWith: ['other', 'elsewhere'] }),
      claim('other', 90, { conflictsWith: ['revised'] }),
      claim('elsewhere', 90, { period: { from: at('2025-01-01'), to: at('2025-12-31') } }),
    ];
    const [panel] = layOutFigures(claims, plot);
    expect(panel?.joins.map(({ kind, from, to }) => [kind, from.claim.event, to.claim.event])).toEqual([
      ['superseded', 'first', 'revised'],
      ['conflict', 'revised', 'other'],
    ]);
  });

  it('draw what is superseded hollow, and never a line through claims', () => {
    const claims = [claim('a', 100, { supersededBy: 'b' }), claim('b', 101), claim('c', 99)];
    const [panel] = layOutFigures(claims, plot);
    if (!panel) throw new Error('no panel');
    const { shapes } = drawFigures(panel, String);
    const marks = shapes.filter(({ kind, name }) => kind === 'box' && name !== undefined);
    expect(marks.map(({ isHollow, name }) => [isHollow ?? false, name?.split(' ')[0]])).toEqual([
      [false, '101'],
      [true, '100'],
      [false, '99'],
    ]);
    expect(shapes.filter(({ kind, ink }) => kind === 'line' && ink !== 'rule')).toHaveLength(1);
    expect(shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []))).toContain('100');
  });

  it('say in words what they show', () => {
    const [panel] = layOutFigures([claim('a', 108, { supersededBy: 'b', conflictsWith: ['c'] })], plot);
    expect(panel?.marks.map(nameFigure)).toEqual([
      '108 people, 2024, confirmed by Home Office, superseded, in conflict with 1 other',
    ]);
  });
});

it('show vintages: each claim from when on it was known until what superseded it was', () => {
  const claims = [
    claim('first', 108, { supersededBy: 'revised' }),
    claim('revised', 107, { knownFrom: at('2025-08-21') }),
    claim('yearly', 63, { period: null, knownFrom: at('2025-10-01') }),
  ];
  const [panel] = layOutVintages(claims, plot);
  const day = (text: string): number => (at(text) - at('2024-01-01')) / 86_400_000;
  expect(panel?.marks.map(({ claim: { event }, left, right }) => [event, Math.round(left), Math.round(right)])).toEqual(
    [
      ['first', day('2025-02-27'), day('2025-08-21')],
      ['revised', day('2025-08-21'), 731],
      ['yearly', day('2025-10-01'), 731],
    ],
  );
});
