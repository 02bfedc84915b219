import type { DatedAssertion } from '#temporal';
import { type Table, storedInstant } from './table.js';
import { EVENT_COLUMNS, type RowsOf } from './version-rows.js';

/** A table with one row an assertion about the fields of one group, such as `positions.<actor>`. */
export const assertedTable = (name: string): Table => ({
  name,
  columns: {
    ...EVENT_COLUMNS,
    subject: 'text NOT NULL',
    value: 'jsonb',
    valid_from: 'bigint NOT NULL',
    valid_to: 'bigint NOT NULL',
    weight: 'text COLLATE "C" NOT NULL',
  },
  indexes: ['(recorded_to, known_from, known_to)'],
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

/** The own columns of such rows, as read. */
export interface AssertedColumns {
  readonly subject: string;
  readonly value: string;
  readonly valid_from: number;
  readonly valid_to: number;
  readonly weight: string;
}

export const ASSERTED_COLUMNS =
  't.subject, t.value, t.valid_from::float8 AS valid_from, t.valid_to::float8 AS valid_to, t.weight';

/** True for a row whose assertion counts at an instant. */
export const countsAt = ({ valid_from, valid_to }: AssertedColumns, validAt: number): boolean =>
  valid_from <= validAt && validAt < valid_to;
