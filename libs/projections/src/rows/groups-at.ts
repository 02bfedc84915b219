import type { Pool } from 'pg';
import { type Bind, type OrderColumn, type Steps, beyond, markOf, orderBy, placeOf, placeBy } from './steps.js';
import { isAsked, isOfPolicy, namesAsked } from './table.js';

/** Which groups of rows of a table: those that are equal in some columns, by which the rows are indexed. */
interface WantedGroups {
  readonly table: string;
  /** The columns of a group after its policy's, of text. */
  readonly by: readonly string[];
  /** Slug of the policy; all when undefined. */
  readonly policy?: string | undefined;
  /** What the first of the columns must be; anything when undefined. */
  readonly first?: string | undefined;
}

/** The policy and the columns that the rows of a group have in common, in the order of `by`. */
export interface RowGroup {
  readonly policy: number;
  readonly values: readonly string[];
}

/** Column lists of the indexes by which groups are found: all, or those that begin with the first column. */
export const groupIndexes = (
  [first = '', ...by]: readonly string[],
  ...inOrder: readonly string[]
): readonly string[] => [
  `(${['policy', first, ...by, ...inOrder].join(', ')})`,
  `(${[first, 'policy', ...by].join(', ')})`,
];

/**
 * The groups of rows that a table has of any time, by policy in the order of registration, then by their columns; step
 * by step. What it costs is in proportion to the groups, however many rows these have.
 */
export const groupSteps =
  (pool: Pool, { table, by, policy, first }: WantedGroups): Steps<RowGroup> =>
  async ({ after, most }) => {
    const values: unknown[] = [];
    const bind: Bind = (value) => `$${values.push(value)}`;
    const all: readonly OrderColumn[] = [['policy', 'integer'], ...by.map((name) => [name, 'text'] as const)];
    // What is the same in all of them would keep the index of the others from being used.
    const order = all.filter(
      ([name], index) =>
        index === all.length - 1 || !((name === 'policy' && isOne(policy)) || (name === by[0] && isOne(first))),
    );
    const within = [
      ...(policy === undefined ? [] : [isOfPolicy('k', policy, bind)]),
      ...(first === undefined ? [] : [isAsked(`k.${by[0] ?? ''}`, first, bind)]),
    ];
    const place = placeOf(order, after);
    const next = (beyondBefore: readonly string[]): string =>
      `SELECT ${orderBy('k', all)} FROM read.${table} k WHERE ${['true', ...within, ...beyondBefore].join(' AND ')}
        ORDER BY ${orderBy('k', order)} LIMIT 1`;
    const { rows } = await pool.query<Readonly<Record<string, string>> & { readonly policy: number }>(
      `WITH RECURSIVE g AS ((${next(place === undefined ? [] : [beyond('k', order, { place, bind })])})
        UNION ALL SELECT n.* FROM g CROSS JOIN LATERAL (${next([`(${orderBy('k', order)}) > (${orderBy('g', order)})`])}) n)
      SELECT ${orderBy('g', all)}, ${placeBy('g', order)} FROM g LIMIT ${most}`,
      values,
    );
    const found = rows.map((row) => ({
      thing: { policy: row.policy, values: by.map((name) => row[name] ?? '') },
      mark: markOf(order, row),
    }));
    const last = rows.length === most ? found.at(-1) : undefined;
    return { found, looked: rows.length, ...(last ? { next: last.mark } : {}) };
  };

const isOne = (asked: string | undefined): boolean => asked !== undefined && namesAsked(asked).length === 1;

/** Groups as values of a statement: their policies, then each of their columns. */
export const groupValues = (groups: readonly RowGroup[], columns: number): readonly (readonly unknown[])[] => [
  groups.map(({ policy }) => policy),
  ...Array.from({ length: columns }, (_, index) => groups.map(({ values }) => values[index])),
];
