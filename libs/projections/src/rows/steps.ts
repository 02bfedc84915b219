import type { Page, Paged } from './answers.js';
import { PageLength } from './page-length.js';

/** A thing that a list found, and the mark after which the list goes on. */
export interface Found<Thing> {
  readonly thing: Thing;
  readonly mark: string;
}

/** A stretch of a list, in its order. */
export interface Step<Thing> {
  readonly found: readonly Found<Thing>[];
  /** How many rows were looked at. */
  readonly looked: number;
  /** Where the next step begins; absent at the end of the list. */
  readonly next?: string;
}

/** Reads the next stretch of a list: looks at no more than so many rows after a mark. */
export type Steps<Thing> = (from: {
  readonly after: string | undefined;
  readonly most: number;
}) => Promise<Step<Thing>>;

/** What things look like in an answer, one item a thing; undefined for a thing that is not shown. */
export interface Shown<Item> {
  readonly items: readonly (Item | undefined)[];
  /** How many rows were read for it. */
  readonly read: number;
}

/** A step looks at so many rows at least, where the page asks for less: most rows stand. */
const SMALLEST_STEP = 16;

/** And at so many at most: then the database, and this process, have others' work in between. */
const LARGEST_STEP = 1_024;

/** What is shown is read for so many things at a time: each may have many rows of its own. */
const SHOWN_AT_ONCE = 100;

/** A page ends, with what it has, once so many rows were read for it. */
const PAGE_ROWS_LIMIT = 20_000;

/**
 * One page of a list, read in steps: at most `limit` items, no more than are as long as a page may be, and at most
 * {@link PAGE_ROWS_LIMIT} rows before the last step.
 *
 * What is asked for may be far between, as at a coordinate of long ago; so a page can have fewer items than `limit`,
 * even none, and another page after it.
 */
export async function pageInSteps<Thing, Item>(
  steps: Steps<Thing>,
  page: Page,
  show: (things: readonly Thing[]) => Promise<Shown<Item>>,
): Promise<Paged<Item>> {
  const items: Item[] = [];
  const length = new PageLength(page.length);
  let [rows, last] = [0, ''];
  for await (const { found, shown, read, next } of shownSteps(steps, page, show)) {
    for (const [index, item] of shown.entries()) {
      if (item === undefined) continue;
      if (items.length === page.limit || !length.takes(item)) return { items, after: last };
      items.push(item);
      last = found[index]?.mark ?? '';
    }
    rows += read;
    if (next !== undefined && rows >= PAGE_ROWS_LIMIT) return { items, after: next };
  }
  return { items };
}

interface ShownStep<Thing, Item> {
  readonly found: readonly Found<Thing>[];
  readonly shown: Shown<Item>['items'];
  readonly read: number;
  /** Absent at the end of the list. */
  readonly next: string | undefined;
}

async function* shownSteps<Thing, Item>(
  steps: Steps<Thing>,
  { limit, after }: Page,
  show: (things: readonly Thing[]) => Promise<Shown<Item>>,
): AsyncGenerator<ShownStep<Thing, Item>> {
  const atOnce = Math.min(SHOWN_AT_ONCE, limit + 1);
  let most = Math.min(Math.max(limit + 1, SMALLEST_STEP), LARGEST_STEP);
  let [missing, looked] = [limit + 1, 0];
  for (let mark = after, isFirst = true; isFirst || mark !== undefined; isFirst = false) {
    const step = await steps({ after: mark, most });
    for (let from = 0; from === 0 || from < step.found.length; from += atOnce) {
      const found = step.found.slice(from, from + atOnce);
      const { items, read } = found.length === 0 ? NOTHING : await show(found.map(({ thing }) => thing));
      const isLast = from + atOnce >= step.found.length;
      missing -= items.filter((item) => item !== undefined).length;
      const own = from === 0 ? step.looked : 0;
      yield { found, shown: items, read: own + read, next: isLast ? step.next : found.at(-1)?.mark };
    }
    mark = step.next;
    looked += step.looked;
    most = nextStep(most, { missing, shown: limit + 1 - missing, looked });
  }
}

const NOTHING = { items: [], read: 0 };

interface Progress {
  /** Items that the page still has room for, and one more. */
  readonly missing: number;
  readonly shown: number;
  readonly looked: number;
}

