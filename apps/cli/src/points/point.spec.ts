import { describe, expect, it } from '@jest/globals';
import { EXIT, Failure } from '../exit-code.js';
import { parsePoint, parseRange } from './point.js';

describe('a point', () => {
  it.each([
    ['now', { kind: 'now' }],
    ['2025-07-08', { kind: 'time', text: '2025-07-08' }],
    ['2025-07', { kind: 'time', text: '2025-07' }],
    ['2025-07-08T12:00:00+01:00', { kind: 'time', text: '2025-07-08T12:00:00+01:00' }],
    ['1751932800000', { kind: 'time', text: '1751932800000' }],
    ['@0', { kind: 'position', position: 0 }],
    ['@41', { kind: 'position', position: 41 }],
    ['toll-paused', { kind: 'event', key: 'toll-paused', isBefore: false }],
    ['toll-paused^', { kind: 'event', key: 'toll-paused', isBefore: true }],
    ['2025-budget', { kind: 'event', key: '2025-budget', isBefore: false }],
  ])('reads %s', (text, point) => {
    expect(parsePoint(text)).toEqual(point);
  });

  it.each(['', 'toll paused', '^', 'toll^^', '@', '@4x', '2025-07-08..2025-07-09'])('refuses %j', (text) => {
    expect(() => parsePoint(text)).toThrow(Failure);
    expect(() => parsePoint(text)).toThrow(expect.objectContaining({ code: EXIT.usage }));
  });
});

describe('a range', () => {
  const paused = { kind: 'event', key: 'toll-paused' };

  it('has two points, of which the second is now unless it is given', () => {
    expect(parseRange('toll-paused^..toll-paused')).toEqual({
      from: { ...paused, isBefore: true },
      to: { ...paused, isBefore: false },
    });
    for (const text of ['@41..', '@41', '@41..now'])
      expect(parseRange(text)).toEqual({ from: { kind: 'position', position: 41 }, to: { kind: 'now' } });
    expect(parseRange('2025-07-08T00:00:00.000Z..@41').from).toEqual({
      kind: 'time',
      text: '2025-07-08T00:00:00.000Z',
    });
  });

  it.each(['..@41', '..', '@1..@2..@3', '@1...@2'])('refuses %j', (text) => {
    expect(() => parseRange(text)).toThrow(Failure);
  });
});
