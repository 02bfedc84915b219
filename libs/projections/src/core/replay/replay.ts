import { type RecordedEvent, type Revision, fromStored, policyStream } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import type { Coordinate } from '#temporal';
import { type FactsAt, isFolded } from './fold-entries.js';
import { ReplayTooLongError, type Replays } from './replay-threads.js';

const PAGE = 1000;

/** A policy whose entries are longer than this, in characters, is not folded for an answer. */
const LONGEST_REPLAY = 100 * 1024 * 1024;

type Streams = Pick<EventLog, 'readStream'>;

/** The entries of a stream up to a position, page by page. */
export async function* entriesOfStream(
  log: Streams,
  stream: string,
  until: number,
): AsyncGenerator<readonly LogEntry[]> {
  for (let after: Revision | undefined, more = true; more;) {
    const page: readonly LogEntry[] = await log.readStream(stream, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    yield page.filter(({ position }) => position <= until);
    after = page.at(-1)?.revision;
    more = page.length === PAGE && (page.at(-1)?.position ?? until) < until;
  }
}

/** The entries of a policy up to a position, from the log. Throws {@link ReplayTooLongError} where they are too long. */
export async function entriesOfPolicy(log: Streams, slug: string, until: number): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  let length = 0;
  for await (const page of entriesOfStream(log, policyStream(slug), until)) {
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
