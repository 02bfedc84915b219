import type { Pool } from 'pg';

/** The rows of a table as a JSON list; undefined for a table that is read as it is stored. */
export type RowsOfTable = (table: string) => Promise<string | undefined>;

/** The rows of some policies that stand in the place of the stored ones. */
interface Overlay {
  /** Numbers of the policies whose stored rows are not seen. */
  readonly policies: readonly number[];
  readonly rowsOf: RowsOfTable;
}

/**
 * A pool whose statements find other rows of some policies in the tables of read models: nothing is written.
 *
 * In each statement a table becomes a query: the stored rows of all other policies, and the given ones of these.
 */
export const overlaidPool = (pool: Pool, { policies, rowsOf }: Overlay): Pool =>
  new Proxy(pool, {
    get: (target, property) =>
      property === 'query'
        ? async (asked: string | Statement, values: readonly unknown[] = []) => {
            const statement = typeof asked === 'string' ? { text: asked, values } : asked;
            const rows = new Map<string, string>();
            for (const name of tablesIn(statement)) {
              const own = await rowsOf(name);
              if (own !== undefined) rows.set(name, own);
            }
            return target.query(overlayStatement(statement, { policies, rows }));
          }
        : Reflect.get(target, property),
  });

interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
}

interface OtherRows extends Pick<Overlay, 'policies'> {
  /** By table. */
  readonly rows: ReadonlyMap<string, string>;
}

/** The statement with its tables replaced; without a name, since it is another one each time. */
export function overlayStatement({ text, values = [] }: Statement, { policies, rows }: OtherRows) {
  const tables = tablesIn({ text }).filter((name) => rows.has(name));
  const bound: unknown[] = [...values];
  const bind = (value: unknown): string => `$${bound.push(value)}`;
  if (tables.length === 0) return { text, values: bound };
  const others = bind(policies);
  const queries = tables.map(
    (name) =>
      `without_${name} AS NOT MATERIALIZED (SELECT * FROM read.${name} WHERE policy <> ALL (${others}::integer[])
        UNION ALL SELECT * FROM json_populate_recordset(null::read.${name}, ${bind(rows.get(name))}::json))`,
  );
  const replaced = text.replaceAll(A_TABLE, (whole, name: string) => (rows.has(name) ? `without_${name}` : whole));
  const [, recursive = '', rest] = /^\s*WITH\s+(RECURSIVE\s+)?(.*)$/is.exec(replaced) ?? [];
  const body = rest === undefined ? ` ${replaced}` : `, ${rest}`;
  return { text: `WITH ${recursive}${queries.join(', ')}${body}`, values: bound };
}

const tablesIn = ({ text }: Statement): readonly string[] => [
  ...new Set([...text.matchAll(A_TABLE)].map(([, name = '']) => name)),
];

const A_TABLE = /\bread\.(\w+)\b/g;
