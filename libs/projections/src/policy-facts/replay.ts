import { type RecordedEvent, type Revision, REGISTERED, fromStored, policyStream } from '#domain';
import { DISREGARDED, type EventLog, type LogEntry } from '#event-log';
import type { Coordinate } from '#temporal';
import { foldedFacts } from './replay-threads.js';
import type { FactsAt } from './state.js';

const PAGE = 1000;

/** The entries of a policy up to a position, from the log. */
async function entriesOfPolicy(
  log: Pick<EventLog, 'readStream'>,
  slug: string,
  until: number,
): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let after: Revision | undefined, more = true; more;) {
    const page: readonly LogEntry[] = await log.readStream(policyStream(slug), {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    entries.push(...page.filter(({ position }) => position <= until));
    after = page.at(-1)?.revision;
    more = page.length === PAGE && (page.at(-1)?.position ?? until) < until;
  }
  return entries;
}

/** The events of a policy up to a position, from the log. */
export async function eventsOfPolicy(
  log: Pick<EventLog, 'readStream'>,
  slug: string,
  until: number,
): Promise<readonly RecordedEvent[]> {
  const entries = await entriesOfPolicy(log, slug, until);
  return entries.filter(({ type }) => type !== REGISTERED && type !== DISREGARDED).map(fromStored);
}

/** The same as the boxes say, by folding the policy's events anew. */
export const replayedFacts = async (
  log: Pick<EventLog, 'readStream'>,
  slug: string,
  at: Coordinate,
): Promise<FactsAt> => foldedFacts(await entriesOfPolicy(log, slug, at.recorded), at);
