import { expect, it } from '@jest/globals';
import { barSamples, eventSamples, figureSamples, planeSamples, statusSamples } from './legend-samples.js';

const samples = [...barSamples(), ...statusSamples(), ...eventSamples()];

it('draws each mark of lanes, no two alike', () => {
  const drawn = samples.map(({ drawing }) => JSON.stringify(drawing.shapes));
  expect(samples.filter(({ drawing }) => drawing.shapes.length === 0)).toEqual([]);
  // That something holds is shown by the bar of a status that is running.
  expect(new Set(drawn).size).toBeGreaterThanOrEqual(drawn.length - 1);
});

it('names each mark in words of its own', () => {
  for (const some of [barSamples(), eventSamples(), planeSamples(), figureSamples()])
    expect(new Set(some.map(({ words }) => words)).size).toBe(some.length);
});

it('has the signs of the grammar of marks', () => {
  const signs = samples.flatMap(({ drawing }) =>
    drawing.shapes.flatMap((shape) => (shape.kind === 'text' ? shape.text : [])),
  );
  expect(signs).toEqual(expect.arrayContaining(['⤺', '≠', '✎', '✕', '?', '≈']));
});
