import { describe, expect, it } from '@jest/globals';
import { waitForAbort } from '../retry.js';
import { type Lease, type LeasedWork, underLease } from './lease.js';

/** A wait that passes by itself so many times, then lasts until it is aborted. */
function ticks(count: number): (waitMs: number, signal: AbortSignal) => Promise<void> {
  let left = count;
  return (_waitMs, signal) => ((left -= 1) >= 0 ? Promise.resolve() : waitForAbort(signal));
}

/** A lease that answers each renewal in turn, and notes what is done with it. */
function leaseOf(renewals: readonly (boolean | Error)[], changes: Partial<Lease<string>> = {}) {
  const done: string[] = [];
  const left = [...renewals];
  const lease: Lease<string> = {
    take: () => Promise.resolve('held'),
    renew: (held) => {
      done.push(`renew ${held}`);
      const answer = left.shift() ?? true;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    release: (held) => Promise.resolve(void done.push(`release ${held}`)),
    ...changes,
  };
  return { lease, done };
}

const leased = (changes: Partial<LeasedWork<string>>): LeasedWork<string> => ({
  signal: new AbortController().signal,
  tickMs: 1_000,
  work: (_held, signal) => waitForAbort(signal),
  wait: ticks(0),
  ...changes,
});

const broken = new Error('The connection broke.');

describe('work under a lease', () => {
  it('is not begun while another process has the lease', async () => {
    const { lease, done } = leaseOf([], { take: () => Promise.resolve(undefined) });
    const work = (): Promise<void> => Promise.resolve(void done.push('work'));
    expect([await underLease(lease, leased({ work })), done]).toEqual([false, []]);
  });

  it('is not begun, and no lease taken, once the signal has aborted', async () => {
    const { lease, done } = leaseOf([]);
    expect([await underLease(lease, leased({ signal: AbortSignal.abort() })), done]).toEqual([false, []]);
  });

  it('ends with the release of the lease', async () => {
    const { lease, done } = leaseOf([]);
    const work = (held: string): Promise<void> => Promise.resolve(void done.push(`work ${held}`));
    expect([await underLease(lease, leased({ work })), done]).toEqual([true, ['work held', 'release held']]);
  });

  it('releases the lease when it fails, and tells how', async () => {
    const { lease, done } = leaseOf([]);
    await expect(underLease(lease, leased({ work: () => Promise.reject(broken) }))).rejects.toBe(broken);
    expect(done).toEqual(['release held']);
  });

  it('is aborted when another process has taken the lease', async () => {
    const { lease, done } = leaseOf([true, false]);
    expect(await underLease(lease, leased({ wait: ticks(2) }))).toBe(true);
    expect(done).toEqual(['renew held', 'renew held', 'release held']);
  });

  it('is aborted when the caller stops', async () => {
    const { lease, done } = leaseOf([]);
    const stop = new AbortController();
    const working = underLease(lease, leased({ signal: stop.signal }));
    stop.abort();
    expect([await working, done]).toEqual([true, ['release held']]);
  });

  it('goes on through renewals that fail, and tells of them until one succeeds', async () => {
    const { lease } = leaseOf([broken, broken, true, true, false]);
    const troubles: unknown[] = [];
    await underLease(lease, leased({ wait: ticks(5), onTrouble: (error) => troubles.push(error) }));
    expect(troubles).toEqual([broken, broken, null]);
  });

  it('tells that the lease could not be released, and ends all the same', async () => {
    const { lease } = leaseOf([], { release: () => Promise.reject(broken) });
    const troubles: unknown[] = [];
    const work = (): Promise<void> => Promise.resolve();
    expect(await underLease(lease, leased({ work, onTrouble: (error) => troubles.push(error) }))).toBe(true);
    expect(troubles).toEqual([broken]);
  });
});
