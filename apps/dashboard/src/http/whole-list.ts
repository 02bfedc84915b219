import { readAddress, writeQuery } from './address.js';
import type { List } from './answers.js';
import { type Ask, read } from './ask.js';

/** Rows beyond so many pages are not read for one graphic. */
const MOST_PAGES = 10;

/** The rows of a list, page after page; `isCut` is true where there are more than were read. */
export interface WholeList<Row> {
  readonly items: readonly Row[];
  readonly isCut: boolean;
}

/** Reads a list to its end, or as much of it as can be drawn; nothing where it cannot be read. */
export async function readWholeList<Row>(ask: Ask, address: string): Promise<WholeList<Row>> {
  const { path, parameters } = readAddress(address);
  const items: Row[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const list = await read<List<Row>>(
      ask,
      cursor === undefined ? address : `${path}${writeQuery(parameters, { cursor })}`,
    );
    if (!list.ok) return { items, isCut: page > 0 };
    items.push(...list.body.items);
    const { next } = list.body;
    if (!next) return { items, isCut: false };
    cursor = next;
  }
  return { items, isCut: true };
}
