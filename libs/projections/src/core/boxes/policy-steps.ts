import type { Pool } from 'pg';
import { type Bind, type OrderColumn, type Steps, markOf, orderBy, placeBy, placeOf } from '../../rows/steps.js';

/** How the rows of one policy `p` are found for a step. */
export interface RowsOfPolicy {
  readonly bind: Bind;
  /** The order of the rows of one policy. */
  readonly order: readonly OrderColumn[];
  /** SQL that holds for the rows of an alias that belong to the step. */
  readonly isAfter: (row: string) => string;
  /** The step shows no more rows. */
  readonly most: number;
}

interface WantedOfPolicies {
  /** Numbers of the policies; all when undefined. */
  readonly policies?: readonly number[] | undefined;
  /** First the policy, then what orders the rows of one policy. */
  readonly order: readonly OrderColumn[];
  /** Select list of a row `t`. */
  readonly select: string;
  /** SQL for the first rows of a policy `p`, with the columns of the order. */
  readonly rowsOf: (sql: RowsOfPolicy) => string;
  /** What must hold of a row `t`; rows that it rules out are looked at. */
  readonly shown?: (bind: Bind) => readonly string[];
}

/**
 * Rows of policies, in the order of registration, step by step. One policy is read after the other until the step is
 * full, so it costs what it looks at, however many policies there are.
 */
export const policySteps =
  <Row extends object>(pool: Pool, wanted: WantedOfPolicies): Steps<Row> =>
  async ({ after, most }) => {
    const { order } = wanted;
    const values: unknown[] = [];
    const bind: Bind = (value) => `$${values.push(value)}`;
    const text = statementOf(wanted, { place: placeOf(order, after), most, bind });
    const { rows } = await pool.query<Row & { readonly is_shown: boolean }>(text, values);
    const last = rows.length === most ? rows.at(-1) : undefined;
    return {
      found: rows.filter(({ is_shown }) => is_shown).map((row) => ({ thing: row, mark: markOf(order, row) })),
      looked: rows.length,
      ...(last ? { next: markOf(order, last) } : {}),
    };
  };

interface Stretch {
  /** After which the stretch begins. */
  readonly place: readonly (string | number)[] | undefined;
  readonly most: number;
  readonly bind: Bind;
}

function statementOf(wanted: WantedOfPolicies, { place, most, bind }: Stretch): string {
  const { policies, order, select, rowsOf, shown = () => [] } = wanted;
  const ofPolicy = order.slice(1);
  const beginning = place === undefined ? undefined : beginningAt(place, ofPolicy, bind);
  const isAfter = (row: string): string =>
    beginning === undefined ? 'true' : `(${orderBy(row, ofPolicy)}) > ${beginning.ofPolicy}`;
  const named = [
    'true',
    ...(policies === undefined ? [] : [`n.policy = ANY (${bind(policies)}::integer[])`]),
    ...(beginning === undefined ? [] : [`n.policy >= ${beginning.policy}`]),
  ];
  return `SELECT ${select}, t.policy, (SELECT n.slug FROM read.policies n WHERE n.policy = t.policy LIMIT 1) AS policy_slug,
      ${placeBy('t', order)}, ${['true', ...shown(bind)].join(' AND ')} AS is_shown
    FROM (SELECT l.* FROM (SELECT DISTINCT n.policy FROM read.policies n WHERE ${named.join(' AND ')} ORDER BY n.policy) p
      CROSS JOIN LATERAL (${rowsOf({ bind, order: ofPolicy, isAfter, most })}) l
      ORDER BY p.policy, ${orderBy('l', ofPolicy)} LIMIT ${most}) t
    ORDER BY ${orderBy('t', order)}`;
}

/** Before every value of a column. */
const LEAST: Readonly<Record<OrderColumn[1], string>> = {
  text: "''",
  integer: '0',
  bigint: `${-Number.MAX_SAFE_INTEGER} - 1`,
};

/** SQL for the policy in which a stretch begins, and for the place after which rows of a policy `p` belong to it. */
function beginningAt(
  [policy, ...place]: readonly (string | number)[],
  order: readonly OrderColumn[],
  bind: Bind,
): { readonly policy: string; readonly ofPolicy: string } {
  const first = `${bind(policy)}::integer`;
  const values = order.map(
    ([, type], index) => `CASE WHEN p.policy = ${first} THEN ${bind(place[index])}::${type} ELSE ${LEAST[type]} END`,
  );
  return { policy: first, ofPolicy: `(${values.join(', ')})` };
}
