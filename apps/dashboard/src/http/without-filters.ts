import type { Address } from './address.js';
import type { Dropped, List } from './answers.js';
import { type Ask, read } from './ask.js';

interface Narrowed {
  /** The filters that narrow the list down, of those that its page has. */
  readonly filters: readonly string[];
  /** Where the list is read without one of them. */
  readonly addressWithout: (name: string) => string;
}

/** Counts the rows there are without each of the filters that leave a list empty; filters that change nothing are left out. */
export async function countWithoutEach(
  ask: Ask,
  { parameters }: Address,
  { filters, addressWithout }: Narrowed,
): Promise<readonly Dropped[]> {
  const counted = await Promise.all(
    filters
      .filter((name) => parameters.has(name))
      .map(async (name) => {
        const list = await read<List<unknown>>(ask, addressWithout(name));
        return list.ok ? [{ name, count: list.body.items.length, isMore: Boolean(list.body.next) }] : [];
      }),
  );
  return counted.flat().filter(({ count, isMore }) => count > 0 || isMore);
}
