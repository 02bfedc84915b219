import type { Pool } from 'pg';
import type { Json } from '#domain';
import { type Bind, type OrderColumn, type Steps, markOf, orderBy, placeBy, placeOf } from '../../rows/steps.js';

/** Whether a value is sure to hold in a stretch of valid time, or may hold already. */
export const CERTAINTIES = ['settled', 'uncertain'] as const;

/** A box of a field, or a stretch in which its value may hold already, as read; instants as stored. */
export interface BoxRow {
  readonly policy: number;
  readonly policy_slug: string;
  readonly certainty: (typeof CERTAINTIES)[number];
  readonly field: string;
  readonly value: Json;
  readonly event: string;
  readonly recorded_from: number;
  readonly recorded_to: number;
  readonly known_from: number;
  readonly known_to: number;
  readonly valid_from: number;
  readonly valid_to: number;
}

/** Which boxes of which policies. */
interface WantedBoxes {
  /** Numbers of the policies; all when undefined. */
  readonly policies?: readonly number[] | undefined;
  /** Path of one field; all when undefined. */
  readonly field?: string | undefined;
  /** Also the stretches in which a value may hold already. */
  readonly withUncertain: boolean;
  /** What must hold of a row `t`. Rows that it rules out are looked at. */
  readonly shown: (bind: Bind) => readonly string[];
  /** What must hold of a row, given its alias, to be looked at. */
  readonly within?: (row: string, bind: Bind) => readonly string[];
}

const SETTLED = `(SELECT 'settled' AS certainty, policy, id, field, value, event, recorded_from, recorded_to, known_from, known_to, valid_from, valid_to
  FROM read.boxes)`;

const UNCERTAIN = `(SELECT 'uncertain' AS certainty, policy, id, field COLLATE "C" AS field, value, event, recorded_from, recorded_to, known_from, known_to,
  unsure_from AS valid_from, settled AS valid_to FROM read.unsure)`;

const ORDER = [
  ['policy', 'integer'],
  ['field', 'text'],
  ['recorded_from', 'bigint'],
  ['valid_from', 'bigint'],
  ['known_from', 'bigint'],
  ['id', 'integer'],
] as const satisfies readonly OrderColumn[];

const SELECTED = `t.policy, (SELECT n.slug FROM read.policies n WHERE n.policy = t.policy LIMIT 1) AS policy_slug, t.certainty, t.field, t.value, t.event,
  ${['recorded', 'known', 'valid'].flatMap((axis) => [`t.${axis}_from::float8 AS ${axis}_from`, `t.${axis}_to::float8 AS ${axis}_to`]).join(', ')}`;

/**
 * The boxes of fields, step by step: by policy in the order of registration, then by field, recorded, valid and known
 * time. Policy after policy is read in the order of an index, so a step costs what it looks at, however many there are.
 */
export const boxSteps =
  (pool: Pool, wanted: WantedBoxes): Steps<BoxRow> =>
  async ({ after, most }) => {
    // What all rows have in common would keep the index from being used.
    const order = ORDER.filter(([name]) => name !== 'field' || wanted.field === undefined);
    const values: unknown[] = [];
    const bind: Bind = (value) => `$${values.push(value)}`;
    const text = statementOf(wanted, { order, place: placeOf(order, after), most, bind });
    const { rows } = await pool.query<BoxRow & { readonly is_shown: boolean }>(text, values);
    const last = rows.length === most ? rows.at(-1) : undefined;
    return {
      found: rows.filter(({ is_shown }) => is_shown).map((row) => ({ thing: row, mark: markOf(order, row) })),
      looked: rows.length,
      ...(last ? { next: markOf(order, last) } : {}),
    };
  };

interface Stretch {
  readonly order: readonly OrderColumn[];
  /** After which the stretch begins. */
  readonly place: readonly (string | number)[] | undefined;
  readonly most: number;
  readonly bind: Bind;
}

function statementOf(wanted: WantedBoxes, { order, place, most, bind }: Stretch): string {
  const { policies, field, withUncertain, shown, within = () => [] } = wanted;
  const ofPolicy = order.slice(1);
  const beginning = place === undefined ? undefined : beginningAt(place, ofPolicy, bind);
  const rowsOf = (source: string): string => {
    const conditions = [
      'b.policy = p.policy',
      ...(field === undefined ? [] : [`b.field = ${bind(field)}`]),
      ...(beginning === undefined ? [] : [`(${orderBy('b', ofPolicy)}) > ${beginning.ofPolicy}`]),
      ...within('b', bind),
    ];
    return `(SELECT * FROM ${source} b WHERE ${conditions.join(' AND ')} ORDER BY ${orderBy('b', ofPolicy)} LIMIT ${most})`;
  };
  const named = [
    'true',
    ...(policies === undefined ? [] : [`n.policy = ANY (${bind(policies)}::integer[])`]),
    ...(beginning === undefined ? [] : [`n.policy >= ${beginning.policy}`]),
  ];
  const sources = withUncertain ? [SETTLED, UNCERTAIN] : [SETTLED];
  return `SELECT ${SELECTED}, ${placeBy('t', order)}, ${['true', ...shown(bind)].join(' AND ')} AS is_shown
    FROM (SELECT l.* FROM (SELECT DISTINCT n.policy FROM read.policies n WHERE ${named.join(' AND ')} ORDER BY n.policy) p
      CROSS JOIN LATERAL (${sources.map(rowsOf).join(' UNION ALL ')}) l
      ORDER BY p.policy, ${orderBy('l', ofPolicy)} LIMIT ${most}) t
    ORDER BY ${orderBy('t', order)}`;
}

/** Before every value of a column. */
const LEAST: Readonly<Record<OrderColumn[1], string>> = { text: "''", integer: '0', bigint: '0' };

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
