import type { MeasuredGrowth } from '../harness/growth.js';
import type { Run } from './unkind-run.js';

interface Row {
  readonly shape: string;
  readonly run: Run;
  /** From the size before to this one; undefined for the first. */
  readonly growth: MeasuredGrowth | undefined;
}

interface Column {
  readonly heading: string;
  readonly width: number;
  readonly of: (row: Row) => string;
}

const COLUMNS: readonly Column[] = [
  { heading: 'shape', width: 34, of: ({ shape }) => shape },
  { heading: 'size', width: 6, of: ({ run }) => String(run.size) },
  { heading: 'sent', width: 7, of: ({ run }) => String(run.sent) },
  { heading: 'events', width: 6, of: ({ run }) => String(run.events) },
  { heading: 'refused', width: 22, of: ({ run }) => refusedIn(run) },
  { heading: 'CPU s', width: 6, of: ({ run }) => run.applicationCpuSeconds.toFixed(2) },
  { heading: 'db s', width: 6, of: ({ run }) => run.databaseCpuSeconds.toFixed(2) },
  { heading: 'rows', width: 8, of: ({ run }) => String(run.rows) },
  { heading: 'MB', width: 7, of: ({ run }) => run.rowMegabytes.toFixed(1) },
  { heading: 'peak MB', width: 7, of: ({ run }) => run.peakMemoryMb.toFixed(0) },
  { heading: 'livez ms', width: 8, of: ({ run }) => run.livezMs.toFixed(0) },
  { heading: 'read ms', width: 7, of: ({ run }) => run.readMs.toFixed(0) },
  { heading: 'CPU x', width: 5, of: ({ growth }) => growth?.cpu.toFixed(2) ?? '' },
  { heading: 'rows x', width: 6, of: ({ growth }) => growth?.rows.toFixed(2) ?? '' },
];

/** What stands over the columns of the rows. */
export const HEADING = COLUMNS.map(({ heading, width }) => heading.padStart(width)).join(' ');

/** A run of a shape as a row of the table, with what went wrong at its end. */
export function rowOf(shape: string, run: Run, growth: MeasuredGrowth | undefined): string {
  const cells = COLUMNS.map(({ width, of }) => of({ shape, run, growth }).padStart(width)).join(' ');
  return run.fault === undefined ? cells : `${cells} ${run.fault}`;
}

const refusedIn = ({ refused }: Run): string =>
  Object.entries(refused)
    .map(([code, count]) => `${count} ${code}`)
    .join(', ');
