import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { BEGINNING, FOREVER, type Instant, type Position, instant } from '#domain';

/** A table of a read model, in the schema `read`. */
export interface Table {
  readonly name: string;
  /** The columns that the read model adds to those of every row, with their SQL types. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that the database works out when a row is inserted, from a text that rows give instead of them. */
  readonly derived?: Readonly<Record<string, Derived>>;
  /** Column lists of its indexes, after the primary key; `USING` may lead. */
  readonly indexes: readonly string[];
}

/** A column that follows from a text. */
export interface Derived {
  readonly type: string;
  /** The name under which rows give the text, which is not kept. */
  readonly from: string;
  /** SQL over that name. */
  readonly as: string;
}

/**
 * What every row has: whose it is, and the rectangle of recorded by known time in which it stands.
 *
 * A row never changes but for its `recorded_to`, so a read at a position sees the same rows for ever.
 */
export interface RowKey {
  readonly policy: number;
  /** Unique among the policy's rows of a table together with `part`. */
  readonly id: number;
  /** Tells the rows apart that one thing gives. */
  readonly part: number;
}

/** A row to insert: its key, where it stands, and its own columns. */
export interface Row extends RowKey {
  readonly recordedFrom: Position;
  readonly known: { readonly from: Instant; readonly to: Instant };
  readonly columns: Readonly<Record<string, unknown>>;
}

/** Rows that begin and things whose rows end at a position. */
export interface TableChange {
  readonly table: Table;
  readonly inserts: readonly Row[];
  /** Ends every part of a thing's rows. */
  readonly closes: readonly { readonly policy: number; readonly id: number; readonly at: Position }[];
}

/** Stands in SQL for a time without end, and its negative for one without beginning. */
export const WITHOUT_END = Number.MAX_SAFE_INTEGER;

/** An instant as SQL stores it. */
export const storedInstant = (at: Instant): number => (Number.isFinite(at) ? at : at < 0 ? -WITHOUT_END : WITHOUT_END);

/** An instant as SQL stored it. */
export const readInstant = (stored: number): Instant =>
  Math.abs(stored) < WITHOUT_END ? instant(stored) : stored < 0 ? BEGINNING : FOREVER;

const COMMON: Readonly<Record<string, string>> = {
  policy: 'integer NOT NULL',
  id: 'integer NOT NULL',
  part: 'integer NOT NULL',
  recorded_from: 'bigint NOT NULL',
  recorded_to: 'bigint NOT NULL',
  known_from: 'bigint NOT NULL',
  known_to: 'bigint NOT NULL',
};

/** The statement that makes a table, if it is not there. */
export function creationOf({ name, columns, derived = {} }: Table): string {
  const types = Object.entries(derived).map(([column, { type }]) => [column, type] as const);
  const all = [...Object.entries({ ...COMMON, ...columns }), ...types].map(([column, type]) => `${column} ${type}`);
  return `CREATE TABLE IF NOT EXISTS read.${name} (${all.join(', ')}, CONSTRAINT ${name}_pkey PRIMARY KEY (policy, id, part))`;
}

/** The indexes of a table beside its primary key, each with the statement that makes it; another one has another name. */
export const indexesOf = ({ name, indexes }: Table): readonly { readonly name: string; readonly statement: string }[] =>
  indexes.map((index) => {
    const indexName = `${name}_${createHash('sha256').update(index).digest('hex').slice(0, 8)}_idx`;
    return { name: indexName, statement: `CREATE INDEX IF NOT EXISTS ${indexName} ON read.${name} ${index}` };
  });

/** What a batch writes to one table. */
export interface TableWrite {
  readonly table: Table;
  /** JSON array of the rows that begin; null when none does. */
  readonly inserts: string | null;
  readonly closes: TableChange['closes'];
}

/** Sums up what a batch changed in one table. */
export function writeOf(table: Table, changes: readonly TableChange[]): TableWrite {
  const { inserts, closes } = settled(changes);
  return { table, inserts: inserts.length > 0 ? JSON.stringify(inserts) : null, closes };
}

/** Writes to one table: at most one statement for what begins and one for what ends. */
export async function writeTable(client: PoolClient, { table, inserts, closes }: TableWrite): Promise<void> {
  if (closes.length > 0)
    await client.query({
      name: `close-${table.name}`,
      text: closeStatement(table),
      values: [closes.map(({ policy }) => policy), closes.map(({ id }) => id), closes.map(({ at }) => at)],
    });
  if (inserts !== null)
    await client.query({ name: `insert-${table.name}`, text: insertStatement(table), values: [inserts] });
}

/** What begins and ends within the batch is inserted with both ends. */
function settled(changes: readonly TableChange[]): {
  inserts: readonly object[];
  closes: readonly TableChange['closes'][number][];
} {
  const closedAt = new Map<string, TableChange['closes'][number]>(
    changes.flatMap(({ closes }) => closes.map((close) => [`${close.policy}/${close.id}`, close] as const)),
  );
  const inserted = new Set<string>();
  const inserts = changes.flatMap((change) =>
    change.inserts.map((row) => {
      const thing = `${row.policy}/${row.id}`;
      inserted.add(thing);
      return recordOf(row, closedAt.get(thing)?.at);
    }),
  );
  return { inserts, closes: [...closedAt].filter(([thing]) => !inserted.has(thing)).map(([, close]) => close) };
}

const recordOf = ({ policy, id, part, recordedFrom, known, columns }: Row, closedAt: Position | undefined): object => ({
  policy,
  id,
  part,
  recorded_from: recordedFrom,
  recorded_to: closedAt ?? WITHOUT_END,
  known_from: storedInstant(known.from),
  known_to: storedInstant(known.to),
  ...columns,
});

function insertStatement({ name, columns, derived = {} }: Table): string {
  const given = Object.entries({ ...COMMON, ...columns });
  const types = given.map(([column, type]) => `${column} ${type.replace(/ (NOT NULL|COLLATE ).*$/, '')}`);
  const texts = Object.values(derived).map(({ from }) => `${from} text`);
  const names = [...given.map(([column]) => column), ...Object.keys(derived)];
  const values = [...given.map(([column]) => column), ...Object.values(derived).map(({ as }) => as)];
  return `INSERT INTO read.${name} (${names.join(', ')}) SELECT ${values.join(', ')} FROM json_to_recordset($1) AS r(${[...types, ...texts].join(', ')})`;
}

const closeStatement = ({ name }: Table): string =>
  `UPDATE read.${name} t SET recorded_to = c.at FROM unnest($1::integer[], $2::integer[], $3::bigint[]) AS c(policy, id, at) WHERE t.policy = c.policy AND t.id = c.id`;

/** SQL that holds for the rows of the policy with a slug, given as a parameter. */
export const isOfPolicy = (row: string, slug: string): string =>
  `${row}.policy = (SELECT named.policy FROM read.policies named WHERE named.slug = ${slug} LIMIT 1)`;

/** SQL that holds for the rows that stand at a position and a known time, given as two parameters. */
export const standsAt = (row: string, recorded: string, known: string): string =>
  `${row}.recorded_from <= ${recorded} AND ${row}.recorded_to > ${recorded} AND ${row}.known_from <= ${known} AND ${row}.known_to > ${known}`;
