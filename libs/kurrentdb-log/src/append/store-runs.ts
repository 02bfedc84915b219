import { type RetrySchedule, retry } from '#postgres';
import {
  type AppendRequest,
  type Draft,
  type FlushPlan,
  LogUnavailableError,
  entryVersionOf,
  revisionOf,
} from '#event-log/adapter';
import type { EventStore, StoreAppend, StoreEvent } from '../store/store.js';

/** The store takes appends up to 1 MiB; a single request may be larger, and is then for the store to judge. */
const RUN_BYTES_LIMIT = 512 * 1024;

/** The approximate size of what an event has beside its body. */
const EVENT_OVERHEAD_BYTES = 512;

/** The waits after which an append is sent again whose fate is unknown. */
const STORE_APPEND_RETRIES: RetrySchedule = { waitsMs: [20, 100, 300, 1_000], then: 'repeat-last' };

/** Drafts that follow on each other in one stream: one append to the store. */
export interface DraftRun {
  readonly append: StoreAppend;
  readonly drafts: readonly Draft[];
}

/** The result of a run: appended, refused since the stream has moved on, not known, or refused for good. */
export type DraftRunResult =
  | { readonly outcome: 'appended' }
  | { readonly outcome: 'conflict'; readonly actual: number | null }
  | { readonly outcome: 'unknown'; readonly error: LogUnavailableError }
  | { readonly outcome: 'failed'; readonly error: unknown };

/** The drafts of a flush in their order, those that follow on each other in one stream together. */
export function runsOf(requests: readonly AppendRequest[], plan: FlushPlan): readonly DraftRun[] {
  const runs: { drafts: Draft[]; events: StoreEvent[]; bytes: number }[] = [];
  for (const { drafts, request } of pairRequestsWithDrafts(requests, plan)) {
    const events = drafts.map((draft, index) => storeEvent(draft, request, index));
    const bytes = events.reduce((sum, { data }) => sum + data.length + EVENT_OVERHEAD_BYTES, 0);
    const open = runs.at(-1);
    if (open && open.drafts[0]?.stream === request.stream && open.bytes + bytes <= RUN_BYTES_LIMIT) {
      open.drafts.push(...drafts);
      open.events.push(...events);
      open.bytes += bytes;
    } else runs.push({ drafts: [...drafts], events: [...events], bytes });
  }
  return runs.map(({ drafts, events }) => ({ drafts, append: appendOf(drafts, events) }));
}

/** The same runs, one a stream: for an append to all of them at once. */
export function joinByStream(runs: readonly DraftRun[]): readonly StoreAppend[] {
  const joined = new Map<string, StoreAppend>();
  for (const { append } of runs) {
    const open = joined.get(append.stream);
    joined.set(append.stream, open ? { ...open, events: [...open.events, ...append.events] } : append);
  }
  return [...joined.values()];
}

/** Pairs each request that is to be appended with its drafts: the plan has them in the order of the requests. */
function pairRequestsWithDrafts(
  requests: readonly AppendRequest[],
  plan: FlushPlan,
): readonly { readonly request: AppendRequest; readonly drafts: readonly Draft[] }[] {
  const ids = new Set(plan.drafts.map(({ event }) => event.id));
  let next = 0;
  return requests.flatMap((request) => {
    const first = plan.drafts[next];
    if (!first || first.event !== request.events[0] || !ids.has(first.event.id)) return [];
    const drafts = plan.drafts.slice(next, next + request.events.length);
    next += drafts.length;
    return [{ request, drafts }];
  });
}

function appendOf(drafts: readonly Draft[], events: readonly StoreEvent[]): StoreAppend {
  const [first] = drafts;
  if (!first) throw new Error('A run has no drafts.');
  const expected = first.revision === 0 ? 'none' : revisionOf(first.revision - 1);
  return { stream: first.stream, expected, events };
}

function storeEvent({ event }: Draft, { events, idempotencyKey }: AppendRequest, index: number): StoreEvent {
  return {
    id: event.id,
    type: event.type,
    data: Buffer.from(event.body),
    metadata: {
      key: event.key,
      v: String(entryVersionOf(event)),
      ...(event.by === undefined ? {} : { by: event.by }),
      ...(events.length > 1 ? { part: `${index + 1}/${events.length}` } : {}),
      ...(index === 0 && idempotencyKey !== undefined ? { idempotencyKey } : {}),
    },
  };
}

/** Appends runs, all under way at once. Never throws. */
export const appendRuns = (
  store: EventStore,
  runs: readonly DraftRun[],
  settleMs: number,
): Promise<readonly DraftRunResult[]> =>
  Promise.all(runs.map(({ append }) => appendUntilSettled(settleMs, () => store.append(append))));

/** Appends runs one after the other, so that the store has them in their order. Never throws. */
export async function appendRunsInOrder(
  store: EventStore,
  runs: readonly DraftRun[],
  settleMs: number,
): Promise<readonly DraftRunResult[]> {
  const results: DraftRunResult[] = [];
  for (const { append } of runs) results.push(await appendUntilSettled(settleMs, () => store.append(append)));
  return results;
}

/**
 * Appends, and repeats an append without an answer: at exactly the revision where it is expected, the store takes an
 * event once.
 */
export async function appendUntilSettled(
  settleMs: number,
  append: () => ReturnType<EventStore['append']>,
): Promise<DraftRunResult> {
  const deadline = Date.now() + settleMs;
  try {
    return await retry(append, {
      schedule: STORE_APPEND_RETRIES,
      mayPass: (error) => error instanceof LogUnavailableError && Date.now() < deadline,
    });
  } catch (error) {
    return error instanceof LogUnavailableError ? { outcome: 'unknown', error } : { outcome: 'failed', error };
  }
}
