import { describe, expect, it } from '@jest/globals';
import { type Position, instant, position } from '#domain';
import { FRESHNESS_LIMIT_MS, Freshness } from './freshness.js';

/** Reads that have reached a position and never come further; with what they were asked to wait for. */
function stuckAt(reached: number) {
  const asked: { readonly position: number; readonly longMs: boolean }[] = [];
  const freshness = new Freshness({
    restatements: { last: instant(0) },
    waitFor: (wanted: Position, timeoutMs: number) => {
      asked.push({ position: wanted, longMs: timeoutMs === FRESHNESS_LIMIT_MS });
      return Promise.resolve(position(reached));
    },
  });
  return { freshness, asked };
}

describe('a read after a write', () => {
  it('waits for what is about its own policy, and less for what is about others alone', async () => {
    const { freshness, asked } = stuckAt(5);
    freshness.noteAcknowledged(position(7), ['toll']);
    freshness.noteAcknowledged(position(9), ['ferry']);
    await freshness.waitUntilCaughtUp(undefined, 'toll');
    expect(asked).toEqual([
      { position: 7, longMs: true },
      { position: 9, longMs: false },
    ]);
    asked.length = 0;
    await freshness.waitUntilCaughtUp(undefined, 'bridge');
    expect(asked).toEqual([{ position: 9, longMs: false }]);
  });

  it('waits for everything where it may be about any policy', async () => {
    const { freshness, asked } = stuckAt(5);
    freshness.noteAcknowledged(position(8));
    freshness.noteAcknowledged(position(9), ['ferry']);
    await freshness.waitUntilCaughtUp(undefined, 'toll');
    await freshness.waitUntilCaughtUp(undefined);
    expect(asked.filter(({ longMs }) => longMs)).toEqual([
      { position: 8, longMs: true },
      { position: 9, longMs: true },
    ]);
  });

  it('is refused only if it asked for a position that is not reached', async () => {
    const { freshness } = stuckAt(5);
    freshness.noteAcknowledged(position(9), ['ferry']);
    await expect(freshness.waitUntilCaughtUp(position(5), 'toll')).resolves.toBeUndefined();
    await expect(freshness.waitUntilCaughtUp(position(6), 'toll')).rejects.toMatchObject({ code: 'not-caught-up' });
  });

  it('does not wait for what reads have reached', async () => {
    const { freshness, asked } = stuckAt(9);
    freshness.noteAcknowledged(position(9), ['toll']);
    await freshness.waitUntilCaughtUp(undefined, 'toll');
    await freshness.waitUntilCaughtUp(undefined);
    expect(asked).toHaveLength(1);
  });
});
