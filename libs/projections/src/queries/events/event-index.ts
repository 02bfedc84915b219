import type { Pool } from 'pg';
import { DATE_PRECISIONS, EPISTEMICS, MODALITIES } from '#domain';
import { Turns } from '#runtime/turns';
import type { IndexEntry } from '../../core/timeline.js';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import type { Bind } from '../../rows/steps.js';
import { standsAt, storedInstant } from '../../rows/table.js';
import { type EventFilter, eventConditions } from './event-filter.js';
import { EVENT_ORDERS, type EventOrder } from './events.js';
import type { EventIndexAnswer } from './index-columns.js';

/** An index has so many events at most. */
const MOST_EVENTS = 100_000;

/** So many are read at a time. */
const ROWS_AT_ONCE = 10_000;

/** More events match than one index may have. */
export class TooManyEventsError extends Error {
  override readonly name = 'TooManyEventsError';
}

interface Listing {
  readonly filter: EventFilter;
  readonly order: EventOrder;
  /** How many events there may be; as many as is usual unless told. */
  readonly most?: number;
  /** So many are read at a time; as many as is usual unless told. */
  readonly atOnce?: number;
}

/**
 * All events in force at a coordinate that a filter lets through, as columns; valid time plays no part in it.
 *
 * Throws {@link TooManyEventsError} where there are more than {@link MOST_EVENTS}. Gives way to other work in between.
 */
export async function eventIndexAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { most = MOST_EVENTS, atOnce = ROWS_AT_ONCE, ...listing }: Listing,
): Promise<EventIndexAnswer> {
  if (await areMoreThan(most, { pool, at, filter: listing.filter }))
    throw new TooManyEventsError(`More than ${most} events match, the most that an index can have.`);
  const draft = new IndexDraft();
  const turns = new Turns();
  let after: string | undefined;
  for (let read = 0; read <= most; read += atOnce) {
    const rows = await indexRows(pool, at, { ...listing, after, limit: atOnce });
    for (const row of rows) {
      draft.add(row);
      if (turns.isOver) await turns.next();
    }
    if (rows.length < atOnce) break;
    after = rows.at(-1)?.mark;
  }
  return draft.finish(await titlesOf(pool, at, draft.policies.values));
}

interface Searched {
  readonly pool: Pool;
  readonly at: ResolvedCoordinate;
  readonly filter: EventFilter;
}

async function areMoreThan(most: number, { pool, at, filter }: Searched): Promise<boolean> {
  const { values, bind, conditions } = searchFor(at, filter);
  const { rows } = await pool.query<{ readonly found: number }>(
    `SELECT count(*)::integer AS found FROM (SELECT FROM read.timeline t WHERE ${conditions.join(' AND ')} LIMIT ${bind(most + 1)}) counted`,
    values,
  );
  return (rows[0]?.found ?? 0) > most;
}

function searchFor(at: ResolvedCoordinate, filter: EventFilter) {
  const values: unknown[] = [at.recorded, storedInstant(at.knownAt)];
  const bind: Bind = (value) => `$${values.push(value)}`;
  return { values, bind, conditions: [standsAt('t', '$1', '$2'), ...eventConditions(filter, 'primary', bind)] };
}

interface IndexRow {
  readonly key: string;
  readonly number: number;
  readonly type: string;
  readonly position: number;
  readonly public_from: number;
  readonly retracted: boolean;
  readonly is_corrected: boolean;
  readonly entry: string;
  readonly mark: string;
}

interface Stretch {
  readonly filter: EventFilter;
  readonly order: EventOrder;
  readonly after: string | undefined;
  readonly limit: number;
}

async function indexRows(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, order, after, limit }: Stretch,
): Promise<readonly IndexRow[]> {
  const { values, bind, conditions } = searchFor(at, filter);
  const { column, after: place } = EVENT_ORDERS[order];
  const beyond = after === undefined ? [] : [`${column} > ${bind(place(after))}`];
  const { rows } = await pool.query<IndexRow>(
    `SELECT t.event AS key, t.policy AS number, t.type, t.position::float8 AS position, t.public_from::float8 AS public_from,
      t.retracted, t.recorded_as IS NOT NULL AS is_corrected, t.index_entry AS entry, ${column}::text AS mark
    FROM read.timeline t WHERE ${[...conditions, ...beyond].join(' AND ')} ORDER BY ${column} LIMIT ${bind(limit)}`,
    values,
  );
  return rows;
}

type NamedPolicy = EventIndexAnswer['policies'][number];

