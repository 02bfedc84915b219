import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { Comparison, Measured, Spread } from './measure.js';

/** A comparison as lines of a table: rates and ratios as median, with minimum and maximum behind. */
export function tableOf({ title, unit, rounds, measured }: Comparison): string {
  const rows = measured.map((row, index) => [row.name, rateOf(row), index === 0 ? 'reference' : ratioOf(row)]);
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(width(column))).join('   ')}`.trimEnd());
  return [`${title} (${unit} a second, ${rounds} rounds: median [min, max])`, ...lines, ''].join('\n');
}

const rateOf = ({ perSecond }: Measured): string =>
  spread(perSecond, (value) => (value < 100 ? value.toFixed(1) : value.toFixed(0)));

const ratioOf = ({ ratio }: Measured): string => `ratio ${spread(ratio, (value) => value.toFixed(2))}`;

const spread = ({ min, median, max }: Spread, show: (value: number) => string): string =>
  `${show(median)} [${show(min)}, ${show(max)}]`;

/** Writes every comparison, with what it ran on, as one JSON file. */
export function writeReport(
  file: string,
  comparisons: readonly Comparison[],
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
  writeFileSync(file, `${JSON.stringify({ machine, notes, comparisons }, null, 2)}\n`);
}
