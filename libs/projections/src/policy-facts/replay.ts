import { type RecordedEvent, type Revision, REGISTERED, fromStored, policyStream } from '#domain';
import { DISREGARDED, type EventLog, type LogEntry } from '#event-log';
import { type Coordinate, keysInForce, stateAt } from '#temporal';
import type { FactsAt } from './state.js';

const PAGE = 1000;

/** The events of a policy up to a position, from the log. */
export async function eventsOfPolicy(
  log: Pick<EventLog, 'readStream'>,
  slug: string,
  until: number,
): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let after: Revision | undefined, more = true; more;) {
    const page: readonly LogEntry[] = await log.readStream(policyStream(slug), {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    const asserting = page.filter(({ type }) => type !== REGISTERED && type !== DISREGARDED);
    events.push(...asserting.filter(({ position }) => position <= until).map(fromStored));
    after = page.at(-1)?.revision;
    more = page.length === PAGE && (page.at(-1)?.position ?? until) < until;
  }
  return events;
}

/** The same as the boxes say, by folding the policy's events anew. */
export async function replayedFacts(log: Pick<EventLog, 'readStream'>, slug: string, at: Coordinate): Promise<FactsAt> {
  const state = stateAt(await eventsOfPolicy(log, slug, at.recorded), at);
  return { facts: [...state.facts.values()], uncertain: state.uncertain, eventCount: keysInForce(state).length };
}
