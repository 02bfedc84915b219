import { setTimeout as delay } from 'node:timers/promises';
import {
  type AppendOutcome,
  type AppendRequest,
  isAppendRefused,
  LogUnavailableError,
  type LogPosition,
  positionOf,
  type TogetherOutcome,
} from '#event-log/adapter';
import type { StorePlan } from './store-planner.js';
import type { StoreWriter } from './store-writer.js';

/** The wait before requests are tried again that conflicted with others. */
const PAUSE_MS = 20;

/**
 * Appends requests all or none. On servers that take no append to several streams they are planned together, and then
 * appended one stream after another: what breaks off half-way is completed by the same request.
 */
export async function appendAllOrNone(
  writer: StoreWriter,
  requests: readonly AppendRequest[],
  contendedMs: number,
): Promise<TogetherOutcome> {
  const deadline = Date.now() + contendedMs;
  for (let events = 0; ; await delay(PAUSE_MS)) {
    const plan = await writer.plan(requests);
    const isBlocked = plan.blocked.length > 0;
    const index = isBlocked ? -1 : plan.outcomes.findIndex(isAppendRefused);
    const refusal = plan.outcomes[index];
    if (isBlocked || refusal) {
      await writer.release(plan);
      if (refusal && events === 0) return answerRefusal(writer, requests, { index, refusal });
      if (refusal) throw makeInterruption(events);
    } else {
      const { appended, isAll } = await appendAll(writer, plan, events);
      events += appended;
      if (isAll) return { outcome: 'appended', events, last: await locateLast(writer, plan.outcomes, events) };
    }
    if (Date.now() > deadline) throw makeInterruption(events);
  }
}

async function appendAll(
  writer: StoreWriter,
  plan: StorePlan,
  before: number,
): Promise<{ readonly appended: number; readonly isAll: boolean }> {
  const failed = await writer.appendTogether(plan);
  const appended = plan.plan.drafts.length - failed.size;
  for (const { result } of failed.values()) {
    if (result.outcome === 'unknown') throw result.error;
    if (result.outcome === 'failed') throw before + appended > 0 ? makeInterruption(before + appended) : result.error;
  }
  return { appended, isAll: failed.size === 0 };
}

async function answerRefusal(
  writer: StoreWriter,
  requests: readonly AppendRequest[],
  { index, refusal }: { readonly index: number; readonly refusal: AppendOutcome },
): Promise<TogetherOutcome> {
  const request = requests[index];
  // What it rests on may be of these requests, and will never be in the log.
  if (refusal.outcome === 'conflict') return { outcome: 'refused', index, reason: refusal };
  const reason = request && (await writer.locateOutcome(request, refusal));
  if (!reason) throw makeInterruption(0);
  return { outcome: 'refused', index, reason };
}

/** The last position of all; the log has to have them. */
async function locateLast(
  writer: StoreWriter,
  outcomes: readonly AppendOutcome[],
  events: number,
): Promise<LogPosition> {
  const locations = outcomes.flatMap((outcome) => ('locations' in outcome ? outcome.locations : []));
  let last = positionOf(0);
  for (const location of await Promise.all(locations.map((each) => writer.locate(each)))) {
    if (location === 'pending' || location === undefined)
      throw new LogUnavailableError(
        `All ${events} events are in the event store, but the log has not copied them yet. Send the same request again: nothing is recorded twice.`,
      );
    if (location.position > last) last = location.position;
  }
  return last;
}

const makeInterruption = (events: number): LogUnavailableError =>
  new LogUnavailableError(
    events === 0
      ? 'Concurrent appends conflicted with this one. Nothing was recorded; try again shortly.'
      : `Other appends came in between when ${events} events were recorded. Send the same request again: the rest is recorded, and nothing twice.`,
  );
