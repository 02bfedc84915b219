import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openWallClock } from '../time/wall-time.js';
import { axisOfSteps, axisOfTime } from './axes.js';
import { cutAt } from './belief-strip.js';
import { boxesOfRows, extentAround } from './boxes-of-rows.js';
import { drawPlane, namePlaneBox } from './draw-plane.js';
import { framePlane } from './frame-plane.js';
import { type PlaneBox, adjoiningRectangle, layOutPlane } from './lay-out-plane.js';
import { nameBelief } from './name-beliefs.js';

const clock = openWallClock('UTC');
const at = (text: string): number => Date.parse(text);
const look = { tone: 'trouble', pattern: 'diagonal', letter: 'X' } as const;

type Ends = readonly [from: string | null, to: string | null];
const stretch = ([from, to]: Ends) => ({
  from: from === null ? -Infinity : at(from),
  to: to === null ? Infinity : at(to),
});
const box = (words: string | undefined, event: string, [known, valid]: readonly [Ends, Ends]): PlaneBox => ({
  words,
  look,
  event,
  known: stretch(known),
  valid: stretch(valid),
});

// Blocked is known in April; that it had been scrapped in 2024 is known for sure in July, and thought possible before.
const blocked = box('blocked', 'injunction', [
  ['2025-04-16', null],
  ['2023-06-01', '2024-07-06'],
]);
const blockedAtFirst = box('blocked', 'injunction', [
  ['2025-04-16', '2025-07-07'],
  ['2024-07-06', null],
]);
const perhaps = {
  ...box('scrapped', 'rumour', [
    ['2025-04-16', '2025-07-07'],
    ['2024-01-01', '2024-12-31'],
  ]),
  isUncertain: true,
};
const scrapped = box('scrapped', 'reversal', [
  ['2025-07-07', null],
  ['2024-07-06', null],
]);
const boxes = [perhaps, blocked, blockedAtFirst, scrapped];

const valid = axisOfTime({ from: at('2023-01-01'), to: at('2026-01-01'), length: 1096 });
const known = axisOfTime({ from: at('2025-01-01'), to: at('2026-01-01'), length: 365 });
const laidOut = layOutPlane(boxes, { valid, known }, clock);

describe('the plane', () => {
  it('shows each box between its valid and its known bounds, what may hold last', () => {
    const days = (text: string, from: string): number => (at(text) - at(from)) / 86_400_000;
    expect(laidOut.rectangles.map(({ box: { event }, left, top, bottom }) => [event, left, top, bottom])).toEqual([
      ['injunction', days('2023-06-01', '2023-01-01'), 105, 365],
      ['injunction', days('2024-07-06', '2023-01-01'), 105, 187],
      ['reversal', days('2024-07-06', '2023-01-01'), 187, 365],
      ['rumour', 365, 105, 187],
    ]);
  });

  it('leaves out what lies outside', () => {
    const old = box('proposed', 'old', [
      ['2024-01-01', '2024-06-01'],
      ['2023-06-01', null],
    ]);
    expect(layOutPlane([old], { valid, known }, clock).rectangles).toEqual([]);
  });

  it('has the line on which things are known as they happen', () => {
    expect(laidOut.diagonal).toEqual([
      [731, 0],
      [1096, 365],
    ]);
    const apart = axisOfTime({ from: at('2020-01-01'), to: at('2021-01-01'), length: 10 });
    expect(layOutPlane(boxes, { valid: apart, known }, clock).diagonal).toEqual([]);
  });

  it('bends that line where time does not run evenly', () => {
    const steps = axisOfSteps([at('2025-04-16'), at('2025-07-07'), at('2025-04-16')], {
      from: known.from,
      to: known.to,
      length: 300,
    });
    expect([steps.placeOf(at('2025-04-16')), steps.placeOf(at('2025-07-07')), steps.placeOf(Infinity)]).toEqual([
      100, 200, 300,
    ]);
    expect(layOutPlane(boxes, { valid, known: steps }, clock).diagonal).toEqual([
      [731, 0],
      [836, 100],
      [918, 200],
      [1096, 300],
    ]);
  });

  it('leads to the box that adjoins', () => {
    const [before, atFirst, after] = laidOut.rectangles;
    if (!before || !atFirst || !after) throw new Error('no rectangles');
    expect(adjoiningRectangle(laidOut, atFirst, 'down')).toBe(after);
    expect(adjoiningRectangle(laidOut, after, 'up')).toBe(atFirst);
    expect(adjoiningRectangle(laidOut, before, 'right')).toBe(after);
    expect(adjoiningRectangle(laidOut, before, 'left')).toBeUndefined();
  });

  it('says in words what a box shows, and is drawn with them', () => {
    expect(namePlaneBox(perhaps, clock)).toBe(
      'perhaps scrapped from 1 January 2024 until 30 December 2024, known from 16 April 2025 until 6 July 2025',
    );
    const { shapes } = drawPlane(laidOut, clock, at('2024-07-06'));
    expect(shapes.filter(({ kind }) => kind === 'box').map(({ name }) => name)).toEqual(
      laidOut.rectangles.map((rectangle) => namePlaneBox(rectangle.box, clock)),
    );
    expect(shapes.at(-1)).toMatchObject({
      name: 'cut at 6 July 2024',
      points: [
        [552, 0],
        [552, 365],
      ],
    });
  });
});

