import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PARTITIONS } from '../ledgers/partitions.js';
import { fairShare } from './leases.js';

interface Lease {
  readonly partition: number;
  readonly owner: number | null;
}

/** Lets the processes look one after the other, once each. */
function shareOut(leases: readonly Lease[], living: readonly number[]): readonly Lease[] {
  let shared = leases;
  for (const member of living) {
    const { acquire, release } = fairShare(shared, { member, living });
    shared = shared.map(({ partition, owner }) => ({
      partition,
      owner: acquire.includes(partition) ? member : release.includes(partition) ? null : owner,
    }));
  }
  return shared;
}

const free = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, owner: null }));

const countsOf = (leases: readonly Lease[], living: readonly number[]): readonly number[] =>
  living.map((member) => leases.filter(({ owner }) => owner === member).length);

describe('the share of a process', () => {
  it.each([
    [[7], [4]],
    [
      [7, 9],
      [2, 2],
    ],
    [
      [7, 9, 12],
      [2, 1, 1],
    ],
    [
      [1, 2, 3, 4, 5],
      [1, 1, 1, 1, 0],
    ],
  ])('of partitions without owners, for the processes %j, is %j', (living, counts) => {
    expect(countsOf(shareOut(free, living), living)).toEqual(counts);
  });

  it('is reached in two rounds, whoever owned what before, and no partition stays without an owner', () => {
    const member = fc.integer({ min: 1, max: 6 });
    const owners = fc.array(fc.option(member, { nil: null }), { minLength: PARTITIONS, maxLength: PARTITIONS });
    const living = fc.uniqueArray(member, { minLength: 1 }).map((some) => some.toSorted((one, other) => one - other));
    fc.assert(
      fc.property(owners, living, (before, alive) => {
        const leases = before.map((owner, partition) => ({ partition, owner }));
        const after = shareOut(shareOut(leases, alive), alive);
        expect(countsOf(after, alive)).toEqual(countsOf(shareOut(free, alive), alive));
        expect(shareOut(after, alive)).toEqual(after);
      }),
    );
  });
});
