import { type Address, dataAt } from '../address.js';
import type { Coordinate, PolicyEvent } from '../answers.js';
import { type Ask, read } from '../ask.js';
import { readEvents } from '../model-questions.js';

/** The columns of the index of events that say which were published last. */
interface PublicationIndex {
  readonly coordinate: Coordinate;
  readonly columns: {
    readonly key: readonly string[];
    readonly position: readonly number[];
    readonly publishedAt: readonly number[];
  };
}

/** So many events are shown as the newest. */
const NEWEST = 5;

/** Reads the events of a policy that were published last, the newest first; none where the index cannot be read. */
export async function readNewest(ask: Ask, address: Address, policy: string): Promise<readonly PolicyEvent[]> {
  // Lists of events begin with the oldest, so which are the newest is looked up in the index.
  const index = await read<PublicationIndex>(ask, dataAt(address, '/events', { policy, shape: 'index' }));
  if (!index.ok) return [];
  const keys = newestKeys(index.body);
  const events = keys.length === 0 ? {} : await readEvents(ask, index.body.coordinate, keys);
  return keys.flatMap((key) => events[key] ?? []);
}

/** The keys of the events that were published last; of one day those that were recorded last. */
export const newestKeys = ({ columns }: Pick<PublicationIndex, 'columns'>): readonly string[] =>
  columns.key
    .map((key, row) => ({ key, publishedAt: columns.publishedAt[row] ?? 0, position: columns.position[row] ?? 0 }))
    .sort((one, other) => other.publishedAt - one.publishedAt || other.position - one.position)
    .slice(0, NEWEST)
    .map(({ key }) => key);