it('names the days of both axes where there is room', () => {
  const framed = framePlane(drawPlane(laidOut, clock, undefined), laidOut, clock);
  const written = framed.shapes.flatMap((shape) =>
    shape.kind === 'text' && shape.ink === 'quiet' ? [shape.text] : [],
  );
  expect(written.slice(0, 2)).toEqual(['January 2023', 'April']);
  expect(written.slice(-2)).toEqual(['16 April 2025', '7 July 2025']);
  expect([framed.width, framed.height]).toEqual([1216, 385]);
});

it('takes from a history what the record has now', () => {
  const row = {
    field: 'status',
    value: 'in-operation',
    event: 'a',
    recorded: { from: 2, to: null },
    known: { from: '2024-01-01T00:00:00.000Z', to: null },
    valid: { from: null, to: '2025-01-01T00:00:00.000Z' },
  };
  const rows = [row, { ...row, recorded: { from: 1, to: 2 } }, { ...row, certainty: 'uncertain' }];
  expect(boxesOfRows(rows)).toMatchObject([
    { words: 'in operation', known: { to: Infinity }, valid: { from: -Infinity }, isUncertain: false },
    { isUncertain: true },
  ]);
  expect(boxesOfRows([{ ...row, value: null }])[0]?.words).toBeUndefined();
  const { from, to } = extentAround([0, -Infinity, 1000 * 86_400_000], 10);
  expect([from, to].map((wall) => wall / 86_400_000)).toEqual([-100, 1100]);
});

describe('the belief strip', () => {
  const words = (all: readonly PlaneBox[], day: string) =>
    cutAt(all, at(day)).map((belief) => nameBelief(belief, clock));

  it('says what was thought of a day, since when, and because of what', () => {
    expect(words(boxes, '2024-08-01')).toEqual([
      'known from 16 April 2025: blocked, perhaps scrapped since 1 January 2024',
      'known from 7 July 2025: scrapped, because published',
    ]);
  });

  it('has one row for what stayed the same', () => {
    expect(words([blocked, { ...blocked, known: stretch(['2024-01-01', '2025-04-16']) }], '2024-02-01')).toEqual([
      'known from 1 January 2024: blocked',
    ]);
    expect(words(boxes, '2022-01-01')).toEqual([]);
  });

  it('tells a correction, a date that became known, and what counts again from news', () => {
    const all: Ends = ['2020-01-01', null];
    const at2 = (event: string, value: string, from: string, to: string | null) => box(value, event, [[from, to], all]);
    const story = [
      { ...at2('b', 'paused', '2025-01-01', '2025-02-01'), isUncertain: true },
      at2('a', 'running', '2025-01-01', '2025-02-01'),
      at2('b', 'paused', '2025-02-01', '2025-03-01'),
      at2('b', 'ended', '2025-03-01', '2025-04-01'),
      at2('a', 'running', '2025-04-01', null),
    ];
    expect(cutAt(story, at('2025-01-15')).map(({ because }) => because)).toEqual([
      undefined,
      'redated',
      'corrected',
      'restored',
    ]);
  });

  it('has no gaps and says what the boxes say, at any known time', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(
        times,
        fc.array(fc.constantFrom('a', 'b', 'c', undefined), { minLength: 12, maxLength: 12 }),
        (cuts, values) => {
          const sorted = cuts.sort((one, other) => one - other);
          const given = sorted.slice(1).map((to, index) => ({
            ...box(values[index], values[index] ?? 'none', [
              [null, null],
              [null, null],
            ]),
            known: { from: sorted[index] ?? 0, to },
          }));
          const beliefs = cutAt(given, 0);
          expect(beliefs.slice(1).every(({ known: { from } }, index) => from === beliefs[index]?.known.to)).toBe(true);
          expect(beliefs.slice(1).every(({ words: value }, index) => value !== beliefs[index]?.words)).toBe(true);
          for (let instant = sorted[0] ?? 0; instant < (sorted.at(-1) ?? 0); instant += 7) {
            const holds = ({ known: { from, to } }: { known: { from: number; to: number } }) =>
              from <= instant && instant < to;
            expect(beliefs.find(holds)?.words).toBe(given.find(holds)?.words);
          }
        },
      ),
    );
  });
});
