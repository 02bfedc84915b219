import type { HistoryRow } from '../../graphics/lanes/history-segments.js';
import { type Address, writeQuery } from '../address.js';
import { type Ask, type Read, read } from '../ask.js';
import { readWholeList } from '../whole-list.js';
import { type EventIndex, trimIndex } from './event-index.js';

/** What the lanes of events are made of. */
export interface LaneAnswers {
  /** The events known at the coordinate. */
  readonly known: EventIndex;
  /** The events on record, whenever they were published; absent where those are all known. */
  readonly all?: EventIndex;
  /** Statuses of the policies of these events, as known at the coordinate. */
  readonly statuses: readonly HistoryRow[];
  /** Keys of events that an anomaly was found in. */
  readonly anomalies: readonly string[];
  /** There are more statuses or anomalies than these. */
  readonly isCut?: true;
  /** Statuses and anomalies are still on their way. */
  readonly isPartial?: true;
}

/** Which events lanes are of. */
export interface LaneQuestion {
  /** The slug of the policy within which the lanes are; of all policies without one. */
  readonly policy: string | undefined;
  /** The parameters of the page that choose among events. */
  readonly filters: readonly string[];
}

// As many as the interface gives at once.
const MOST = '1000';

// Parameters of lists that do not choose among events.
const OF_LISTS = new Set(['order', 'scope', 'cursor']);

interface LaneAddresses {
  readonly known: string;
  /** Undefined where the events that are known are all there are. */
  readonly all: string | undefined;
  readonly statuses: string;
  readonly anomalies: string;
}

/** Where what the lanes of a page show is read. */
function laneAddresses(address: Address, { policy, filters }: LaneQuestion): LaneAddresses {
  const chosen = new Map(
    filters.filter((name) => !OF_LISTS.has(name)).map((name) => [name, parameterOf(address, name)]),
  );
  const index = (times: readonly string[]): string =>
    addressOf(address, '/v1/events', { times, more: { ...Object.fromEntries(chosen), policy, shape: 'index' } });
  return {
    known: index(['knownAt', 'validAt', 'recordedAt']),
    all: address.parameters.has('knownAt') ? index(['recordedAt']) : undefined,
    statuses: statusesAddress(address, policy),
    anomalies: addressOf(address, '/v1/anomalies', { times: ['recordedAt'], more: { policy, limit: MOST } }),
  };
}

/** What a browser can begin to fetch before the script is there that will ask for it. */
export const lanesAhead = (address: Address, question: LaneQuestion): readonly string[] =>
  Object.values(laneAddresses(address, question)).filter((each) => each !== undefined);

/** Reads what the lanes of a page show. */
export async function readLanes(ask: Ask, address: Address, question: LaneQuestion): Promise<Read<LaneAnswers>> {
  const { known, others } = askForLanes(ask, address, question);
  const [events, marks] = await Promise.all([known, others]);
  return events.ok ? { ok: true, body: { ...events.body, ...marks } } : events;
}

/**
 * Reads the same in two steps: the events as soon as they are there, with the statuses and anomalies later, since those
 * come page after page.
 */
export async function* readLanesInSteps(
  ask: Ask,
  address: Address,
  question: LaneQuestion,
): AsyncGenerator<Read<LaneAnswers>> {
  const { known, others } = askForLanes(ask, address, question);
  const first = await Promise.race([known, others]);
  const events = await known;
  if (!events.ok) return yield events;
  // What is there already needs no step of its own.
  if (!('statuses' in first))
    yield { ok: true, body: { ...events.body, statuses: [], anomalies: [], isPartial: true } };
  yield { ok: true, body: { ...events.body, ...(await others) } };
}

type EventsOfLanes = Pick<LaneAnswers, 'known' | 'all'>;
type MarksOfLanes = Omit<LaneAnswers, 'known' | 'all'>;

interface AskedLanes {
  readonly known: Promise<Read<EventsOfLanes>>;
  readonly others: Promise<MarksOfLanes>;
}

function askForLanes(ask: Ask, address: Address, question: LaneQuestion): AskedLanes {
  const asked = laneAddresses(address, question);
  return { known: readEventsOfLanes(ask, asked), others: readMarks(ask, asked) };
}

async function readEventsOfLanes(ask: Ask, asked: LaneAddresses): Promise<Read<EventsOfLanes>> {
  const [known, all] = await Promise.all([
    read<EventIndex>(ask, asked.known),
    asked.all === undefined ? undefined : read<EventIndex>(ask, asked.all),
  ]);
  if (!known.ok) return known;
  return { ok: true, body: { known: trimIndex(known.body), ...(all?.ok ? { all: trimIndex(all.body) } : {}) } };
}

async function readMarks(ask: Ask, asked: LaneAddresses): Promise<MarksOfLanes> {
  const [statuses, anomalies] = await Promise.all([
    readWholeList<HistoryRow>(ask, asked.statuses),
    readWholeList<{ readonly event: string }>(ask, asked.anomalies),
  ]);
  return {
    statuses: statuses.items.map(shorten),
    anomalies: anomalies.items.map(({ event }) => event),
    ...(statuses.isCut || anomalies.isCut ? { isCut: true } : {}),
  };
}

const parameterOf = ({ parameters }: Address, name: string): string | undefined => parameters.get(name);

interface Asked {
  /** The times of the coordinate that the question keeps. */
  readonly times: readonly string[];
  readonly more: Readonly<Record<string, string | undefined>>;
}

function addressOf(address: Address, path: string, { times, more }: Asked): string {
  const kept = new Map(times.flatMap((name) => [[name, parameterOf(address, name) ?? ''] as const]));
  const given = new Map([...kept].filter(([, value]) => value !== ''));
  return `${path}${writeQuery(given, more)}`;
}

/** Where the accounts of statuses are, as they were known at the coordinate. */
const statusesAddress = (address: Address, policy: string | undefined): string =>
  addressOf(address, policy === undefined ? '/v1/history' : `/v1/policies/${policy}/history`, {
    times: ['knownAt', 'recordedAt'],
    more: {
      field: 'status',
      limit: MOST,
      slice: 'knownAt',
      // Of all policies the interface tells them unasked.
      ...(policy === undefined ? {} : { uncertain: 'true' }),
    },
  });

const shorten = ({ policy, field, value, event, recorded, known, valid, certainty }: HistoryRow): HistoryRow => ({
  ...{ field, value, event, recorded, known, valid },
  ...(policy === undefined ? {} : { policy }),
  ...(certainty === undefined ? {} : { certainty }),
});
