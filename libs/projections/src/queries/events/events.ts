import type { Pool } from 'pg';
import { type Link, type PresentedBody, formatInstant, instant } from '#domain';
import type { Page, Paged, ResolvedCoordinate } from '../../rows/answers.js';
import { PageLength } from '../../rows/page-length.js';
import { type ActingRecordRows, actingRecords, recordsInForce } from '../../core/records-in-force.js';
import { standsAt, storedInstant } from '../../rows/table.js';
import type { EventAnswer, EventInFull } from './event-answer.js';
import { type EventFilter, type EventScope, eventConditions } from './event-filter.js';
import type { EventMarks } from '../../core/timeline.js';

/** By when it happened, became public, or was recorded. */
export type EventOrder = 'occurred' | 'published' | 'recorded';

/** Which events, in which order, which page. */
export interface EventListing extends EventShowing {
  readonly filter: EventFilter;
  readonly order: EventOrder;
  readonly scope: EventScope;
  readonly page: Page;
}

/** What an answer about events says besides what every reader is shown. */
export interface EventShowing {
  /** Say who recorded each event. */
  readonly namesRecorders?: boolean | undefined;
}

/** The column that gives each order, and how a page's mark reads as its value. */
export const EVENT_ORDERS: Readonly<
  Record<EventOrder, { readonly column: string; readonly after: (mark: string) => unknown }>
> = {
  occurred: { column: 't.occurred_order', after: (mark) => mark },
  published: { column: 't.published_order', after: (mark) => mark },
  recorded: { column: 't.position', after: (mark) => (/^\d{1,15}$/.test(mark) ? Number(mark) : 0) },
};

const EVENT_FIELDS = `t.event_id, t.event, t.position::float8 AS position, t.revision, t.recorded_at::float8 AS recorded_at, t.recorded_by, t.public_from::float8 AS public_from, t.retracted, t.body, t.recorded_as, t.marks,
  ${actingRecords('t', ['$1', '$2'])} AS records`;

interface EventRow {
  readonly event_id: string;
  readonly event: string;
  readonly position: number;
  readonly revision: number;
  readonly recorded_at: number;
  readonly recorded_by: string | null;
  readonly public_from: number;
  readonly retracted: boolean;
  readonly body: PresentedBody;
  readonly recorded_as: PresentedBody | null;
  readonly marks: EventMarks;
  readonly records: ActingRecordRows;
}

/** So many events are read first; then as many as there is room for on the page. */
const FIRST_STEP = 101;

/** Lists events at a coordinate; valid time plays no part in it. A page ends early where its events are long. */
export async function eventsAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { page, namesRecorders, ...listing }: EventListing,
): Promise<Paged<EventAnswer>> {
  const items: EventAnswer[] = [];
  const length = new PageLength(page.length);
  let { after } = page;
  for (let most = Math.min(page.limit + 1, FIRST_STEP); ; most = length.roomFor(page.limit + 1 - items.length)) {
    const rows = await eventRows(pool, at, {
      ...listing,
      page: { limit: most, ...(after !== undefined && { after }) },
    });
    for (const row of rows) {
      const item = eventAnswer(row, { namesRecorders });
      const isFull = items.length === page.limit || !length.takes(item);
      if (isFull && after !== undefined) return { items, after };
      items.push(item);
      after = row.mark;
    }
    if (rows.length < most) return { items };
  }
}

async function eventRows(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, order, scope, page }: EventListing,
): Promise<readonly (EventRow & { readonly mark: string })[]> {
  const values: unknown[] = [at.recorded, storedInstant(at.knownAt)];
  const bound = (value: unknown): string => `$${values.push(value)}`;
  const { column, after } = EVENT_ORDERS[order];
  const conditions = [
    standsAt('t', '$1', '$2'),
    ...eventConditions(filter, scope, bound),
    ...(page.after === undefined ? [] : [`${column} > ${bound(after(page.after))}`]),
  ];
  const { rows } = await pool.query<EventRow & { mark: string }>(
    `SELECT ${EVENT_FIELDS}, ${column}::text AS mark FROM read.timeline t WHERE ${conditions.join(' AND ')} ORDER BY ${column} LIMIT ${bound(page.limit)}`,
    values,
  );
  return rows;
}

/** Shapes a row as answers show an event. */
function eventAnswer(row: EventRow, { namesRecorders }: EventShowing): EventAnswer {
  const { event_id, event, position, revision, recorded_at, recorded_by, public_from } = row;
  const { retracted, body, recorded_as, marks, records } = row;
  const { earliest, latest, settled, datedBy } = marks;
  const { retractedBy, correctedBy, attached, withdrawn } = recordsInForce(body, marks, records);
  return {
    ...body,
    id: event_id,
    key: event,
    position,
    revision,
    recordedAt: formatInstant(instant(recorded_at)),
    ...(namesRecorders === true && recorded_by !== null ? { recordedBy: recorded_by } : {}),
    knownFrom: formatInstant(instant(public_from)),
    dating: { earliest, latest, settled },
    ...(datedBy.length > 0 ? { datedBy } : {}),
    ...(recorded_as ? { recordedAs: recorded_as } : {}),
    ...(correctedBy.length > 0 ? { correctedBy } : {}),
    ...(retracted ? { retracted, retractedBy } : {}),
    ...(attached.length > 0
      ? { attachedSources: attached.map(({ by, source }) => ({ by, source: { ...source } })) }
      : {}),
    ...(withdrawn.length > 0 ? { withdrawnSources: withdrawn } : {}),
  };
}

const ONE = `SELECT ${EVENT_FIELDS} FROM read.timeline t WHERE ${standsAt('t', '$1', '$2')} AND (t.event = $3 OR t.event_id = $4) AND NOT t.retracted`;
const LINKED_FROM = `SELECT t.event, t.body -> 'links' AS links FROM read.timeline t
  WHERE t.links_to @> ARRAY[$3] AND ${standsAt('t', '$1', '$2')} AND NOT t.retracted ORDER BY t.occurred_order`;
const BY_KEYS = `SELECT ${EVENT_FIELDS} FROM read.timeline t WHERE ${standsAt('t', '$1', '$2')} AND t.event = ANY ($3)`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One event by its id or key, with what links to it and what corrected it; undefined where it is not in force. */
export async function eventAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { event: named, ...showing }: EventShowing & { readonly event: string },
): Promise<EventInFull | undefined> {
  const known = [at.recorded, storedInstant(at.knownAt)];
  const { rows } = await pool.query<EventRow>({
    name: 'event-at',
    text: ONE,
    values: [...known, named, UUID.test(named) ? named : null],
  });
  const [row] = rows;
  if (!row) return undefined;
  const linked = await pool.query<{ event: string; links: readonly Link[] }>({
    name: 'linked-from',
    text: LINKED_FROM,
    values: [...known, row.event],
  });
  const answer = eventAnswer(row, showing);
  const { correctedBy = [] } = answer;
  const corrections = await pool.query<EventRow>({
    name: 'events-by-key',
    text: BY_KEYS,
    values: [...known, correctedBy],
  });
  return {
    ...answer,
    links: (row.recorded_as ?? row.body).links ?? [],
    linkedFrom: linked.rows.flatMap(({ event, links }) =>
      links.filter(({ to }) => to === row.event).map(({ rel }) => ({ rel, from: event })),
    ),
    corrections: correctedBy.flatMap((key) =>
      corrections.rows.filter(({ event }) => event === key).map((correction) => eventAnswer(correction, showing)),
    ),
  };
}
