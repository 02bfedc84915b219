import type { Pool } from 'pg';
import { nearestWord, normalizeName } from '#domain';
import type { Page, Paged, ResolvedCoordinate } from '../rows/answers.js';
import { searchText } from '../core/search-text.js';

/** For each filter that takes a name: where in SQL the names stand that rows have, with `recorded_from`. */
export type NameFilters = Readonly<Record<string, string>>;

export const ACTOR_NAMES = { actor: namesIn('actors', 'actor') } as const satisfies NameFilters;
export const STANCE_NAMES: NameFilters = { actor: namesIn('positions', 'subject') };
export const COUNTERPARTY_NAMES: NameFilters = { counterparty: namesIn('negotiations', 'subject') };
export const CLAIMANT_NAMES: NameFilters = { by: namesIn('claims', 'unnest(by)') };
export const OWNER_NAMES: NameFilters = { by: namesIn('promises', 'unnest(made_by)') };
export const TURNING_NAMES: NameFilters = { actor: namesIn('stances', 'actor') };
export const PUBLISHER_NAMES: NameFilters = { publisher: namesIn('sources', 'publisher') };
export const FIGURE_NAMES: NameFilters = {
  measure: namesIn('figures', 'measure'),
  unit: namesIn('figures', 'unit'),
  claimedBy: namesIn('figures', 'unnest(claimed_by)'),
};

function namesIn(table: string, column: string): string {
  return `SELECT ${column} AS name, recorded_from, policy, id, part FROM read.${table}`;
}

/** A list that was asked for: where, by which filter, which page. */
interface Listing<Filter> {
  readonly pool: Pool;
  readonly at: ResolvedCoordinate;
  readonly filter: Filter;
  readonly page: Page;
}

/**
 * A list filtered by names in whatever form they are given; and if it is empty because of a name that no row ever had,
 * the names that are like it.
 *
 * Only what was recorded at the coordinate plays a part, so that the answer there is the same for ever.
 */
export async function listByNames<Filter extends object, List extends Paged<unknown>>(
  { pool, at, filter, page }: Listing<Filter>,
  names: NameFilters,
  list: (filter: Filter) => Promise<List>,
): Promise<List> {
  const given = Object.entries(filter).flatMap(([field, name]: [string, unknown]) =>
    field in names && typeof name === 'string' ? [[field, normalizeName(name)] as const] : [],
  );
  const found = await list({ ...filter, ...Object.fromEntries(given) });
  if (found.items.length > 0 || page.after !== undefined || found.after !== undefined) return found;
  const near: string[] = [];
  for (const [field, name] of given) near.push(...(await namesLike({ pool, at, name }, names[field] ?? '')));
  return near.length === 0 ? found : { ...found, near };
}

/** The names in a source of names that are like one that no row of it ever had; none if one has. */
export async function namesLike(
  { pool, at, name }: { readonly pool: Pool; readonly at: ResolvedCoordinate; readonly name: string },
  source: string,
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(otherNames(source), [at.recorded, name, MOST_ROWS]);
  return nearNames(
    name,
    rows.map((row) => row.name),
  );
}

/** Rows that are looked through for names, the oldest policies first: more would take longer than the list itself. */
const MOST_ROWS = 50_000;

/** SQL for the names that rows have; for none where a row has the one that was asked for. */
const otherNames = (source: string): string => `SELECT DISTINCT name COLLATE "C" AS name FROM (
    SELECT name FROM (${source}) named WHERE recorded_from <= $1 ORDER BY policy, id, part LIMIT $3) looked_at
  WHERE NOT EXISTS (SELECT FROM (${source}) named WHERE recorded_from <= $1 AND name = $2) ORDER BY name`;

/** The names that recorders give again and again, as far as the rows looked through have them; of all recorded time. */
export interface NamesInUse {
  readonly actor: readonly string[];
  readonly publisher: readonly string[];
  readonly measure: readonly string[];
}

/** Reads the names in use. Goes through many rows: to be kept, not asked for each event. */
export async function namesInUse(pool: Pool): Promise<NamesInUse> {
  const namesOf = async (source: string): Promise<readonly string[]> => {
    const { rows } = await pool.query<{ name: string }>(
      `SELECT DISTINCT name COLLATE "C" AS name FROM (SELECT name FROM (${source}) named LIMIT $1) looked_at ORDER BY name`,
      [MOST_ROWS],
    );
    return rows.map(({ name }) => name);
  };
  const [actor, publisher, measure] = [
    await namesOf(namesIn('actors', 'actor')),
    await namesOf(namesIn('sources', 'publisher')),
    await namesOf(namesIn('figures', 'measure')),
  ];
  return { actor, publisher, measure };
}

const MOST_NAMES = 5;

/**
 * At most five names that were probably meant, the likeliest first: those that differ in accents and marks alone, those
 * that hold every word of the given one or the other way round, then those that differ by a slip or two.
 */
export function nearNames(given: string, names: readonly string[]): readonly string[] {
  const plain = new Map(names.map((name) => [name, searchText(name)]));
  const wanted = searchText(given);
  if (wanted === '') return [];
  const same = names.filter((name) => plain.get(name) === wanted);
  const holding = names.filter((name) => holdsWords(plain.get(name) ?? '', wanted));
  const near = [...new Set([...same, ...holding])];
  const others = new Map([...plain].map(([name, text]) => [text, name]));
  for (const name of near) others.delete(plain.get(name) ?? '');
  while (near.length < MOST_NAMES) {
    const text = nearestWord(wanted, others.keys());
    const name = text === undefined ? undefined : others.get(text);
    if (text === undefined || name === undefined) break;
    others.delete(text);
    near.push(name);
  }
  return near.slice(0, MOST_NAMES);
}

/** True when every word of one is in the other. */
function holdsWords(one: string, other: string): boolean {
  const [words, others] = [new Set(one.split(' ')), new Set(other.split(' '))];
  return [...words].every((word) => others.has(word)) || [...others].every((word) => words.has(word));
}
