import { percentileOf } from '../harness/measure.js';

/** What scripts and tasks of a page took, in milliseconds of processor time. */
export interface FrameTimes {
  readonly frames: number;
  readonly scriptP50Ms: number;
  readonly scriptP95Ms: number;
  readonly longestTaskMs: number;
  /** Script of the tasks that handle input of a slider; 0 where there was none. */
  readonly inputP95Ms: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Time on the processor, which other processes do not lengthen. */
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly type?: string } };
}

const SCRIPTS: ReadonlySet<string> = new Set([
  'FunctionCall',
  'EvaluateScript',
  'RunMicrotasks',
  'TimerFire',
  'FireAnimationFrame',
  'EventDispatch',
]);

/** Reads the trace of a page: the script of each frame, and the longest task of its main thread. */
export function frameTimesOf(trace: Buffer): FrameTimes {
  const { traceEvents }: { readonly traceEvents: readonly TraceEvent[] } = JSON.parse(trace.toString('utf8'));
  // A page that scrubs asks for no frame of its own, but it hears of each key.
  const heard = traceEvents.find(({ name }) => name === 'EventDispatch');
  const own = traceEvents.filter(({ pid, tid }) => pid === heard?.pid && tid === heard.tid);
  const scripts = outermost(own.filter(({ name, ph }) => ph === 'X' && SCRIPTS.has(name)));
  const starts = own.filter(({ name }) => name === 'BeginCommitCompositorFrame').map(({ ts }) => ts);
  const times = starts.map((from, index) => {
    const to = starts[index + 1] ?? Infinity;
    return sumOf(scripts.filter(({ ts }) => ts >= from && ts < to));
  });
  const busy = times.filter((time) => time > 0).sort((one, other) => one - other);
  const tasks = own.filter(({ name }) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask');
  return {
    frames: busy.length,
    scriptP50Ms: percentileOf(busy, 50),
    scriptP95Ms: percentileOf(busy, 95),
    longestTaskMs: Math.max(...tasks.map(timeOf), 0),
    inputP95Ms: percentileOf(inputTimes(own, tasks, scripts), 95),
  };
}

/** The script of each task in which a slider told of a step, least first. */
function inputTimes(
  own: readonly TraceEvent[],
  tasks: readonly TraceEvent[],
  scripts: readonly TraceEvent[],
): readonly number[] {
  const inputs = own.filter(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'input');
  return tasks
    .filter(
      ({ name, ts, dur = 0 }) => name === 'RunTask' && inputs.some((input) => input.ts >= ts && input.ts < ts + dur),
    )
    .map(({ ts, dur = 0 }) => sumOf(scripts.filter((script) => script.ts >= ts && script.ts < ts + dur)))
    .sort((one, other) => one - other);
}

const timeOf = ({ tdur, dur = 0 }: TraceEvent): number => (tdur ?? dur) / 1000;

const sumOf = (events: readonly TraceEvent[]): number => events.reduce((total, event) => total + timeOf(event), 0);

/** Events that lie in no other. */
function outermost(events: readonly TraceEvent[]): readonly TraceEvent[] {
  let end = -Infinity;
  return [...events]
    .sort((one, other) => one.ts - other.ts || (other.dur ?? 0) - (one.dur ?? 0))
    .filter(({ ts, dur = 0 }) => {
      if (ts < end) return false;
      end = ts + dur;
      return true;
    });
}
