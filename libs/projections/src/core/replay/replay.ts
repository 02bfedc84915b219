import { type RecordedEvent, fromStored, policyStream } from '#domain';
import { type EventLog, type LogEntry, readStreamWhole } from '#event-log/reads';
import type { Coordinate } from '#temporal';
import { type FactsAt, isFolded } from './fold-entries.js';
import { ReplayTooLongError, type Replays } from './replay-threads.js';

/** A policy whose entries are longer than this, in characters, is not folded for an answer. */
const LONGEST_REPLAY = 100 * 1024 * 1024;

type Streams = Pick<EventLog, 'readStream'>;

/** The entries of a policy up to a position, from the log. Throws {@link ReplayTooLongError} where they are too long. */
export async function entriesOfPolicy(log: Streams, slug: string, until: number): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  let length = 0;
  for await (const page of readStreamWhole(log, policyStream(slug), { upTo: until })) {
    entries.push(...page);
    length += page.reduce((sum, { entry }) => sum + entry.length, 0);
    if (length > LONGEST_REPLAY)
      throw new ReplayTooLongError('The policy has more events than are folded anew for one answer.');
  }
  return entries;
}

/** The events of a policy up to a position, from the log. */
export const eventsOfPolicy = async (log: Streams, slug: string, until: number): Promise<readonly RecordedEvent[]> =>
  (await entriesOfPolicy(log, slug, until)).filter(isFolded).map(fromStored);

/** The same as the boxes say, by folding the policy's events anew. */
export const replayedFacts = async (
  { log, replays }: { readonly log: Streams; readonly replays: Replays },
  slug: string,
  at: Coordinate,
): Promise<FactsAt> => replays.factsAt(await entriesOfPolicy(log, slug, at.recorded), at);
