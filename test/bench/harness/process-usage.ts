import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

/** Linux counts processor time in these, on every architecture that Node.js runs on. */
const TICKS_A_SECOND = 100;

/** The fields of `/proc/PID/stat` behind the name, which may hold anything: state, parent, …; times are ticks. */
const PARENT = 1;
const [OWN, ENDED_CHILDREN] = [
  [11, 12],
  [13, 14],
];

/** Processor seconds that a process has used so far, all its threads together. Only Linux tells. */
export const cpuSecondsOf = (pid: number): number => secondsIn(statOf(pid), OWN);

/** Processor seconds that a process and its descendants have used so far, those that have ended included. */
export function treeCpuSecondsOf(pid: number): number {
  const parents = new Map(livingPids().flatMap((each) => parentOf(each)));
  const tree = new Set([pid]);
  for (const each of tree) for (const [child, parent] of parents) if (parent === each) tree.add(child);
  const living = [...tree].map((each) => secondsIn(statOf(each), OWN));
  return living.reduce((sum, seconds) => sum + seconds, 0) + secondsIn(statOf(pid), ENDED_CHILDREN);
}

/** The process that started another. */
export const parentPidOf = (pid: number): number => Number(statOf(pid)?.[PARENT]);

/** Lets a process's peak of memory begin anew. */
export const resetPeakMemory = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** The most memory that a process has held, since its peak was reset. */
export const peakMemoryMbOf = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const livingPids = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

const parentOf = (pid: number): readonly (readonly [number, number])[] => {
  const parent = parentPidOf(pid);
  return Number.isInteger(parent) ? [[pid, parent]] : [];
};

/** Undefined for a process that is no more. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

const secondsIn = (stat: readonly string[] | undefined, fields: readonly number[] = []): number =>
  fields.reduce((sum, field) => sum + Number(stat?.[field] ?? 0), 0) / TICKS_A_SECOND;
