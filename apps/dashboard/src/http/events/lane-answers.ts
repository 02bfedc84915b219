import type { HistoryRow } from '../../graphics/lanes/history-segments.js';
import { type Address, writeQuery } from '../address.js';
import type { List } from '../answers.js';
import { type Ask, type Read, read } from '../ask.js';
import { type EventIndex, trimIndex } from './event-index.js';

/** What the lanes of events are made of. */
export interface LaneAnswers {
  /** The events known at the coordinate. */
  readonly known: EventIndex;
  /** The events on record, whenever they were published; absent where those are all known. */
  readonly all?: EventIndex;
  /** Statuses of the policies of these events, whenever they were known. */
  readonly statuses: readonly HistoryRow[];
  /** Keys of events that an anomaly was found in. */
  readonly anomalies: readonly string[];
}

/** Which events lanes are of. */
export interface LaneQuestion {
  /** The slug of the policy within which the lanes are; of all policies without one. */
  readonly policy: string | undefined;
  /** The parameters of the page that choose among events. */
  readonly filters: readonly string[];
}

// As many as the interface gives at once. Lanes lack what is beyond; the list has it.
const MOST = '1000';

// Parameters of lists that do not choose among events.
const OF_LISTS = new Set(['order', 'scope', 'cursor']);

/** Reads what the lanes of a page show. */
export async function readLanes(ask: Ask, address: Address, question: LaneQuestion): Promise<Read<LaneAnswers>> {
  const { policy, filters } = question;
  const chosen = new Map(
    filters.filter((name) => !OF_LISTS.has(name)).map((name) => [name, parameterOf(address, name)]),
  );
  const index = (times: readonly string[]): string =>
    addressOf(address, '/v1/events', { times, more: { ...Object.fromEntries(chosen), policy, shape: 'index' } });
  const [known, all, statuses, anomalies] = await Promise.all([
    read<EventIndex>(ask, index(['knownAt', 'validAt', 'recordedAt'])),
    address.parameters.has('knownAt') ? read<EventIndex>(ask, index(['recordedAt'])) : undefined,
    readStatuses(ask, address, policy),
    read<List<{ readonly event: string }>>(
      ask,
      addressOf(address, '/v1/anomalies', { times: ['recordedAt'], more: { policy, limit: MOST } }),
    ),
  ]);
  if (!known.ok) return known;
  return {
    ok: true,
    body: {
      known: trimIndex(known.body),
      ...(all?.ok ? { all: trimIndex(all.body) } : {}),
      statuses,
      anomalies: anomalies.ok ? anomalies.body.items.map(({ event }) => event) : [],
    },
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

/** The accounts of statuses: of one policy all there ever were, of all policies those of the coordinate. */
async function readStatuses(ask: Ask, address: Address, policy: string | undefined): Promise<readonly HistoryRow[]> {
  const asked =
    policy === undefined
      ? addressOf(address, '/v1/history', {
          times: ['knownAt', 'recordedAt'],
          more: { field: 'status', limit: MOST, slice: 'knownAt' },
        })
      : addressOf(address, `/v1/policies/${policy}/history`, {
          times: ['recordedAt'],
          more: { field: 'status', limit: MOST, slice: 'none', uncertain: 'true' },
        });
  const list = await read<List<HistoryRow>>(ask, asked);
  return list.ok ? list.body.items.map(shorten) : [];
}

const shorten = ({ policy, field, value, event, recorded, known, valid, certainty }: HistoryRow): HistoryRow => ({
  ...{ field, value, event, recorded, known, valid },
  ...(policy === undefined ? {} : { policy }),
  ...(certainty === undefined ? {} : { certainty }),
});
