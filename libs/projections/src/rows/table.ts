import { createHash } from 'node:crypto';
import { BEGINNING, FOREVER, type Instant, type Position, instant } from '#domain';

/** A table of a read model, in the schema `read`. */
export interface Table {
  readonly name: string;
  /** The columns that the read model adds to those of every row, with their SQL types. */
  readonly columns: Readonly<Record<string, string>>;
  /** Column lists of its indexes, after the primary key; `USING` may lead. */
  readonly indexes: readonly string[];
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

/** SQL for the instant that it is, by the clock of the database. */
export const DATABASE_NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

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

/** The schema of the rows that are read. */
export const READ = 'read';

/** The columns of a table with their types, in order. */
export const columnsOf = ({ columns }: Table): readonly (readonly [name: string, type: string])[] =>
  Object.entries({ ...COMMON, ...columns });

/** The statement that makes a table, without its indexes. */
export const creationOf = (table: Table, schema: string): string =>
  `CREATE TABLE IF NOT EXISTS ${schema}.${table.name} (${columnsOf(table)
    .map(([column, type]) => `${column} ${type}`)
    .join(', ')})`;

/** The indexes of a table, its primary key first, each with the statement that makes it; another one has another name. */
export const indexesOf = (
  { name, indexes }: Table,
  schema: string,
): readonly { readonly name: string; readonly statement: string }[] => [
  {
    name: `${name}_pkey`,
    statement: `ALTER TABLE ${schema}.${name} ADD CONSTRAINT ${name}_pkey PRIMARY KEY (policy, id, part)`,
  },
  ...indexes.map((index) => {
    const indexName = `${name}_${createHash('sha256').update(index).digest('hex').slice(0, 8)}_idx`;
    return { name: indexName, statement: `CREATE INDEX ${indexName} ON ${schema}.${name} ${index}` };
  }),
];

/** The names that a filter asks for, of which any may apply: its whole text, since names have commas too, and the parts between them. */
export const namesAsked = (text: string): readonly string[] => [
  ...new Set([text, ...text.split(',').map((name) => name.trim())].filter((name) => name !== '')),
];

/** SQL that holds where a column has one of the names that a filter asks for. */
export function isAsked(column: string, text: string, bind: (value: unknown) => string): string {
  const names = namesAsked(text);
  return names.length === 1 ? `${column} = ${bind(text)}` : `${column} = ANY (${bind(names)}::text[])`;
}

/** SQL that holds for the rows of the policy with a slug, or of one of several, separated by commas. */
export function isOfPolicy(row: string, slugs: string, bind: (value: unknown) => string): string {
  const policies = `SELECT named.policy FROM read.policies named WHERE`;
  return slugs.includes(',')
    ? `${row}.policy = ANY (ARRAY(${policies} named.slug = ANY (${bind(slugs.split(','))}::text[])))`
    : `${row}.policy = (${policies} named.slug = ${bind(slugs)} LIMIT 1)`;
}

/** SQL that holds for the rows that stand in the record at a position, given as a parameter. */
export const standsInRecord = (row: string, recorded: string): string =>
  `${row}.recorded_from <= ${recorded} AND ${row}.recorded_to > ${recorded}`;

/** SQL that holds for the rows that stand at a position and a known time, given as two parameters. */
export const standsAt = (row: string, recorded: string, known: string): string =>
  `${standsInRecord(row, recorded)} AND ${row}.known_from <= ${known} AND ${row}.known_to > ${known}`;
