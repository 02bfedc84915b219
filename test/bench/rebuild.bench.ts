import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseUrl, dropDatabase, onReadSide, withOwner } from './harness/databases.js';
import { type Comparison, type Rates, comparisonOf } from './harness/measure.js';
import { copyRows, writeRows } from './reference/plain-tables.js';
import { makeFilled } from './projections.bench.js';
import type { ReadSideReport } from './reference/read-side.js';
import type { Settings } from './harness/settings.js';

const SIZES = [100_000, 300_000];
const POLICIES = 500;
const ROUNDS = 3;

interface Round extends ReadSideReport {
  readonly copyMs: number;
  readonly indexMs: number;
}

/** All read models built anew at once, against COPY of the same rows and making of the same indexes. */
export async function rebuildComparisons(
  server: string,
  { sizes = SIZES, policies = POLICIES, rounds = ROUNDS }: Settings,
): Promise<{ comparisons: readonly Comparison[]; notes: readonly unknown[] }> {
  const comparisons: Comparison[] = [];
  const notes: Round[] = [];
  for (const events of sizes) {
    const measured = await atSize(server, { events, policies, rounds });
    notes.push(...measured);
    comparisons.push(
      comparisonOf({
        title: `All read models rebuilt at once, ${events} events of ${policies} policies`,
        unit: 'events',
        rates: measured.map(ratesOf),
      }),
    );
  }
  return { comparisons, notes };
}

async function atSize(
  server: string,
  { events, policies, rounds }: { events: number; policies: number; rounds: number },
): Promise<readonly Round[]> {
  const name = await makeFilled(server, { events, policies });
  const url = databaseUrl(server, name);
  const folder = mkdtempSync(join(tmpdir(), 'policy-timeline-bench-'));
  try {
    await onReadSide(url, { task: 'project' });
    await withOwner(url, (owner) => writeRows(owner, folder));
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await oneRound(url, folder));
    return measured;
  } finally {
    await dropDatabase(server, name);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function oneRound(url: string, folder: string): Promise<Round> {
  await withOwner(url, (owner) => owner.query('CHECKPOINT'));
  const rebuilt = await onReadSide(url, { task: 'rebuild' });
  const copied = await withOwner(url, (owner) => copyRows(owner, folder));
  const round = { ...rebuilt, ...copied };
  process.stderr.write(`${JSON.stringify(round)}\n`);
  return round;
}

const perSecond = (events: number, ms: number): number => events / (ms / 1000);

function ratesOf({ events, ms, steps, copyMs, indexMs }: Round): Rates {
  return new Map([
    ['COPY of the same rows, then the same indexes', perSecond(events, copyMs + indexMs)],
    ['rebuild, from the request to the switch', perSecond(events, ms)],
    ['rebuild without the comparison with what is in use', perSecond(events, ms - (steps['comparing'] ?? 0))],
  ]);
}
