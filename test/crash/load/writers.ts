import { setTimeout as delay } from 'node:timers/promises';
import type { AppendOutcome, AppendRequest, EventLog } from '#event-log';
import type { Acknowledgements } from './acknowledgements.js';
import type { Pace } from './pace.js';
import type { Track } from './tracks.js';

/** What the writers met. */
export interface Met {
  /** How many appends failed, by what they said. The same request was sent again each time. */
  readonly failures: Record<string, number>;
  /** Appends that had been recorded by an attempt whose answer was lost. */
  settledByRepeat: number;
  /** Events that were acknowledged over HTTP. */
  overHttp: number;
  /** Registrations that the other writer of the stream had recorded. */
  foundThere: number;
  /** The longest that one event took to be acknowledged. */
  longestMs: number;
  /** Answers that no request of theirs can have: refusals, and appends that never ended. */
  readonly wrong: string[];
}

interface Writing {
  readonly logs: readonly EventLog[];
  readonly tracks: Iterator<Track>;
  readonly acknowledgements: Acknowledgements;
  readonly pace: Pace;
  readonly met: Met;
}

const WRITERS_A_LOG = 24;
const AGAIN_AFTER_MS = 50;
const NEVER_MS = 120_000;
const WRONG_LIMIT = 20;

export const nothingMet = (): Met => ({
  failures: {},
  settledByRepeat: 0,
  overHttp: 0,
  foundThere: 0,
  longestMs: 0,
  wrong: [],
});

/** Appends the tracks, many at a time through each log, until they are all acknowledged or the pace stops. */
export async function writeAll(writing: Writing): Promise<void> {
  const writers = writing.logs.flatMap((log) => Array.from({ length: WRITERS_A_LOG }, () => writer(log, writing)));
  await Promise.all(writers);
  writing.pace.finish();
}

async function writer(log: EventLog, writing: Writing): Promise<void> {
  for (;;) {
    const next = writing.tracks.next();
    if (next.done) return;
    for (const request of next.value) {
      if (!(await writing.pace.turn(request.events.length))) return;
      const isAcknowledged = await acknowledged(request, log, writing);
      writing.pace.settle(request.events.length);
      if (!isAcknowledged) return;
    }
  }
}

/** Sends a request until it is answered. False when the answer is one that it cannot have. */
async function acknowledged(
  request: AppendRequest,
  log: EventLog,
  { acknowledgements, met }: Writing,
): Promise<boolean> {
  const begun = performance.now();
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await attempted(request, log, met);
    // Durable, and without a position yet: the same request is told it later.
    if (outcome === undefined || outcome.outcome === 'pending') {
      await delay(AGAIN_AFTER_MS);
      continue;
    }
    if (outcome.outcome !== 'appended' && outcome.outcome !== 'duplicate') {
      wrong(met, `${request.events[0]?.key}, attempt ${attempt}: ${JSON.stringify(outcome)}`);
      return false;
    }
    if (outcome.outcome === 'duplicate' && attempt > 0) met.settledByRepeat += 1;
    if (outcome.outcome === 'duplicate' && attempt === 0) {
      if (request.expected === 'none') met.foundThere += 1;
      else wrong(met, `${request.events[0]?.key} was sent once and answered as a duplicate.`);
    }
    met.longestMs = Math.max(met.longestMs, Math.round(performance.now() - begun));
    acknowledgements.note(request, outcome.locations);
    return true;
  }
}

async function attempted(request: AppendRequest, log: EventLog, met: Met): Promise<AppendOutcome | undefined> {
  const late = new AbortController();
  try {
    return await Promise.race([log.append(request), never(late.signal)]);
  } catch (error) {
    note(met, sayingOf(error));
    if (error instanceof NeverEnded) wrong(met, `${request.events[0]?.key}: ${error.message}`);
    return undefined;
  } finally {
    late.abort();
  }
}

class NeverEnded extends Error {
  override readonly name = 'NeverEnded';
}

const never = async (signal: AbortSignal): Promise<never> => {
  await delay(NEVER_MS, undefined, { signal, ref: false });
  throw new NeverEnded(`The append had not ended after ${NEVER_MS} ms.`);
};

/** Counts a failure by what it says. */
export function note(met: Met, said: string): void {
  const short = said.replaceAll(/\d+/g, 'N').slice(0, 200);
  met.failures[short] = (met.failures[short] ?? 0) + 1;
}

/** Keeps an answer that should not be. */
export function wrong(met: Met, what: string): void {
  if (met.wrong.length < WRONG_LIMIT) met.wrong.push(what);
}

/** Kind and message of an error, with a database's code. */
function sayingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  return `${error.name}${code}: ${error.message}`;
}
