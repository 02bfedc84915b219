import { databaseUrl, dropDatabase, makeDatabase, onReadSide, withOwner } from './harness/databases.js';
import { type Comparison, type Rates, comparisonOf } from './harness/measure.js';
import { insertRows } from './reference/plain-tables.js';
import type { Settings } from './harness/settings.js';

const SIZES = [10_000, 100_000, 300_000];
const POLICIES = 500;
const ROUNDS = 3;

/** What one round took, in milliseconds. */
interface Round {
  readonly events: number;
  readonly liveMs: number;
  readonly insertMs: number;
  readonly peakMemoryMb: number;
}

/**
 * All read models brought on by the events of a log, in batches as news is, against the same rows inserted into tables
 * with the same indexes; then the speeds at each size. A round begins with a copy of a database whose log is full and
 * whose read models are empty.
 */
export async function projectionComparisons(
  server: string,
  { sizes = SIZES, policies = POLICIES, rounds = ROUNDS }: Settings,
): Promise<{ comparisons: readonly Comparison[]; notes: readonly unknown[] }> {
  for (const events of sizes) await makeFilled(server, { events, policies });
  const measured = new Map<number, Round[]>(sizes.map((events) => [events, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [events, of] of measured) of.push(await oneRound(server, events));
  const comparisons = [...measured].map(([events, of]) =>
    comparisonOf({
      title: `All read models brought on live, ${events} events of ${policies} policies`,
      unit: 'events',
      rates: of.map(ratesOf),
    }),
  );
  const bySize = comparisonOf({
    title: 'All read models brought on live, by the length of the log',
    unit: 'events',
    rates: Array.from({ length: rounds }, (_, round) => speedsOf(measured, round)),
  });
  return { comparisons: [...comparisons, bySize], notes: [...measured.values()].flat() };
}

const filled = (events: number): string => `filled_${events}`;

/** Makes a database with a corpus in its log and nothing in its read models; answers its name. */
export async function makeFilled(
  server: string,
  { events, policies }: { events: number; policies: number },
): Promise<string> {
  const url = await makeDatabase(server, filled(events));
  await onReadSide(url, { task: 'fill', events, policies });
  await withOwner(url, (owner) => owner.query('VACUUM ANALYZE'));
  return filled(events);
}

async function oneRound(server: string, size: number): Promise<Round> {
  const name = 'projected';
  const url = await makeDatabase(server, name, filled(size));
  const { events, ms, peakMemoryMb } = await onReadSide(url, { task: 'project' });
  const insertMs = await withOwner(databaseUrl(server, name), insertRows);
  await dropDatabase(server, name);
  const round = { events, liveMs: ms, insertMs, peakMemoryMb };
  process.stderr.write(`${JSON.stringify(round)}\n`);
  return round;
}

const perSecond = (events: number, ms: number): number => events / (ms / 1000);

const ratesOf = ({ events, liveMs, insertMs }: Round): Rates =>
  new Map([
    ['the same rows, INSERT of a batch a statement, same indexes', perSecond(events, insertMs)],
    ['all read models, live', perSecond(events, liveMs)],
  ]);

const speedsOf = (measured: ReadonlyMap<number, readonly Round[]>, round: number): Rates =>
  new Map(
    [...measured].map(([size, of]) => {
      const { events, liveMs } = of[round] ?? { events: 0, liveMs: 1 };
      return [`${size} events`, perSecond(events, liveMs)];
    }),
  );
