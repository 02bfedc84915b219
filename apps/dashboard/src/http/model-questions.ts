import { type Address, type Changes, dataAt, writeQuery } from './address.js';
import type { Coordinate, List, PolicyEvent } from './answers.js';
import { type Ask, type Read, read } from './ask.js';

/** Which list a page shows, and by which of its parameters it can be narrowed down. */
export interface ListQuestion {
  /** Below `/v1`. */
  readonly path: string;
  readonly filters: readonly string[];
  /** Parameters of the interface that the page has no field for. */
  readonly always?: Changes;
}

/** Reads one page of a list, narrowed down as the address says. */
export function readList<Row>(
  ask: Ask,
  address: Address,
  { path, filters, always = {} }: ListQuestion,
): Promise<Read<List<Row>>> {
  const chosen = ['cursor', ...filters].map((name) => [name, address.parameters.get(name)] as const);
  return read<List<Row>>(ask, dataAt(address, path, { ...always, ...Object.fromEntries(chosen) }));
}

/** The address of data at exactly the coordinate that another answer resolved to. */
export function dataPinned(
  { recordedAt, knownAt, validAt }: Coordinate,
  path: string,
  parameters: Changes = {},
): string {
  const coordinate = { recordedAt: `@${recordedAt.position}`, knownAt, validAt };
  return `/v1${path}${writeQuery(new Map(Object.entries(coordinate)), parameters)}`;
}

/** Events by their keys; those that are not in force at the coordinate, or were not read, are not among them. */
export type EventsByKey = Readonly<Record<string, PolicyEvent>>;

/** More events than these are not read for one page; it shows their keys instead. */
const EVENTS_LIMIT = 200;
const READ_AT_ONCE = 8;

/** Reads events by their keys at the coordinate of another answer. */
export async function readEvents(ask: Ask, coordinate: Coordinate, keys: Iterable<string>): Promise<EventsByKey> {
  const wanted = [...new Set(keys)].slice(0, EVENTS_LIMIT);
  const found: Record<string, PolicyEvent> = {};
  for (let start = 0; start < wanted.length; start += READ_AT_ONCE) {
    const answers = await Promise.all(
      wanted
        .slice(start, start + READ_AT_ONCE)
        .map((key) => read<PolicyEvent>(ask, dataPinned(coordinate, `/events/${encodeURIComponent(key)}`))),
    );
    for (const answer of answers) if (answer.ok) found[answer.body.key] = shortenEvent(answer.body);
  }
  return found;
}

/** Keeps of an event what lists show of it: the page carries its data with it. */
const shortenEvent = (event: PolicyEvent): PolicyEvent => {
  const { id, key, type, policy, position, revision, recordedAt, knownFrom, occurred, publishedAt, summary } = event;
  const always = { id, key, type, policy, position, revision, recordedAt, knownFrom, occurred, publishedAt, summary };
  const { actors = [], sources = [], links = [], dating } = event;
  return { ...always, actors, sources, links, ...(dating === undefined ? {} : { dating }) };
};
