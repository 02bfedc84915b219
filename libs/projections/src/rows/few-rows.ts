import { type Row, type RowKey, type Table, type TableChange, WITHOUT_END, storedInstant } from './table.js';
import { columnList, endingBy } from './table-write.js';

/** What changes in one table, in order of position. */
export interface ChangesOfTable {
  readonly table: Table;
  readonly changes: readonly TableChange[];
}

/**
 * The parts of a statement's WITH that write to tables of a schema where a condition holds: so that one statement can
 * write few rows to many tables. It is the same whatever changes, so that it is planned once.
 *
 * Each table takes two parameters, beginning with number `first`: see {@link fewRowsValues}.
 */
export const fewRowsSql = (
  tables: readonly Table[],
  { schema, first, condition }: { readonly schema: string; readonly first: number; readonly condition: string },
): readonly string[] =>
  tables.flatMap((table, index) => {
    const [rows, ends] = [`$${first + 2 * index}`, `$${first + 2 * index + 1}`];
    return [
      `rows_${index} AS (${insertion(table, schema, rows)} WHERE ${condition})`,
      `ends_${index} AS (${ending(table, schema, ends)} AND ${condition})`,
    ];
  });

/** The values for {@link fewRowsSql}: for each table its new rows and what ends, as JSON; null for none. */
export const fewRowsValues = (tables: readonly ChangesOfTable[]): readonly (string | null)[] =>
  tables.flatMap(({ changes }) => {
    const { rows, ends } = summedUp(changes);
    return [jsonOf(rows), jsonOf(ends)];
  });

const jsonOf = (items: readonly unknown[]): string | null => (items.length === 0 ? null : JSON.stringify(items));

function insertion(table: Table, schema: string, rows: string): string {
  const [name, columns] = [`${schema}.${table.name}`, columnList(table)];
  return `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM json_populate_recordset(null::${name}, ${rows}::json)`;
}

const ending = (table: Table, schema: string, ends: string): string =>
  endingBy(table, schema, `json_to_recordset(${ends}::json) AS c(policy integer, id integer, at bigint)`);

/** A row by the names of its columns. */
interface StoredRow {
  recorded_to: number;
  readonly [column: string]: unknown;
}

/** The rows that begin, each with its end where that has come already, and what else ends. */
function summedUp(changes: readonly TableChange[]): {
  readonly rows: readonly StoredRow[];
  readonly ends: TableChange['closes'];
} {
  const begun = new Map<string, StoredRow[]>();
  const ends: TableChange['closes'][number][] = [];
  for (const { inserts, closes } of changes) {
    for (const row of inserts) begun.set(thingOf(row), [...(begun.get(thingOf(row)) ?? []), storedRow(row)]);
    for (const close of closes) {
      const rows = begun.get(thingOf(close));
      if (!rows) ends.push(close);
      for (const row of rows ?? []) row.recorded_to = close.at;
    }
  }
  return { rows: [...begun.values()].flat(), ends };
}

const storedRow = ({ policy, id, part, recordedFrom, known, columns }: Row): StoredRow => ({
  policy,
  id,
  part,
  recorded_from: recordedFrom,
  recorded_to: WITHOUT_END,
  known_from: storedInstant(known.from),
  known_to: storedInstant(known.to),
  ...columns,
});

const thingOf = ({ policy, id }: Pick<RowKey, 'policy' | 'id'>): string => `${policy}/${id}`;
