import { type Address, type Changes, dataAt, writeQuery } from './address.js';
import type { Coordinate, List, PolicyEvent } from './answers.js';
import { type Ask, type Read, read } from './ask.js';
import { countWithoutEach } from './without-filters.js';

/** Which list a page shows, and by which of its parameters it can be narrowed down. */
export interface ListQuestion {
  /** Below `/v1`. */
  readonly path: string;
  readonly filters: readonly string[];
  /** Parameters of the interface that the page has no field for. */
  readonly always?: Changes;
}

/** Reads one page of a list, narrowed down as the address says; where that leaves nothing, also what there is without each filter. */
export async function readList<Row>(
  ask: Ask,
  address: Address,
  { path, filters, always = {} }: ListQuestion,
): Promise<Read<List<Row>>> {
  const addressWith = (names: readonly string[]): string => {
    const chosen = names.map((name) => [name, address.parameters.get(name)] as const);
    return dataAt(address, path, { ...always, ...Object.fromEntries(chosen) });
  };
  const list = await read<List<Row>>(ask, addressWith(['cursor', ...filters]));
  if (!list.ok || list.body.items.length > 0 || !filters.some((name) => address.parameters.has(name))) return list;
  const dropped = await countWithoutEach(ask, address, {
    filters,
    addressWithout: (name) => addressWith(filters.filter((other) => other !== name)),
  });
  return { ok: true, body: { ...list.body, dropped } };
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
const EVENTS_LIMIT = 400;
const READ_AT_ONCE = 30;

/** Reads events by their keys at the coordinate of another answer. */
export async function readEvents(ask: Ask, coordinate: Coordinate, keys: Iterable<string>): Promise<EventsByKey> {
  const wanted = [...new Set(keys)].slice(0, EVENTS_LIMIT);
  const parts = Array.from({ length: Math.ceil(wanted.length / READ_AT_ONCE) }, (_, part) =>
    wanted.slice(part * READ_AT_ONCE, (part + 1) * READ_AT_ONCE),
  );
  const events = await Promise.all(parts.map((part) => readPart(ask, coordinate, part)));
  return Object.fromEntries(events.flat().map((event) => [event.key, shortenEvent(event)]));
}

/** Reads some events; a page that ends early, since its events are long, leads to the next. */
async function readPart(ask: Ask, coordinate: Coordinate, keys: readonly string[]): Promise<readonly PolicyEvent[]> {
  const question = { key: keys.join(','), records: 'true' };
  const events: PolicyEvent[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < keys.length; page += 1) {
    const answer = await read<List<PolicyEvent>>(ask, dataPinned(coordinate, '/events', { ...question, cursor }));
    if (!answer.ok) break;
    events.push(...answer.body.items);
    if (!answer.body.next) break;
    cursor = answer.body.next;
  }
  return events;
}

/** Keeps of an event what lists show of it: the page carries its data with it. */
const shortenEvent = (event: PolicyEvent): PolicyEvent => {
  const { id, key, type, policy, position, revision, recordedAt, knownFrom, occurred, publishedAt, summary } = event;
  const always = { id, key, type, policy, position, revision, recordedAt, knownFrom, occurred, publishedAt, summary };
  const { actors = [], sources = [], links = [], dating, epistemic, modality } = event;
  return {
    ...always,
    actors,
    sources,
    links,
    ...(dating === undefined ? {} : { dating }),
    ...(epistemic === undefined ? {} : { epistemic }),
    ...(modality === undefined ? {} : { modality }),
  };
};
