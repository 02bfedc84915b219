import { describe, expect, it, jest } from '@jest/globals';
import { type RetrySchedule, UNTIL_IT_SUCCEEDS, retry, sleep } from './retry.js';

const passes = new Error('It passes.');
const lasts = new Error('It lasts.');
const mayPass = (error: unknown): boolean => error === passes;

/** Work that fails with these errors, then succeeds; and waits that are noted instead of waited. */
function attempt(failures: readonly Error[], schedule: RetrySchedule, signal?: AbortSignal) {
  const left = [...failures];
  const waits: number[] = [];
  const troubles: unknown[] = [];
  const result = retry(
    () => {
      const failure = left.shift();
      return failure ? Promise.reject(failure) : Promise.resolve('done');
    },
    {
      schedule,
      mayPass,
      onTrouble: (error) => troubles.push(error),
      wait: (waitMs) => Promise.resolve(void waits.push(waitMs)),
      ...(signal ? { signal } : {}),
    },
  );
  return { result, waits, troubles };
}

describe('a retry', () => {
  it('waits for nothing, and tells nothing, when the work succeeds', async () => {
    const { result, waits, troubles } = attempt([], { waitsMs: [50], then: 'give-up' });
    expect([await result, waits, troubles]).toEqual(['done', [], []]);
  });

  it('tells each failure, then that it is over', async () => {
    const { result, waits, troubles } = attempt([passes, passes], { waitsMs: [50, 200, 500], then: 'give-up' });
    expect([await result, waits, troubles]).toEqual(['done', [50, 200], [passes, passes, null]]);
  });

  it('gives up with the last error when the schedule is used up', async () => {
    const { result, waits } = attempt([passes, passes, passes], { waitsMs: [50, 200], then: 'give-up' });
    await expect(result).rejects.toBe(passes);
    expect(waits).toEqual([50, 200]);
  });

  it('goes on with the last wait where the schedule says so', async () => {
    const { result, waits } = attempt(Array<Error>(4).fill(passes), { waitsMs: [50, 200], then: 'repeat-last' });
    expect([await result, waits]).toEqual(['done', [50, 200, 200, 200]]);
  });

  it('throws at once what does not pass', async () => {
    const { result, waits, troubles } = attempt([passes, lasts], { waitsMs: [50], then: 'repeat-last' });
    await expect(result).rejects.toBe(lasts);
    expect([waits, troubles]).toEqual([[50], [passes]]);
  });

  it('tries nothing again once the signal has aborted', async () => {
    const { result, waits } = attempt([passes], { waitsMs: [50], then: 'repeat-last' }, AbortSignal.abort());
    await expect(result).rejects.toBe(passes);
    expect(waits).toEqual([]);
  });
});

describe('a retry of work that may be at fault itself', () => {
  const tooLong = Object.assign(new Error('It took too long.'), { code: '57014' });
  const wait = (): Promise<void> => Promise.resolve();

  it('tells the work how often it may have been', async () => {
    const left = [tooLong, Object.assign(new Error('Nobody there.'), { code: 'ECONNREFUSED' }), tooLong];
    const counts: number[] = [];
    const work = (selfInflicted: number): Promise<void> => {
      counts.push(selfInflicted);
      const failure = left.shift();
      return failure ? Promise.reject(failure) : Promise.resolve();
    };
    await retry(work, { schedule: UNTIL_IT_SUCCEEDS, wait });
    expect(counts).toEqual([0, 1, 1, 2]);
  });

  it('gives up after as many tries as it may have', async () => {
    const work = jest.fn(() => Promise.reject(tooLong));
    await expect(retry(work, { schedule: UNTIL_IT_SUCCEEDS, selfInflictedTries: 3, wait })).rejects.toBe(tooLong);
    expect(work).toHaveBeenCalledTimes(3);
  });
});

describe('a sleep', () => {
  it('ends after its time, or when the signal aborts', async () => {
    jest.useFakeTimers();
    try {
      const stop = new AbortController();
      const [whole, cut] = [sleep(1000, new AbortController().signal), sleep(1_000_000, stop.signal)];
      stop.abort();
      await cut;
      expect(jest.getTimerCount()).toBe(1);
      jest.advanceTimersByTime(1000);
      await whole;
    } finally {
      jest.useRealTimers();
    }
  });
});