/** How many rows the next step looks at: what is missing, if as few of them are shown as so far; at most twice as many as before. */
const nextStep = (most: number, { missing, shown, looked }: Progress): number =>
  Math.min(most * 2, LARGEST_STEP, Math.max(SMALLEST_STEP, Math.ceil((missing * looked) / shown) || Infinity));

/** Items that need nothing else to be read. */
export const showAs =
  <Thing, Item>(itemOf: (thing: Thing) => Item | undefined) =>
  (things: readonly Thing[]): Promise<Shown<Item>> =>
    Promise.resolve({ items: things.map(itemOf), read: 0 });

/** Lists one after the other, as one. */
export const oneAfterTheOther =
  <Thing>(lists: readonly Steps<Thing>[]): Steps<Thing> =>
  async ({ after, most }) => {
    const [, number = '0', rest] = /^(\d{1,2}):(.*)$/s.exec(after ?? '') ?? [];
    const index = Number(number);
    const list = lists[index];
    if (!list) return { found: [], looked: 0 };
    const { found, looked, next } = await list({ after: rest === '' ? undefined : rest, most });
    return {
      found: found.map(({ thing, mark }) => ({ thing, mark: `${index}:${mark}` })),
      looked,
      ...(next !== undefined
        ? { next: `${index}:${next}` }
        : index + 1 < lists.length
          ? { next: `${index + 1}:` }
          : {}),
    };
  };

/** A column that a list is ordered by, and its SQL type. */
export type OrderColumn = readonly [name: string, type: 'text' | 'integer' | 'bigint'];

/** SQL that selects the place of a row in an order, for {@link markOf}. */
export const placeBy = (row: string, order: readonly OrderColumn[]): string =>
  order.map(([name, type]) => `${row}.${name}${type === 'bigint' ? '::float8' : ''} AS place_${name}`).join(', ');

/** Writes the place of a row as a mark. */
export const markOf = (order: readonly OrderColumn[], row: object): string =>
  JSON.stringify(order.map(([name]): unknown => Reflect.get(row, `place_${name}`)));

/** Reads a mark; undefined for one of another list, which then begins at its beginning. */
export function placeOf(
  order: readonly OrderColumn[],
  mark: string | undefined,
): readonly (string | number)[] | undefined {
  const values = mark === undefined ? [] : listIn(mark);
  const place = order.flatMap(([, type], index): readonly (string | number)[] => valueOf(type, values[index]));
  return values.length === order.length && place.length === order.length ? place : undefined;
}

function valueOf(type: OrderColumn[1], value: unknown): readonly (string | number)[] {
  if (type === 'text') return typeof value === 'string' ? [value] : [];
  return typeof value === 'number' && Number.isSafeInteger(value) && isWithin(type, value) ? [value] : [];
}

const LARGEST_INTEGER = 2 ** 31 - 1;

const isWithin = (type: OrderColumn[1], value: number): boolean =>
  type === 'bigint' || Math.abs(value) <= LARGEST_INTEGER;

function listIn(text: string): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
}

/** Adds a value to a statement; answers its parameter. */
export type Bind = (value: unknown) => string;

/** SQL that holds for the rows of an alias that lie beyond a place. */
export const beyond = (
  row: string,
  order: readonly OrderColumn[],
  { place, bind }: { readonly place: readonly (string | number)[]; readonly bind: Bind },
): string =>
  `(${order.map(([name]) => `${row}.${name}`).join(', ')}) > (${order.map(([, type], index) => `${bind(place[index])}::${type}`).join(', ')})`;

/** SQL for the columns of an order. */
export const orderBy = (row: string, order: readonly OrderColumn[]): string =>
  order.map(([name]) => `${row}.${name}`).join(', ');

/** The same list with each thing made into another; what is undefined is left out. */
export const convert =
  <Thing, Other>(
    steps: Steps<Thing>,
    convert: (things: readonly Thing[]) => Promise<readonly (Other | undefined)[]>,
  ): Steps<Other> =>
  async (from) => {
    const { found, ...step } = await steps(from);
    const others = found.length === 0 ? [] : await convert(found.map(({ thing }) => thing));
    return {
      ...step,
      found: found.flatMap(({ mark }, index) => {
        const thing = others[index];
        return thing === undefined ? [] : [{ thing, mark }];
      }),
    };
  };
