import type { Pool } from 'pg';
import {
  type Actor,
  DATE_PRECISIONS,
  EPISTEMICS,
  type Epistemic,
  type Link,
  MODALITIES,
  type PresentedBody,
  actorName,
  assertionsOf,
  isApproximate,
  precisionOf,
  readBody,
} from '#domain';
import { Turns } from '#runtime/turns';
import type { EventMarks } from '../../core/timeline.js';
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

/** The fields of a body that say how it is drawn, or of which its assertions are made. Read at once: each look at a body parses it whole. */
const BODY_FIELDS = `policy text, occurred text, modality text, epistemic text, terms json, stance text, figures json,
  "plannedFor" text, counterparties json, actors json, instrument text, stage text, outcome text, host text, links json`;

interface IndexRow extends Pick<PresentedBody, 'occurred' | 'policy' | 'type'> {
  readonly key: string;
  readonly number: number;
  readonly position: number;
  readonly public_from: number;
  readonly retracted: boolean;
  readonly is_corrected: boolean;
  readonly marks: EventMarks;
  readonly modality: (typeof MODALITIES)[number] | null;
  readonly epistemic: Epistemic | null;
  /** As JSON: that there is no status is another thing than that none is given. */
  readonly status: string | null;
  readonly actors: readonly Pick<Actor, 'name'>[] | null;
  readonly counterparties: readonly Pick<Actor, 'name'>[] | null;
  readonly links: readonly Pick<Link, 'rel' | 'to'>[] | null;
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
    `SELECT t.event AS key, t.policy AS number, t.type, t.position::float8 AS position, t.public_from::float8 AS public_from, t.retracted,
      t.recorded_as IS NOT NULL AS is_corrected, t.marks, b.policy, b.occurred, b.modality, b.epistemic, (t.body -> 'status')::text AS status,
      b.terms, b.stance, b.figures, b."plannedFor", b.counterparties, b.actors, b.instrument, b.stage, b.outcome, b.host, b.links,
      ${column}::text AS mark
    FROM (SELECT * FROM read.timeline t WHERE ${[...conditions, ...beyond].join(' AND ')} ORDER BY ${column} LIMIT ${bind(limit)}) t
      CROSS JOIN LATERAL json_to_record(t.body) AS b(${BODY_FIELDS}) ORDER BY ${column}`,
    values,
  );
  return rows;
}

/** Title and slug of policies by their number, as they were called at a coordinate. */
async function titlesOf(
  pool: Pool,
  { recorded }: ResolvedCoordinate,
  policies: readonly number[],
): Promise<ReadonlyMap<number, EventIndexAnswer['policies'][number]>> {
  const { rows } = await pool.query<{ readonly policy: number; readonly slug: string; readonly title: string }>(
    `SELECT p.policy, p.slug, p.title FROM read.policies p WHERE p.policy = ANY ($1) AND p.recorded_from <= $2 AND p.recorded_to > $2`,
    [policies, recorded],
  );
  return new Map(rows.map(({ policy, slug, title }) => [policy, { slug, title }]));
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
  readonly #slugs = new Map<number, string>();
  readonly #types = new Places<string>();
  readonly #actors = new Places<string>();
  readonly #fields = new Places<string>();
  /** Of each event that contradicts others, their keys. */
  readonly #contradicted = new Map<string, readonly string[]>();
  readonly #columns = emptyColumns();

  add(row: IndexRow): void {
    const { marks, epistemic, occurred } = row;
    const columns = this.#columns;
    this.#slugs.set(row.number, row.policy);
    columns.key.push(row.key);
    columns.policy.push(this.policies.of(row.number));
    columns.type.push(this.#types.of(row.type));
    columns.position.push(row.position);
    columns.publishedAt.push(marks.ownPublication);
    columns.knownFrom.push(row.public_from);
    columns.earliest.push(inMilliseconds(marks.earliest));
    columns.latest.push(inMilliseconds(marks.latest));
    columns.settled.push(inMilliseconds(marks.settled));
    columns.precision.push(DATE_PRECISIONS.indexOf(precisionOf(occurred)));
    columns.approximate.push(isApproximate(occurred));
    columns.modality.push(MODALITIES.indexOf(row.modality ?? 'actual'));
    columns.epistemic.push(epistemic === null ? null : EPISTEMICS.indexOf(epistemic));
    columns.corrected.push(row.is_corrected);
    columns.retracted.push(row.retracted);
    const contradicted = (row.links ?? []).filter(({ rel }) => rel === 'contradicts').map(({ to }) => to);
    if (contradicted.length > 0) this.#contradicted.set(row.key, contradicted);
    columns.actors.push(this.#placesOf(row.actors));
    columns.counterparties.push(this.#placesOf(row.counterparties));
    columns.fields.push([...new Set(assertedGroups(row))].map((group) => this.#fields.of(group)));
  }

  finish(titles: ReadonlyMap<number, EventIndexAnswer['policies'][number]>): EventIndexAnswer {
    return {
      count: this.#columns.key.length,
      policies: this.policies.values.map((policy) => titles.get(policy) ?? this.#unregistered(policy)),
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

  #placesOf(actors: IndexRow['actors']): readonly number[] {
    return (actors ?? []).map((actor) => this.#actors.of(actorName(actor)));
  }

  /** Events about the service as a whole belong to no policy that was registered. */
  #unregistered(policy: number): EventIndexAnswer['policies'][number] {
    const slug = this.#slugs.get(policy) ?? '';
    return { slug, title: slug };
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

const inMilliseconds = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant));

/** The first parts of the fields that an event asserts, which its dates have no part in. */
function assertedGroups({ status, ...row }: IndexRow): readonly string[] {
  // Reading when it happened is what costs most of all.
  const given = Object.fromEntries(
    Object.entries(row).filter(([name, value]) => value !== null && name !== 'occurred'),
  );
  const body = readBody({ ...given, ...(status === null ? {} : { status: JSON.parse(status) }) }, 'UTC');
  return assertionsOf(body).map(({ field }) => field.split('.', 1)[0] ?? field);
}
