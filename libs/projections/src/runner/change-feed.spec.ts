import { describe, expect, it } from '@jest/globals';
import { position } from '#domain';
import { ChangeFeed, type CommittedChange } from './change-feed.js';
import { PartitionPositions } from './membership/partition-positions.js';

/** A batch of a partition that ends at a position. */
const advanced = (partition: number, at: number): CommittedChange => ({
  kind: 'advanced',
  changes: [],
  partitions: [
    {
      partition,
      progress: { position: position(at), recordedAt: null },
      state: 'running',
      owner: 1,
      epoch: 1,
    },
  ],
});

const lastOf = ({ partitions }: CommittedChange): number => partitions[0]?.progress.position ?? 0;

function feedWithPositions(): {
  readonly feed: ChangeFeed;
  readonly reached: () => number;
  positions: PartitionPositions;
} {
  const positions = new PartitionPositions(() => undefined);
  return { feed: new ChangeFeed(positions), positions, reached: () => positions.least().position };
}

describe('the feed of committed changes', () => {
  it('gives each change once to every subscriber, in the order in which they were published', async () => {
    const { feed } = feedWithPositions();
    const heard: string[] = [];
    feed.subscribe((change) => void heard.push(`one ${lastOf(change)}`));
    feed.subscribe((change) => void heard.push(`other ${lastOf(change)}`));
    await Promise.all([feed.publish(advanced(0, 1)), feed.publish(advanced(1, 2)), feed.publish(advanced(0, 3))]);
    expect(heard).toEqual(['one 1', 'other 1', 'one 2', 'other 2', 'one 3', 'other 3']);
  });

  it('keeps the order where a subscriber takes its time', async () => {
    const { feed } = feedWithPositions();
    const heard: string[] = [];
    let goOn = (): void => undefined;
    const slow = new Promise<void>((resolve) => (goOn = resolve));
    feed.subscribe(async (change) => {
      if (lastOf(change) === 1) await slow;
      heard.push(`slow ${lastOf(change)}`);
    });
    feed.subscribe((change) => void heard.push(`quick ${lastOf(change)}`));
    const published = [feed.publish(advanced(0, 1)), feed.publish(advanced(0, 2))];
    expect(heard).toEqual([]);
    goOn();
    await Promise.all(published);
    expect(heard).toEqual(['slow 1', 'quick 1', 'slow 2', 'quick 2']);
  });

  it('moves positions, and wakes whoever waits, after every subscriber has taken the change in', async () => {
    const { feed, positions, reached } = feedWithPositions();
    await feed.publish(advanced(0, 1));
    const seen: string[] = [];
    feed.subscribe(() => void seen.push(`applied at ${reached()}`));
    const waiting = positions.reached(position(2)).then(() => seen.push(`woken at ${reached()}`));
    await feed.publish(advanced(0, 2));
    await waiting;
    expect(seen).toEqual(['applied at 1', 'woken at 2']);
  });

  it('gives others a change that one of them fails to take in, and leaves the positions until it is published again', async () => {
    const { feed, reached } = feedWithPositions();
    const heard: number[] = [];
    let isBroken = true;
    feed.subscribe(() => {
      if (isBroken) throw new Error('No connection.');
    });
    feed.subscribe((change) => void heard.push(lastOf(change)));
    await expect(feed.publish(advanced(0, 1))).rejects.toThrow('No connection.');
    expect({ heard, reached: reached() }).toEqual({ heard: [1], reached: 0 });
    isBroken = false;
    await feed.publish(advanced(0, 1));
    expect({ heard, reached: reached() }).toEqual({ heard: [1, 1], reached: 1 });
  });

  it('gives nothing more to a subscriber that has ended its subscription', async () => {
    const { feed } = feedWithPositions();
    const heard: number[] = [];
    const end = feed.subscribe((change) => void heard.push(lastOf(change)));
    await feed.publish(advanced(0, 1));
    end();
    await feed.publish(advanced(0, 2));
    expect(heard).toEqual([1]);
  });
});
