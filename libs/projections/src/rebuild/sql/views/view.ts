import { type ColumnType, type TidyTable, tables } from '#tables';
import { WITHOUT_END, standsAt } from '../../../rows/table.js';

/** A point in SQL: expressions for the position, and for known and valid time in milliseconds. */
export interface SqlPoint {
  readonly recorded: string;
  readonly known: string;
  readonly valid: string;
}

/** A column of a view: its expression, its type and what it says. */
export type ViewColumn = readonly [expression: string, type: string, comment: string];

/** A view: its columns, of whose expressions some depend on the point, and the rows at a point. */
export interface SqlView {
  readonly name: string;
  readonly comment: string;
  readonly columnsAt: (at: SqlPoint) => Readonly<Record<string, ViewColumn>>;
  readonly from: (at: SqlPoint) => string;
}

/** What a view of a table is declared by. */
interface ViewOfTable {
  readonly table: string;
  /** What the view has to say that the table has not. */
  readonly comment?: string;
  /** The expression of each column of the table, by its name in SQL; undefined for one that the view has not. */
  readonly columns: (at: SqlPoint) => Readonly<Record<string, string | undefined>>;
  /** Columns that only the view has, after those. */
  readonly more?: (at: SqlPoint) => Readonly<Record<string, ViewColumn>>;
  readonly from: (at: SqlPoint) => string;
}

/** The schema of views and functions for whoever reads by SQL. */
export const ANALYTICS = 'analytics_v1';

/** An open end of a stored instant; the other one is its negative. */
export const OPEN = `${WITHOUT_END}::bigint`;

const SQL_TYPES = {
  text: 'text',
  number: 'double precision',
  integer: 'bigint',
  boolean: 'boolean',
  instant: 'timestamptz',
  day: 'date',
  texts: 'text[]',
  json: 'jsonb',
} as const satisfies Readonly<Record<ColumnType, string>>;

/** The view of a table that is exported: names, types, order and comments of its columns are those of the table. */
export function viewOfTable({ table: name, comment, columns, more = () => ({}), from }: ViewOfTable): SqlView {
  const table = tableNamed(name);
  return {
    name,
    comment: [table.description, ...(comment === undefined ? [] : [comment])].map(inSql).join(' '),
    columnsAt: (at) => ({ ...ofTable(table, columns(at)), ...more(at) }),
    from,
  };
}

function tableNamed(name: string): TidyTable {
  const table = tables.find((each) => each.name === name);
  if (!table) throw new Error(`There is no table ${name}.`);
  return table;
}

const ofTable = (
  table: TidyTable,
  expressions: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, ViewColumn>> =>
  Object.fromEntries(
    table.columns.flatMap(({ sqlName, type, description }) => {
      const expression = expressions[sqlName];
      return expression === undefined ? [] : [[sqlName, [expression, SQL_TYPES[type], inSql(description)] as const]];
    }),
  );

/** A description as readers of SQL see it: names in snake case, and times without end instead of none. */
const inSql = (description: string): string =>
  description
    .replace('`null`: open', 'infinite: open')
    .replaceAll(/`(\w+)`/g, (_all, name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));

/** SQL that holds for a row that stands at a point in recorded and known time. */
export const stands = (row: string, { recorded, known }: SqlPoint): string => standsAt(row, recorded, known);

/** The same in all three times. */
export const holds = (row: string, at: SqlPoint): string =>
  `${stands(row, at)} AND ${row}.valid_from <= ${at.valid} AND ${row}.valid_to > ${at.valid}`;

/** SQL for the rows `row` that stand at a point and whose event had happened by then. */
export const hasHappened = (row: string, at: SqlPoint): string =>
  `${stands(row, at)} AND ${row}.settled <= ${at.valid}`;

/** The last instant at which what a row tells of can have happened. */
export const lastOfRow = (row: string): string => `least(${row}.latest, ${row}.settled)`;

/** Joins the policy `p` of a row as it was registered at a point; leaves out rows of policies that were withdrawn. */
export const ofPolicy = (row: string, at: SqlPoint): string =>
  `JOIN read.policies p ON p.policy = ${row}.policy AND p.withdrawn_by IS NULL AND ${stands('p', at)}`;

/** A stored instant as a time of SQL. */
export const time = (expression: string): string => `${ANALYTICS}.instant_of(${expression})`;

/** The local day of a text that is a day or an instant. */
export const dayOfText = (text: string): string =>
  `CASE WHEN ${text} ~ '^\\d{4}-\\d{2}-\\d{2}$' THEN ${text}::date ELSE ${text}::timestamptz::date END`;
