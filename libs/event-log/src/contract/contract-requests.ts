import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson } from '../entries/canonical-json.js';
import type { LogPosition, StreamRevision } from '../positions.js';
import type { AppendOutcome, AppendRequest, EventLog, ExpectedRevision, LogEntry, NewEvent } from '../port.js';

/** A revision of that number. */
export const revisionAt = (number: number): StreamRevision => number as StreamRevision;
/** Before the first event. */
export const START = 0 as LogPosition;

const idOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');

/** An event whose id follows from key and content, as the port asks. */
export const event = (key: string, content = 'one'): NewEvent => ({
  id: idOf(`${key} ${content}`),
  key,
  type: 'toll.changed',
  body: canonicalJson({ content, key }),
});

/** A request for events of these keys. */
export const requestFor = (
  stream: string,
  keys: readonly string[],
  expected: ExpectedRevision = 'any',
): AppendRequest => ({
  stream,
  expected,
  events: keys.map((key) => event(key)),
});

/** A name that nothing else has: of a stream, a key. */
export const uniqueName = (): string => `s${randomUUID()}`;

/** The outcome of an append in one word. */
export const outcomeOf = (outcome: AppendOutcome | undefined): string => outcome?.outcome ?? 'none';

/** All entries after a position, page by page. */
export async function readEverything(log: EventLog, after = START): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for (
    let page = await log.readAll(after, 500);
    page.length > 0;
    page = await log.readAll(entries.at(-1)?.position ?? after, 500)
  )
    entries.push(...page);
  return entries;
}

/** The outcome of each expected revision on a stream of a number of events, the same for every log and store. */
export const expectedRevisionCases: readonly [ExpectedRevision, events: number, outcome: 'appended' | 'conflict'][] = [
  ['any', 0, 'appended'],
  ['any', 2, 'appended'],
  ['none', 0, 'appended'],
  ['none', 1, 'conflict'],
  ['exists', 0, 'conflict'],
  ['exists', 1, 'appended'],
  [revisionAt(0), 0, 'conflict'],
  [revisionAt(0), 1, 'appended'],
  [revisionAt(1), 1, 'conflict'],
  [revisionAt(0), 2, 'conflict'],
  [revisionAt(1), 2, 'appended'],
];
