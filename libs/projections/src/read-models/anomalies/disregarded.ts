import { FOREVER } from '#domain';
import type { DisregardReason } from '#event-log';
import { orderKey } from '#temporal';
import type { DisregardedEntry, PolicyChange } from '../../rows/projection.js';
import { type Row, type Table, type TableChange, storedInstant } from '../../rows/table.js';
import { EVENT_COLUMNS } from '../../rows/version-rows.js';

/** One row a record of the store that the log did not take. */
export const disregarded: Table = {
  name: 'disregarded',
  columns: { ...EVENT_COLUMNS, kind: 'text NOT NULL', detail: 'text NOT NULL' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

/** The row that a change gives, if it is a record that was not taken. */
export const disregardedRows = ({ policy, position, key, disregarded: found }: PolicyChange): readonly TableChange[] =>
  found ? [{ table: disregarded, inserts: [disregardedRow({ policy, position, key, found })], closes: [] }] : [];

interface Found extends Pick<PolicyChange, 'policy' | 'position' | 'key'> {
  readonly found: DisregardedEntry;
}

function disregardedRow({ policy, position, key, found }: Found): Row {
  const { revision, recordedAt: at, reason } = found;
  const order = orderKey({ orderedAt: at, earliest: at, settled: at, rank: 0, knownFrom: at, ordinal: 0, position });
  return {
    policy,
    id: revision,
    part: 0,
    recordedFrom: position,
    known: { from: at, to: FOREVER },
    columns: {
      event: key,
      position,
      public_from: storedInstant(at),
      occurred_order: order,
      kind: reason,
      detail: `${WHY[reason](found)} It has this position and a leaf, and asserts nothing.`,
    },
  };
}

const WHY: Readonly<Record<DisregardReason, (found: DisregardedEntry) => string>> = {
  repeated: ({ key }) => `The event store recorded "${key ?? ''}" again.`,
  'key-taken': ({ key }) => `The event store recorded another event with the key "${key ?? ''}" after the first.`,
  'idempotency-key-taken': ({ key }) =>
    `The event store recorded "${key ?? ''}" under an Idempotency-Key that named another request before.`,
  'request-disregarded': ({ key }) =>
    `The event store recorded "${key ?? ''}" in one request with an event that cannot be taken.`,
  'not-ours': ({ type, id }) =>
    `The event store holds an event of type "${type}" (${id}) that was not written by this service, or was altered.`,
};
