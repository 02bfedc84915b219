import type { EventLog, LogEntry, Revision } from '#event-log';

/** Entries of a stream that are read at a time. */
export const PAGE = 1000;

/** Every entry of a stream, page by page. */
export async function* entriesOf(log: Pick<EventLog, 'readStream'>, stream: string): AsyncGenerator<LogEntry> {
  for (let after: Revision | undefined, more = true; more;) {
    const page: readonly LogEntry[] = await log.readStream(stream, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    yield* page;
    after = page.at(-1)?.revision;
    more = page.length === PAGE;
  }
}
