import type { StreamRevision } from './positions.js';
import type { EventLog, LogEntry } from './port.js';

/** The number of entries that are read at once, unless a reader asks for fewer. */
const PAGE = 1000;

/** A part of a stream: after a revision, up to a position of the log; without these, from its beginning to its end. */
export interface StreamPart {
  readonly after?: StreamRevision | undefined;
  readonly upTo?: number;
  readonly pageLimit?: number;
}

/** Reads a stream to its end, page by page; the last page may be empty. */
export async function* readStreamWhole(
  log: Pick<EventLog, 'readStream'>,
  stream: string,
  { after, upTo = Infinity, pageLimit = PAGE }: StreamPart = {},
): AsyncGenerator<readonly LogEntry[]> {
  for (let reached = after, isWhole = false; !isWhole;) {
    const page: readonly LogEntry[] = await log.readStream(stream, {
      limit: pageLimit,
      ...(reached === undefined ? {} : { after: reached }),
    });
    yield page.filter(({ position }) => position <= upTo);
    const last = page.at(-1);
    reached = last?.revision ?? reached;
    isWhole = page.length < pageLimit || last === undefined || last.position >= upTo;
  }
}
