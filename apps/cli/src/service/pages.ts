import { z } from 'zod';
import type { Query, Service } from './service.js';

/** A row of a list: what its columns say. */
export type ListRow = Readonly<Record<string, unknown>>;

/** A row of any list. */
export const rowSchema = z.record(z.string(), z.unknown());

/** A part of a list, and what is the same for all of it, such as coordinate and permalink. */
export interface ListPage {
  readonly frame: ListRow;
  readonly rows: readonly ListRow[];
}

const pageSchema = z.looseObject({
  items: z.array(rowSchema),
  next: z.string().nullable().optional(),
  meta: z.unknown().optional(),
});

/** The most rows that the service puts on a page. */
const PAGE_ROWS = '1000';

/** Reads a list page by page, all at the coordinate of the first; there is at least one page. */
export async function* readPages(service: Service, path: string, query: Query): AsyncGenerator<ListPage> {
  let asked: Query = { limit: PAGE_ROWS, ...query };
  for (;;) {
    const { items: rows, next, meta: _meta, ...frame } = await service.ask(path, pageSchema, { query: asked });
    yield { frame, rows };
    if (next === null || next === undefined) return;
    asked = { ...keepFilters(asked), cursor: next };
  }
}

const OF_COORDINATE = ['knownAt', 'validAt', 'recordedAt'];

/** The cursor carries the coordinate, and it alone may. */
const keepFilters = (query: Query): Query =>
  Object.fromEntries(Object.entries(query).filter(([name]) => !OF_COORDINATE.includes(name)));
