import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placeOf, wallAt } from '../time/scale.js';
import { laneActionFor, zoomOfWheel } from './lane-keys.js';
import { type LaneAction, type LaneStops, type LaneView, openLaneView, reduceLaneView } from './lane-view.js';
import { snapTo } from './snapping.js';

const at = (text: string): number => Date.parse(text);
const extent = { from: at('2020-01-01'), to: at('2026-01-01') };
const stop = (key: string, day: string) => ({ key, wall: at(day) });
const stops: LaneStops = [
  [stop('a', '2021-01-01'), stop('b', '2023-01-01'), stop('c', '2025-01-01')],
  [],
  [stop('d', '2022-12-01'), stop('e', '2025-06-01')],
];

const opened = openLaneView(extent, 1000);
const after = (...actions: LaneAction[]): LaneView =>
  actions.reduce((view, action) => reduceLaneView(view, action, stops), opened);
const focusAfter = (
  ...kinds: ('next-event' | 'previous-event' | 'first-event' | 'last-event' | 'next-lane' | 'previous-lane')[]
) => after(...kinds.map((kind) => ({ kind }))).focus;

describe('the window', () => {
  it('shows all there is at first, and again when asked', () => {
    expect(opened.window.from).toBeLessThan(extent.from);
    expect(opened.window.to).toBeGreaterThan(extent.to);
    expect(after({ kind: 'zoom', factor: 8 }, { kind: 'pan', by: 400 }, { kind: 'fit-all' }).window).toEqual(
      opened.window,
    );
  });

  it('keeps what is under the pointer there when it is zoomed', () => {
    const { window } = after({ kind: 'zoom', factor: 4, place: 250 });
    expect(Math.abs(placeOf(window, wallAt(opened.window, 250)) - 250)).toBeLessThan(0.01);
    expect((window.to - window.from) / (opened.window.to - opened.window.from)).toBeCloseTo(0.25, 3);
  });

  it('moves with the hand, and keeps its scale', () => {
    const near = after({ kind: 'zoom', factor: 4 });
    const moved = reduceLaneView(near, { kind: 'pan', by: 100 }, stops);
    expect(placeOf(moved.window, wallAt(near.window, 600))).toBeCloseTo(500, 6);
  });

  it('shows exactly the stretch that was framed', () => {
    const { window } = after({ kind: 'stretch', from: at('2022-01-01'), to: at('2023-01-01') });
    expect([placeOf(window, at('2022-01-01')), placeOf(window, at('2023-01-01'))].map(Math.round)).toEqual([0, 1000]);
  });

  it('still shows all when there is more, and moves no one who looks at a part', () => {
    const more = { from: extent.from, to: at('2030-01-01') };
    expect(after({ kind: 'extend', ...more }).window).toEqual(openLaneView(more, 1000).window);
    const near = after({ kind: 'zoom', factor: 4 });
    expect(reduceLaneView(near, { kind: 'extend', ...more }, stops).window).toEqual(near.window);
  });

  it('fits what lies between the marked event and the one in focus', () => {
    const { window } = after(
      { kind: 'focus', lane: 0, key: 'a' },
      { kind: 'mark' },
      { kind: 'focus', lane: 2, key: 'd' },
      { kind: 'fit-selection' },
    );
    const places = ['2021-01-01', '2022-12-01'].map((day) => Math.round(placeOf(window, at(day))));
    expect(places).toEqual([45, 955]);
    expect(after({ kind: 'fit-selection' }).window).toEqual(opened.window);
  });

  it('keeps its scale in whole milliseconds, its middle in the extent and its limits, whatever is done', () => {
    const actions = fc.oneof(
      fc.record({
        kind: fc.constant('zoom' as const),
        factor: fc.double({ min: 0.01, max: 100, noNaN: true }),
        place: fc.integer({ min: 0, max: 1000 }),
      }),
      fc.record({ kind: fc.constant('pan' as const), by: fc.integer({ min: -5000, max: 5000 }) }),
      fc.record({ kind: fc.constant('resize' as const), width: fc.integer({ min: 100, max: 3000 }) }),
      fc.record({
        kind: fc.constantFrom('next-event' as const, 'next-lane' as const, 'mark' as const, 'fit-selection' as const),
      }),
    );
    fc.assert(
      fc.property(fc.array(actions, { maxLength: 12 }), (given) => {
        const { window } = after(...given);
        expect(Number.isInteger((window.to - window.from) / window.width)).toBe(true);
        const middle = (window.from + window.to) / 2;
        expect(middle).toBeGreaterThanOrEqual(extent.from - 1);
        expect(middle).toBeLessThanOrEqual(extent.to + 1);
        expect(window.to - window.from).toBeLessThan((extent.to - extent.from) * 1.2);
        expect(window.to - window.from).toBeGreaterThanOrEqual(window.width * 20_000);
      }),
    );
  });
});

