import { type Address, dataAt } from './address.js';
import type { List, PolicyState } from './answers.js';
import { type Ask, read } from './ask.js';

/** The titles of policies by their slugs. */
export type Titles = Readonly<Record<string, string>>;

/** Titles of more policies than these are not read for a page; it shows their slugs instead. */
const TITLES_LIMIT = '500';

/** Reads the titles of the policies on record; none when they cannot be read, since slugs can stand for them. */
export async function readTitles(ask: Ask, address: Address): Promise<Titles> {
  const list = await read<List<PolicyState>>(ask, dataAt(address, '/policies', { limit: TITLES_LIMIT }));
  return list.ok ? Object.fromEntries(list.body.items.map(({ policy, title }) => [policy, title])) : {};
}
