import { describe, expect, it } from '@jest/globals';
import type { LogEntry } from '#event-log';
import { BatchWindow } from './batch-window.js';

const batch = (size: number): readonly LogEntry[] => Array.from({ length: size });

async function* batches(...sizes: readonly number[]): AsyncGenerator<readonly LogEntry[]> {
  for (const size of sizes) yield batch(size);
}

/** When each batch came, in milliseconds after the first was asked for. */
async function timesOf(
  batchWindow: BatchWindow,
  sizes: readonly number[],
  onBatch?: () => void,
): Promise<readonly number[]> {
  const begun = performance.now();
  const times: number[] = [];
  const { signal } = new AbortController();
  for await (const _ of batchWindow.between(batches(...sizes), { full: 10, signal })) {
    times.push(performance.now() - begun);
    onBatch?.();
  }
  return times;
}

describe('gathering', () => {
  it('lets a while pass after a batch that is not full', async () => {
    const [first = 0, second = 0] = await timesOf(new BatchWindow(() => false), [1, 1]);
    expect(second - first).toBeGreaterThan(40);
  });

  it('passes full batches on at once, and all where somebody waits', async () => {
    const full = await timesOf(
      new BatchWindow(() => false),
      Array.from({ length: 20 }, () => 10),
    );
    const awaited = await timesOf(
      new BatchWindow(() => true),
      Array.from({ length: 20 }, () => 1),
    );
    // Twenty pauses would be a second.
    expect(Math.max(...full, ...awaited)).toBeLessThan(900);
  });

  it('ends a pause when somebody begins to wait', async () => {
    const batchWindow = new BatchWindow(() => false);
    const times = await timesOf(
      batchWindow,
      Array.from({ length: 20 }, () => 1),
      () => setTimeout(() => batchWindow.readSoon(), 1),
    );
    expect(Math.max(...times)).toBeLessThan(900);
  });

  it('pauses no more once it is to stop', async () => {
    const stop = new AbortController();
    stop.abort();
    const begun = performance.now();
    const sizes = Array.from({ length: 20 }, () => 1);
    const gathered = new BatchWindow(() => false).between(batches(...sizes), { full: 10, signal: stop.signal });
    let count = 0;
    for await (const _ of gathered) count += 1;
    expect(count).toBe(20);
    expect(performance.now() - begun).toBeLessThan(900);
  });
});
