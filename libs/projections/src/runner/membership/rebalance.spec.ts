import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PARTITIONS } from '../ledgers/partitions.js';
import { fairShare } from './rebalance.js';

interface OwnedPartition {
  readonly partition: number;
  readonly owner: number | null;
}

/** Lets the processes look one after the other, once each. */
function rebalanceInTurn(partitions: readonly OwnedPartition[], living: readonly number[]): readonly OwnedPartition[] {
  let shared = partitions;
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

const countsOf = (partitions: readonly OwnedPartition[], living: readonly number[]): readonly number[] =>
  living.map((member) => partitions.filter(({ owner }) => owner === member).length);

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
    expect(countsOf(rebalanceInTurn(free, living), living)).toEqual(counts);
  });

  it('is reached in two rounds, whoever owned what before, and no partition stays without an owner', () => {
    const member = fc.integer({ min: 1, max: 6 });
    const owners = fc.array(fc.option(member, { nil: null }), { minLength: PARTITIONS, maxLength: PARTITIONS });
    const living = fc.uniqueArray(member, { minLength: 1 }).map((some) => some.toSorted((one, other) => one - other));
    fc.assert(
      fc.property(owners, living, (before, alive) => {
        const partitions = before.map((owner, partition) => ({ partition, owner }));
        const after = rebalanceInTurn(rebalanceInTurn(partitions, alive), alive);
        expect(countsOf(after, alive)).toEqual(countsOf(rebalanceInTurn(free, alive), alive));
        expect(rebalanceInTurn(after, alive)).toEqual(after);
      }),
    );
  });
});