/** Title and slug of policies by their number, as they were called at a coordinate. */
async function titlesOf(
  pool: Pool,
  { recorded }: ResolvedCoordinate,
  policies: readonly number[],
): Promise<ReadonlyMap<number, NamedPolicy>> {
  const { rows } = await pool.query<NamedPolicy & { readonly policy: number }>(
    `SELECT p.policy, p.slug, p.title FROM read.policies p WHERE p.policy = ANY ($1) AND p.recorded_from <= $2 AND p.recorded_to > $2`,
    [policies, recorded],
  );
  const titles = new Map(rows.map(({ policy, slug, title }) => [policy, { slug, title }]));
  const untitled = policies.filter((policy) => !titles.has(policy));
  if (untitled.length === 0) return titles;
  // Events about the service as a whole belong to no policy that was registered: they alone say what it is called.
  const named = await pool.query<{ readonly policy: number; readonly slug: string }>(
    `SELECT DISTINCT ON (t.policy) t.policy, t.body ->> 'policy' AS slug FROM read.timeline t WHERE t.policy = ANY ($1) AND t.recorded_from <= $2`,
    [untitled, recorded],
  );
  return new Map([...titles, ...named.rows.map(({ policy, slug }) => [policy, { slug, title: slug }] as const)]);
}

/** Values in the order in which they first occur, and the place of each. */
class Places<Value> {
  readonly #places = new Map<Value, number>();

  get values(): readonly Value[] {
    return [...this.#places.keys()];
  }

  of(value: Value): number {
    const known = this.#places.get(value);
    if (known !== undefined) return known;
    this.#places.set(value, this.#places.size);
    return this.#places.size - 1;
  }
}

/** An index to which rows are added. */
class IndexDraft {
  readonly policies = new Places<number>();
  readonly #types = new Places<string>();
  readonly #actors = new Places<string>();
  readonly #fields = new Places<string>();
  /** Of each event that contradicts others, their keys. */
  readonly #contradicted = new Map<string, readonly string[]>();
  readonly #columns = emptyColumns();

  add(row: IndexRow): void {
    const entry: IndexEntry = JSON.parse(row.entry);
    const [publishedAt, earliest, latest, settled, precision, isApproximate, modality, epistemic, ...others] = entry;
    const [actors, counterparties, fields, contradicted] = others;
    const columns = this.#columns;
    columns.key.push(row.key);
    columns.policy.push(this.policies.of(row.number));
    columns.type.push(this.#types.of(row.type));
    columns.position.push(row.position);
    columns.publishedAt.push(publishedAt);
    columns.knownFrom.push(row.public_from);
    columns.earliest.push(earliest);
    columns.latest.push(latest);
    columns.settled.push(settled);
    columns.precision.push(DATE_PRECISIONS.indexOf(precision));
    columns.approximate.push(isApproximate);
    columns.modality.push(MODALITIES.indexOf(modality));
    columns.epistemic.push(epistemic === null ? null : EPISTEMICS.indexOf(epistemic));
    columns.corrected.push(row.is_corrected);
    columns.retracted.push(row.retracted);
    if (contradicted.length > 0) this.#contradicted.set(row.key, contradicted);
    columns.actors.push(actors.map((actor) => this.#actors.of(actor)));
    columns.counterparties.push(counterparties.map((actor) => this.#actors.of(actor)));
    columns.fields.push(fields.map((group) => this.#fields.of(group)));
  }

  finish(titles: ReadonlyMap<number, NamedPolicy>): EventIndexAnswer {
    return {
      count: this.#columns.key.length,
      policies: this.policies.values.map((policy) => titles.get(policy) ?? { slug: '', title: '' }),
      types: this.#types.values,
      actors: this.#actors.values,
      precisions: DATE_PRECISIONS,
      modalities: MODALITIES,
      epistemics: EPISTEMICS,
      fields: this.#fields.values,
      columns: { ...this.#columns, conflicting: this.#conflicting() },
    };
  }

  /** Of each event whether it contradicts another of the index or is contradicted by one. */
  #conflicting(): boolean[] {
    const keys = new Set(this.#columns.key);
    const inConflict = new Set(
      [...this.#contradicted].flatMap(([key, others]) => {
        const here = others.filter((other) => keys.has(other));
        return here.length === 0 ? [] : [key, ...here];
      }),
    );
    return this.#columns.key.map((key) => inConflict.has(key));
  }
}

const emptyColumns = (): Omit<EventIndexAnswer['columns'], 'conflicting'> => ({
  key: [],
  policy: [],
  type: [],
  position: [],
  publishedAt: [],
  knownFrom: [],
  earliest: [],
  latest: [],
  settled: [],
  precision: [],
  approximate: [],
  modality: [],
  epistemic: [],
  corrected: [],
  retracted: [],
  actors: [],
  counterparties: [],
  fields: [],
});
