import { describe, expect, it } from '@jest/globals';
import { position } from '#domain';
import { Narrowing } from './narrowing.js';

const refused = (narrowing: Narrowing, after: number, size: number): void =>
  narrowing.narrow({ after: position(after), to: position(after + size), size });

describe('batches that could not be written', () => {
  it('are taken in smaller ones, down to one event, and the others as before', () => {
    const narrowing = new Narrowing();
    expect(narrowing.limitAfter(100, 500)).toBe(500);
    refused(narrowing, 100, 500);
    refused(narrowing, 140, 20);
    const sizes = [99, 100, 139, 140, 159, 160, 599, 600].map((after) => narrowing.limitAfter(after, 500));
    expect(sizes).toEqual([500, 20, 20, 1, 1, 20, 20, 500]);
  });

  it('come to one event within four refusals, however large they were', () => {
    const narrowing = new Narrowing();
    let [size, refusals] = [20_000, 0];
    for (; size > 1; refusals += 1) {
      refused(narrowing, 0, size);
      size = narrowing.limitAfter(0, size);
    }
    expect(refusals).toBeLessThanOrEqual(4);
  });

  it('are forgotten once they are written', () => {
    const narrowing = new Narrowing();
    refused(narrowing, 0, 50);
    narrowing.passed(position(49));
    expect(narrowing.limitAfter(49, 500)).toBe(2);
    narrowing.passed(position(50));
    expect(narrowing.limitAfter(0, 500)).toBe(500);
  });
});
