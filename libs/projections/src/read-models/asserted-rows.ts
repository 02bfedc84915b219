import type { Pool } from 'pg';
import type { DatedAssertion } from '#temporal';
import type { ResolvedCoordinate } from '../rows/answers.js';
import { type RowGroup, groupIndexes, groupSteps } from '../rows/groups-at.js';
import { type ReadRow, rowFields } from '../rows/rows-at.js';
import type { Steps } from '../rows/steps.js';
import { type Table, standsAt, storedInstant } from '../rows/table.js';
import { EVENT_COLUMNS, type RowsOf } from '../rows/version-rows.js';

/** What all assertions about one field of a policy have in common. */
const GROUP = ['subject'];

/** A table with one row an assertion about the fields of one group, such as `positions.<actor>`. */
export const assertedTable = (name: string, ...indexes: readonly string[]): Table => ({
  name,
  columns: {
    ...EVENT_COLUMNS,
    subject: 'text COLLATE "C" NOT NULL',
    value: 'jsonb',
    valid_from: 'bigint NOT NULL',
    valid_to: 'bigint NOT NULL',
    weight: 'text COLLATE "C" NOT NULL',
  },
  indexes: [...groupIndexes(GROUP, 'weight'), ...indexes],
});

/** The rows of an event for the fields that begin with `group.`; `suffix` is what their path ends with. */
export const assertedRows = (group: string, suffix = ''): RowsOf<DatedAssertion> => ({
  things: (standing, { change }) =>
    (change?.assertions.get(standing) ?? []).filter(
      ({ field }) => field.startsWith(`${group}.`) && field.endsWith(suffix),
    ),
  columns: ({ field, value, valid, weight }) => ({
    subject: field.slice(group.length + 1, field.length - suffix.length),
    value,
    valid_from: storedInstant(valid.from),
    valid_to: storedInstant(valid.to),
    weight,
  }),
});

/** The own columns of such rows, as read; all their values are texts. */
export interface AssertedColumns<Value extends string = string> {
  readonly subject: string;
  readonly value: Value;
  readonly valid_from: number;
  readonly valid_to: number;
  readonly weight: string;
}

export const ASSERTED_COLUMNS =
  't.subject, t.value, t.valid_from::float8 AS valid_from, t.valid_to::float8 AS valid_to, t.weight';

/** SQL that holds for a row whose assertion counts at an instant, given as a parameter. */
export const countsIn = (row: string, validAt: string): string =>
  `${row}.valid_from <= ${validAt} AND ${row}.valid_to > ${validAt}`;

/** The fields that such a table has rows about. */
export const subjectSteps = (
  pool: Pool,
  table: string,
  filter: { readonly policy?: string | undefined; readonly subject?: string | undefined },
): Steps<RowGroup> => groupSteps(pool, { table, by: GROUP, policy: filter.policy, first: filter.subject });

/** Assertions about one field, perhaps only those that are weaker than one of them. */
export interface AssertedField {
  readonly policy: number;
  readonly subject: string;
  readonly weakerThan?: string;
}

/** The field that a group is of. */
export const fieldOf = ({ policy, values: [subject = ''] }: RowGroup): AssertedField => ({ policy, subject });

/** Weights are hexadecimal. */
const STRONGEST = 'g';

/** Of each field the strongest assertion that counts at a coordinate, in the order given; undefined where none does. */
export async function strongestOf<Value extends string = string>(
  pool: Pool,
  { recorded, knownAt, validAt }: ResolvedCoordinate,
  { table, fields }: { readonly table: string; readonly fields: readonly AssertedField[] },
): Promise<readonly (ReadRow<AssertedColumns<Value>> | undefined)[]> {
  const { rows } = await pool.query<ReadRow<AssertedColumns<Value>> & { readonly number: number }>({
    name: `strongest-${table}`,
    text: `SELECT g.number::integer, f.* FROM unnest($4::integer[], $5::text[], $6::text[]) WITH ORDINALITY g(policy, subject, weaker_than, number)
      CROSS JOIN LATERAL (SELECT ${rowFields('t')}, ${ASSERTED_COLUMNS} FROM read.${table} t
        WHERE t.policy = g.policy AND t.subject = g.subject AND t.weight < g.weaker_than AND ${standsAt('t', '$1', '$2')} AND ${countsIn('t', '$3')}
        ORDER BY t.weight DESC LIMIT 1) f`,
    values: [
      recorded,
      storedInstant(knownAt),
      storedInstant(validAt),
      fields.map(({ policy }) => policy),
      fields.map(({ subject }) => subject),
      fields.map(({ weakerThan }) => weakerThan ?? STRONGEST),
    ],
  });
  const found = new Map(rows.map((row) => [row.number, row]));
  return fields.map((_, index) => found.get(index + 1));
}
