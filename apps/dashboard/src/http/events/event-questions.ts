import { type Address, dataAt } from '../address.js';
import type { Dropped, PolicyEvent } from '../answers.js';
import { type Ask, type Read, read } from '../ask.js';
import type { EventPage } from './event-answers.js';
import { type LaneAnswers, type LaneQuestion, lanesAhead, readLanes } from './lane-answers.js';
import { type Titles, readTitles } from '../titles.js';
import { countWithoutEach } from '../without-filters.js';

/** The filters of a list of events that can leave it empty; the others widen or order it. */
export const NARROWING = ['q', 'actor', 'type', 'policy'] as const;

/** A list of events, and what helps where it is empty. */
export interface EventsData {
  readonly list: EventPage;
  readonly titles: Titles;
  readonly dropped: readonly Dropped[];
  /** What the lanes beside the list show; absent where the list has further pages, since it would be much to carry. */
  readonly lanes?: LaneAnswers;
}

interface EventQuestion {
  /** Below `/v1`. */
  readonly path: string;
  /** The slug of the policy whose events these are; undefined where they are of all policies. */
  readonly policy: string | undefined;
  /** The parameters of the page that the interface takes at this path. */
  readonly filters: readonly string[];
}

/** Reads a list of events as the address asks for it. */
export async function readEventPage(ask: Ask, address: Address, question: EventQuestion): Promise<Read<EventsData>> {
  const [list, titles] = await Promise.all([
    read<EventPage>(ask, dataOf(address, question, ['cursor', ...question.filters])),
    readTitles(ask, address),
  ]);
  if (!list.ok) return list;
  const { items, next = null } = list.body;
  const dropped = items.length === 0 ? await countEventsWithoutEach(ask, address, question) : [];
  const isWhole = next === null && !address.parameters.has('cursor');
  const lanes = isWhole ? await readLanes(ask, address, question) : undefined;
  return {
    ok: true,
    body: {
      list: { ...list.body, items: items.map(shorten) },
      titles,
      dropped,
      ...(lanes?.ok ? { lanes: lanes.body } : {}),
    },
  };
}

/** What the script will ask for: the lanes of a list that does not bring them along. */
export const eventsAhead = (
  { list, lanes }: EventsData,
  address: Address,
  question: LaneQuestion,
): readonly string[] => (lanes !== undefined || list.items.length === 0 ? [] : lanesAhead(address, question));

const dataOf = (address: Address, { path }: EventQuestion, names: readonly string[]): string =>
  dataAt(address, path, Object.fromEntries(names.map((name) => [name, address.parameters.get(name)])));

/** Counts the events there are without each of the filters that narrow the list down. */
const countEventsWithoutEach = (ask: Ask, address: Address, question: EventQuestion): Promise<readonly Dropped[]> =>
  countWithoutEach(ask, address, {
    filters: NARROWING.filter((name) => question.filters.includes(name)),
    addressWithout: (name) =>
      dataOf(
        address,
        question,
        question.filters.filter((other) => other !== name && !(name === 'actor' && other === 'affiliated')),
      ),
  });

/** Keeps of an event what a list shows of it: the page carries its data with it. */
function shorten(event: PolicyEvent): PolicyEvent {
  const { id, key, type, policy, position, revision, recordedAt, knownFrom, occurred, publishedAt, summary } = event;
  const { epistemic, modality, status, dating, correctedBy, retractedBy, actors = [], sources = [] } = event;
  return {
    ...{ id, key, type, policy, position, revision, recordedAt, knownFrom, occurred, publishedAt, summary },
    ...(epistemic === undefined ? {} : { epistemic }),
    ...(modality === undefined ? {} : { modality }),
    ...(status === undefined ? {} : { status }),
    ...(dating === undefined ? {} : { dating }),
    ...(correctedBy === undefined ? {} : { correctedBy }),
    ...(retractedBy === undefined ? {} : { retractedBy }),
    actors: actors.map(({ name, kind }) => ({ name, kind })),
    sources: sources.map(({ publisher, title, publishedAt: day, genre }) => ({
      publisher,
      title,
      publishedAt: day,
      genre,
    })),
  };
}
