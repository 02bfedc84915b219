import type { Pool } from 'pg';

/** The rows of some policies that stand in the place of the stored ones, as JSON lists by table. */
export interface Overlay {
  /** Numbers of the policies whose stored rows are not seen. */
  readonly policies: readonly number[];
  readonly rows: ReadonlyMap<string, string>;
}

/**
 * A pool whose statements find other rows of some policies in the tables of read models: nothing is written.
 *
 * In each statement a table becomes a query: the stored rows of all other policies, and the given ones of these.
 */
export const overlaidPool = (pool: Pool, overlay: Overlay): Pool =>
  new Proxy(pool, {
    get: (target, property) =>
      property === 'query'
        ? (asked: string | Statement, values: readonly unknown[] = []) =>
            target.query(overlayStatement(typeof asked === 'string' ? { text: asked, values } : asked, overlay))
        : Reflect.get(target, property),
  });

interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** The statement with its tables replaced; without a name, since it is another one each time. */
export function overlayStatement({ text, values = [] }: Statement, { policies, rows }: Overlay) {
  const tables = [...new Set([...text.matchAll(A_TABLE)].map(([, name = '']) => name))].filter((name) =>
    rows.has(name),
  );
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

const A_TABLE = /\bread\.(\w+)\b/g;
