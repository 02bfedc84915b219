import { setTimeout as delay } from 'node:timers/promises';
import {
  type AppendOutcome,
  type AppendRequest,
  LogUnavailableError,
  type Position,
  positionOf,
  type TogetherOutcome,
} from '#event-log/adapter';
import type { Judgement } from './store-planner.js';
import type { StoreWriter } from './store-writer.js';

/** How long is waited before requests are tried again that others were in the way of. */
const PAUSE_MS = 20;

/**
 * Appends requests all or none. On servers that take no append to several streams they are judged together, and then
 * appended one stream after another: what breaks off half-way is completed by the same request.
 */
export async function appendTogether(
  writer: StoreWriter,
  requests: readonly AppendRequest[],
  contendedMs: number,
): Promise<TogetherOutcome> {
  const deadline = Date.now() + contendedMs;
  for (let events = 0; ; await delay(PAUSE_MS)) {
    const judgement = await writer.judge(requests);
    const isBlocked = judgement.blocked.length > 0;
    const index = isBlocked ? -1 : judgement.verdicts.findIndex(isRefusal);
    const refusal = judgement.verdicts[index];
    if (isBlocked || refusal) {
      await writer.release(judgement);
      if (refusal && events === 0) return refused(writer, requests, { index, refusal });
      if (refusal) throw halfway(events);
    } else {
      const { appended, isAll } = await appendAll(writer, judgement, events);
      events += appended;
      if (isAll) return { outcome: 'appended', events, last: await lastOf(writer, judgement.verdicts, events) };
    }
    if (Date.now() > deadline) throw halfway(events);
  }
}

async function appendAll(
  writer: StoreWriter,
  judgement: Judgement,
  before: number,
): Promise<{ readonly appended: number; readonly isAll: boolean }> {
  const failed = await writer.appendTogether(judgement);
  const appended = judgement.plan.drafts.length - failed.size;
  for (const { result } of failed.values()) {
    if (result.outcome === 'unknown') throw result.error;
    if (result.outcome === 'failed') throw before + appended > 0 ? halfway(before + appended) : result.error;
  }
  return { appended, isAll: failed.size === 0 };
}

async function refused(
  writer: StoreWriter,
  requests: readonly AppendRequest[],
  { index, refusal }: { readonly index: number; readonly refusal: AppendOutcome },
): Promise<TogetherOutcome> {
  const request = requests[index];
  // What it rests on may be of these requests, and will never be in the log.
  if (refusal.outcome === 'conflict') return { outcome: 'refused', index, reason: refusal };
  const reason = request && (await writer.placed(request, refusal));
  if (!reason) throw halfway(0);
  return { outcome: 'refused', index, reason };
}

/** The last position of all; the log has to have them. */
async function lastOf(writer: StoreWriter, verdicts: readonly AppendOutcome[], events: number): Promise<Position> {
  const places = verdicts.flatMap((verdict) => ('places' in verdict ? verdict.places : []));
  let last = positionOf(0);
  for (const place of await Promise.all(places.map((each) => writer.place(each)))) {
    if (place === 'pending' || place === undefined)
      throw new LogUnavailableError(
        `All ${events} events are in the event store, but the log has not copied them yet. Send the same request again: nothing is recorded twice.`,
      );
    if (place.position > last) last = place.position;
  }
  return last;
}

const isRefusal = ({ outcome }: AppendOutcome): boolean => outcome !== 'appended' && outcome !== 'duplicate';

const halfway = (events: number): LogUnavailableError =>
  new LogUnavailableError(
    events === 0
      ? 'Concurrent appends conflicted with this one. Nothing was recorded; try again shortly.'
      : `Other appends came in between when ${events} events were recorded. Send the same request again: the rest is recorded, and nothing twice.`,
  );