describe('focus', () => {
  it('goes from event to event, and stays at the ends', () => {
    expect(focusAfter('next-event', 'next-event').key).toBe('b');
    expect(focusAfter('last-event', 'next-event').key).toBe('c');
    expect(focusAfter('first-event', 'previous-event').key).toBe('a');
  });

  it('goes to the nearest event of the next lane that has any, and stays in the last', () => {
    expect(focusAfter('last-event', 'previous-event', 'next-lane')).toEqual({ lane: 2, key: 'd' });
    expect(focusAfter('last-event', 'next-lane', 'previous-lane')).toEqual({ lane: 0, key: 'c' });
    expect(focusAfter('last-event', 'next-lane', 'next-lane')).toEqual({ lane: 2, key: 'e' });
  });

  it('brings its event into view, and moves no further', () => {
    const near: LaneAction = { kind: 'show', from: at('2021-01-01'), to: at('2021-02-01') };
    const { window } = after(near, { kind: 'focus', lane: 0, key: 'c' });
    expect(placeOf(window, at('2025-01-01'))).toBeGreaterThan(970);
    expect(placeOf(window, at('2025-01-01'))).toBeLessThanOrEqual(976);
    expect(after(near, { kind: 'focus', lane: 0, key: 'a' }).window).toEqual(after(near).window);
  });

  it('is left, and with it what was marked', () => {
    expect(after({ kind: 'next-event' }, { kind: 'mark' }).marked).toBe('a');
    expect(after({ kind: 'next-event' }, { kind: 'mark' }, { kind: 'mark' }).marked).toBeUndefined();
    expect(after({ kind: 'next-event' }, { kind: 'mark' }, { kind: 'leave' })).toMatchObject({
      marked: undefined,
      focus: { lane: 0, key: undefined },
    });
  });
});

describe('keys', () => {
  const press = (key: string, code = '', more = {}, areCharacterKeysOn = true) =>
    laneActionFor({ key, code, ctrlKey: false, metaKey: false, altKey: false, ...more }, areCharacterKeysOn)?.kind;

  it('do what the table of keys says', () => {
    const keys = [
      'ArrowRight',
      'ArrowLeft',
      'ArrowDown',
      'ArrowUp',
      'Home',
      'End',
      'Enter',
      ' ',
      'Escape',
      '+',
      '-',
      'F',
      '0',
    ];
    expect(keys.map((key) => press(key))).toEqual([
      'next-event',
      'previous-event',
      'next-lane',
      'previous-lane',
      'first-event',
      'last-event',
      'open',
      'mark',
      'leave',
      'zoom',
      'zoom',
      'fit-selection',
      'fit-all',
    ]);
  });

  it('find W A S D by their place on the keyboard', () => {
    expect(['KeyW', 'KeyA', 'KeyS', 'KeyD'].map((code) => press('z', code))).toEqual(['zoom', 'pan', 'zoom', 'pan']);
  });

  it('leave to the browser what it needs, and characters where they are switched off', () => {
    expect(press('+', '', { ctrlKey: true })).toBeUndefined();
    expect(press('Tab')).toBeUndefined();
    expect([press('f', 'KeyF', {}, false), press('a', 'KeyA', {}, false)]).toEqual([undefined, undefined]);
    expect(press('ArrowRight', '', {}, false)).toBe('next-event');
  });

  it('zoom in by the wheel upwards, and out downwards, by as much', () => {
    expect(zoomOfWheel(-100, 0)).toBeGreaterThan(1);
    expect(zoomOfWheel(-100, 0) * zoomOfWheel(100, 0)).toBeCloseTo(1, 12);
  });
});

it('snaps to the nearest bound within reach, else nowhere', () => {
  const window = { from: 0, to: 1000, width: 100 };
  expect(snapTo([100, 130, 900], { window, place: 12 })).toBe(130);
  expect(snapTo([100, 130, 900], { window, place: 50 })).toBe(500);
  expect(snapTo([], { window, place: 50 })).toBe(500);
});
