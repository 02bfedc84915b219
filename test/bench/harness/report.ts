import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { Comparison, Latency, Measured, Spread } from './measure.js';

/** A comparison as lines of a table: rates and ratios as median, with minimum and maximum behind. */
export function tableOf({ title, unit, rounds, measured }: Comparison): string {
  const rows = measured.map((row, index) => [row.name, rateOf(row), index === 0 ? 'reference' : ratioOf(row)]);
  return [`${title} (${unit} a second, ${rounds} rounds: median [min, max])`, ...linesOf(rows), ''].join('\n');
}

/** Latencies as lines of a table: percentiles of a round as median of the rounds, with minimum and maximum behind. */
export function latencyTableOf(title: string, measured: readonly Latency[]): string {
  const inMs = (value: Spread): string => spread(value, (ms) => ms.toFixed(2));
  const rows = measured.map(({ name, p50Ms, p99Ms }) => [name, `p50 ${inMs(p50Ms)}`, `p99 ${inMs(p99Ms)}`]);
  return [`${title} (milliseconds: median [min, max])`, ...linesOf(rows), ''].join('\n');
}

function linesOf(rows: readonly (readonly string[])[]): readonly string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(width(column))).join('   ')}`.trimEnd());
}

const rateOf = ({ perSecond }: Measured): string =>
  spread(perSecond, (value) => (value < 100 ? value.toFixed(1) : value.toFixed(0)));

const ratioOf = ({ ratio }: Measured): string => `ratio ${spread(ratio, (value) => value.toFixed(2))}`;

const spread = ({ min, median, max }: Spread, show: (value: number) => string): string =>
  `${show(median)} [${show(min)}, ${show(max)}]`;

/** Writes all that was measured, with what it ran on, as one JSON file. */
export function writeReport(
  file: string,
  { comparisons, latencies }: { comparisons: readonly Comparison[]; latencies: readonly Latency[] },
  notes: Readonly<Record<string, unknown>>,
): void {
  const machine = {
    node: process.version,
    platform: platform(),
    arch: arch(),
    processors: cpus().length,
    memoryBytes: totalmem(),
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine, notes, comparisons, latencies }, null, 2)}\n`);
}
