import { describe, expect, it } from '@jest/globals';
import { type Position, position } from '#domain';
import { type LogEntry, createMemoryEventLog } from '#event-log';
import { appendAll, registrationRequest } from '../../../../test/support/events/append-bodies.js';
import { PARTITIONS, partitionOf } from './ledgers/partitions.js';
import type { StoredPartition } from './membership/stored-partitions.js';
import { gather, stretchOf } from './stretch.js';

const partitionAt = (partition: number, at: number): StoredPartition => ({
  partition,
  position: position(at),
  epoch: 1,
  state: 'running',
  owner: 1,
});

const partitionsAt = (...positions: readonly number[]): readonly StoredPartition[] =>
  positions.map((at, index) => partitionAt(index, at));

const numbersOf = (partitions: readonly StoredPartition[]): readonly number[] =>
  partitions.map(({ partition }) => partition);

const head: Position = position(100_000);

describe('the stretch that is advanced next', () => {
  it.each([
    ['those furthest behind, up to where they meet the next', [5, 90, 5, 40], false, [0, 2], 40],
    ['all of them without end, once they are level', [7, 7, 7, 7], false, [0, 1, 2, 3], Infinity],
    ['one of them and 20,000 entries of a backlog that does not fit in memory', [7, 7, 7, 7], true, [0], 20_007],
    ['the next one up to where the first is', [20_007, 7, 7, 7], true, [1], 20_007],
    ['all of them, near the end of the log', [99_000, 99_000, 99_000, 99_000], true, [0, 1, 2, 3], Infinity],
    ['one of them up to the end of the log, near enough', [97_000, 97_000, 97_000, 97_000], true, [0], 100_000],
  ])('is of %s', (_, positions, isCrowded, partitions, to) => {
    const stretch = stretchOf(partitionsAt(...positions), { head, isCrowded });
    expect([numbersOf(stretch.partitions), stretch.after, stretch.to]).toEqual([
      partitions,
      Math.min(...positions),
      to,
    ]);
    expect(stretch.isBacklog).toBe(isCrowded && to < Infinity);
  });
});

describe('a backlog', () => {
  it('is one batch without gaps, in which other partitions say nothing', async () => {
    const log = createMemoryEventLog(() => Date.UTC(2026, 0, 1));
    const slugs = Array.from({ length: 20 }, (_, index) => `policy-${index}`);
    await appendAll(
      log,
      slugs.map((slug) => registrationRequest({ slug, title: slug, kind: 'scheme', jurisdiction: 'GB' })),
    );
    const own = PARTITIONS - 1;
    const signal = new AbortController().signal;
    const batches = log.subscribe(position(0), { signal, batchLimit: 6 });
    const gathered: (readonly LogEntry[])[] = [];
    for await (const batch of gather(batches, { partitions: [partitionAt(own, 0)], to: 15 })) gathered.push(batch);
    expect(gathered.map((batch) => batch.map((entry) => entry.position))).toEqual([
      Array.from({ length: 15 }, (_, index) => index + 1),
    ]);
    const read = gathered.flat().filter(({ entry, body }) => entry !== '' && Object.keys(body).length > 0);
    expect(read.map(({ stream }) => partitionOf(stream))).toEqual(read.map(() => own));
    expect(read.length).toBeGreaterThan(0);
  });
});
