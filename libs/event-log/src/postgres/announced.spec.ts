import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { entryText } from '../entry.js';
import { event, revisionAt } from '../contract/contract-requests.js';
import { positionOf } from '../positions.js';
import { Announced } from './announced.js';

const SECRET = 'known to the log';

/** An announcement of entries, the last of them at a position. */
function announcement(last: number, count: number): string {
  const texts = Array.from({ length: count }, (_, index) => {
    const position = positionOf(last - count + index + 1);
    return entryText(event(`key-${position}`), 's', {
      position,
      revision: revisionAt(0),
      prev: undefined,
      recordedAt: 0,
    });
  });
  const told = [last, ...texts].join('\n');
  return `${told}\n${hash('sha256', SECRET + hash('sha256', SECRET + told))}`;
}

const positionsAfter = (announced: Announced, position: number, limit = 10): readonly number[] =>
  announced.after(positionOf(position), limit).map((entry) => entry.position);

function announced(...payloads: readonly string[]): Announced {
  const all = new Announced();
  all.begin(SECRET);
  for (const payload of payloads) all.take(payload);
  return all;
}

describe('what was announced', () => {
  it('is one stretch, for readers that are level or a little behind', () => {
    const all = announced(announcement(5, 2), announcement(6, 1));
    expect(positionsAfter(all, 3)).toEqual([4, 5, 6]);
    expect(positionsAfter(all, 5)).toEqual([6]);
    expect(positionsAfter(all, 3, 2)).toEqual([4, 5]);
    expect(positionsAfter(all, 2)).toEqual([]);
    expect(positionsAfter(all, 6)).toEqual([]);
  });

  it('begins anew behind a gap', () => {
    const all = announced(announcement(5, 2), announcement(9, 1));
    expect(positionsAfter(all, 3)).toEqual([]);
    expect(positionsAfter(all, 8)).toEqual([9]);
  });

  // Whoever was given the entries before it would else wait for the next one, and not see what this one tells of.
  it('is not at hand after an announcement without entries', () => {
    expect(positionsAfter(announced(announcement(5, 2), '9'), 3)).toEqual([]);
  });

  it('is nothing without the secret', () => {
    const all = new Announced();
    all.begin(undefined);
    all.take(announcement(5, 2));
    expect(positionsAfter(all, 3)).toEqual([]);
  });
});
