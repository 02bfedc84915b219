import type { EventLog, LogEntry, StreamRevision } from '#event-log';

/** Entries of a stream that are read at a time. */
const PAGE = 1000;

/** Every entry of a stream after a revision, or from its beginning on, page by page. */
export async function* entriesOf(
  log: Pick<EventLog, 'readStream'>,
  stream: string,
  since?: StreamRevision,
): AsyncGenerator<LogEntry> {
  for (let after = since, more = true; more;) {
    const page: readonly LogEntry[] = await log.readStream(stream, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    yield* page;
    after = page.at(-1)?.revision ?? after;
    more = page.length === PAGE;
  }
}
