import type { Pool } from 'pg';
import type { Json } from '#domain';
import { type Bind, type OrderColumn, type Steps, orderBy } from '../../rows/steps.js';
import { policySteps } from './policy-steps.js';

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
  /** The stretch in which the assertion behind it counts, whatever else holds. */
  readonly since: number;
  readonly until: number;
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
  readonly shown?: (bind: Bind) => readonly string[];
  /** What must hold of a row `b` to be looked at. */
  readonly within?: (bind: Bind) => readonly string[];
}

const SETTLED = `(SELECT 'settled' AS certainty, policy, id, field, value, event, recorded_from, recorded_to, known_from, known_to, valid_from, valid_to,
  since, until FROM read.boxes)`;

const UNCERTAIN = `(SELECT 'uncertain' AS certainty, policy, id, field COLLATE "C" AS field, value, event, recorded_from, recorded_to, known_from, known_to,
  unsure_from AS valid_from, settled AS valid_to, unsure_from AS since, settled AS until FROM read.unsure)`;

const ORDER = [
  ['policy', 'integer'],
  ['field', 'text'],
  ['recorded_from', 'bigint'],
  ['valid_from', 'bigint'],
  ['known_from', 'bigint'],
  ['id', 'integer'],
] as const satisfies readonly OrderColumn[];

const SELECTED = `t.certainty, t.field, t.value, t.event, t.since::float8 AS since, t.until::float8 AS until,
  ${['recorded', 'known', 'valid'].flatMap((axis) => [`t.${axis}_from::float8 AS ${axis}_from`, `t.${axis}_to::float8 AS ${axis}_to`]).join(', ')}`;

/**
 * The boxes of fields, step by step: by policy in the order of registration, then by field, recorded, valid and known
 * time, which is the order of an index.
 */
export const boxSteps = (
  pool: Pool,
  { policies, field, withUncertain, shown = () => [], within = () => [] }: WantedBoxes,
): Steps<BoxRow> =>
  policySteps<BoxRow>(pool, {
    policies,
    // What all rows have in common would keep the index from being used.
    order: ORDER.filter(([name]) => name !== 'field' || field === undefined),
    select: SELECTED,
    rowsOf: ({ bind, order, isAfter, most }) =>
      (withUncertain ? [SETTLED, UNCERTAIN] : [SETTLED])
        .map((source) => {
          const conditions = [
            'b.policy = p.policy',
            ...(field === undefined ? [] : [`b.field = ${bind(field)}`]),
            isAfter('b'),
            ...within(bind),
          ];
          return `(SELECT * FROM ${source} b WHERE ${conditions.join(' AND ')} ORDER BY ${orderBy('b', order)} LIMIT ${most})`;
        })
        .join(' UNION ALL '),
    shown,
  });
