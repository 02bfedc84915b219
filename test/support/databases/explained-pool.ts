import type { Pool } from 'pg';

/** How many rows were looked at. */
export interface Work {
  rows: number;
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly Node[];
}

/** A pool that has each statement explained as well, and adds up the rows that were taken from tables and indexes. */
export function explainQueries(pool: Pool, work: Work): Pool {
  const query = async (asked: string | { readonly text: string; readonly values?: unknown[] }, values?: unknown[]) => {
    const statement = typeof asked === 'string' ? { text: asked, values: values ?? [] } : asked;
    const { rows } = await pool.query<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`,
      statement.values,
    );
    for (const each of rows) for (const { Plan: plan } of each['QUERY PLAN']) work.rows += lookedAt(plan);
    return pool.query(statement.text, statement.values);
  };
  return Object.assign(Object.create(pool), { query });
}

function lookedAt(node: Node): number {
  const isScan = /(Seq|Index|Index Only|Bitmap Index) Scan$/.test(node['Node Type']);
  const removed =
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0) +
    (node['Rows Removed by Join Filter'] ?? 0);
  const own = isScan ? (node['Actual Rows'] + removed) * node['Actual Loops'] : 0;
  return (node.Plans ?? []).reduce((sum, plan) => sum + lookedAt(plan), own);
}
