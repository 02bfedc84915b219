import { OVER } from '#analysis';
import type { ItemChanges, LedgerItem } from '#temporal';
import type { PolicyChange, Projection } from '../rows/projection.js';
import { type Row, type Table, type TableChange, storedInstant } from '../rows/table.js';

/**
 * The facts of every policy as disjoint boxes of known by valid time, and the times at which a fact may already have
 * held. Where no box stands, nothing is asserted; a box without a value asserts absence.
 */
const boxes: Table = {
  name: 'boxes',
  columns: {
    field: 'text COLLATE "C" NOT NULL',
    value: 'jsonb',
    event: 'text NOT NULL',
    valid_from: 'bigint NOT NULL',
    valid_to: 'bigint NOT NULL',
    since: 'bigint NOT NULL',
    until: 'bigint NOT NULL',
  },
  indexes: [
    // Which rows stand is looked up here alone. As columns of the key the others would make it look too dear to the planner,
    // which would then read every row of the policy.
    '(policy, recorded_to) INCLUDE (recorded_from, known_from, known_to, valid_from, valid_to, id)',
    "(policy, valid_from, id) WHERE field = 'status'",
    '(policy, field, recorded_from, valid_from, known_from, id)',
    // Which policies are over: few boxes of many say so, and most of those that did hold no longer.
    `(policy, valid_to) WHERE ${saysOver()}`,
    'USING gist (int8range(recorded_from, recorded_to), int8range(known_from, known_to), int8range(valid_from, valid_to))',
  ],
};

/** SQL that holds for the boxes, of an alias if one is given, that say that a policy is over. */
export function saysOver(row?: string): string {
  const column = (name: string): string => (row === undefined ? name : `${row}.${name}`);
  const over = OVER.map((status) => `'"${status}"'::jsonb`);
  return `${column('field')} = 'status' AND ${column('value')} IN (${over.join(', ')})`;
}

const unsure: Table = {
  name: 'unsure',
  columns: {
    field: 'text NOT NULL',
    value: 'jsonb',
    event: 'text NOT NULL',
    unsure_from: 'bigint NOT NULL',
    settled: 'bigint NOT NULL',
  },
  indexes: [
    '(policy, recorded_to, settled, unsure_from, known_from, known_to)',
    '(policy, field COLLATE "C", recorded_from, unsure_from, known_from, id)',
  ],
};

export const policyFacts: Projection = {
  name: 'policy-facts',
  version: 3,
  tables: [boxes, unsure],
  changesOf: (change): readonly TableChange[] => {
    if (!change.change) return [];
    return [
      tableChange(boxes, change, {
        ...change.change.boxes,
        rowOf: ({ known, valid, assertion }) => ({
          known,
          columns: {
            field: assertion.field,
            value: assertion.value,
            event: assertion.event.key,
            valid_from: storedInstant(valid.from),
            valid_to: storedInstant(valid.to),
            since: storedInstant(assertion.valid.from),
            until: storedInstant(assertion.valid.to),
          },
        }),
      }),
      tableChange(unsure, change, {
        ...change.change.uncertain,
        rowOf: ({ known, assertion }) => ({
          known,
          columns: {
            field: assertion.field,
            value: assertion.value,
            event: assertion.event.key,
            unsure_from: storedInstant(assertion.uncertain.from),
            settled: storedInstant(assertion.uncertain.to),
          },
        }),
      }),
    ];
  },
};

/** The change of a table with one row a thing. */
export function tableChange<Thing>(
  table: Table,
  { policy, position }: PolicyChange,
  { opened, closed, rowOf }: ItemChanges<Thing> & { readonly rowOf: (thing: Thing) => Pick<Row, 'known' | 'columns'> },
): TableChange {
  const row = ({ id, since, value }: LedgerItem<Thing>): Row => ({
    policy,
    id,
    part: 0,
    recordedFrom: since,
    ...rowOf(value),
  });
  return { table, inserts: opened.map(row), closes: closed.map(({ id }) => ({ policy, id, at: position })) };
}
