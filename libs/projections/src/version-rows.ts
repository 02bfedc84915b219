import { type EventStanding, type EventVersion, type Standing, countsInRecord } from '#temporal';
import type { PolicyChange } from './projection.js';
import { type Row, type Table, type TableChange, storedInstant } from './table.js';

/** The own columns of a row that every row about an event has. */
export const EVENT_COLUMNS = {
  event: 'text NOT NULL',
  position: 'bigint NOT NULL',
  public_from: 'bigint NOT NULL',
  occurred_order: 'text COLLATE "C" NOT NULL',
} as const;

/** The rows that an event gives while it stands as it does. */
export type RowsOf = (standing: EventStanding, change: PolicyChange) => readonly Readonly<Record<string, unknown>>[];

/**
 * The changes of a table whose rows follow from how events stand: a version that begins brings its rows, one that
 * ends takes them away. With `all`, versions that do not count in the record give rows too.
 */
export function versionRows(table: Table, rowsOf: RowsOf, { all = false } = {}): (change: PolicyChange) => TableChange {
  return (change) => {
    const { opened, closed } = change.change?.versions ?? { opened: [], closed: [] };
    const concerns = ({ thing }: Standing<EventVersion>): boolean => all || countsInRecord(thing.standing);
    const hasRows = ({ thing }: Standing<EventVersion>): boolean => rowsOf(thing.standing, change).length > 0;
    return {
      table,
      inserts: opened.filter(concerns).flatMap((version) => rowsOfVersion(version, change, rowsOf)),
      closes: closed
        .filter((version) => concerns(version) && hasRows(version))
        .map(({ id }) => ({ policy: change.policy, id, at: change.position })),
    };
  };
}

const rowsOfVersion = (
  { id, since, thing }: Standing<EventVersion>,
  change: PolicyChange,
  rowsOf: RowsOf,
): readonly Row[] =>
  rowsOf(thing.standing, change).map((columns, part) => ({
    policy: change.policy,
    id,
    part,
    recordedFrom: since,
    known: thing.known,
    columns: { ...eventColumns(thing.standing), ...columns },
  }));

const eventColumns = ({ event, knownFrom, order }: EventStanding): Readonly<Record<string, unknown>> => ({
  event: event.key,
  position: event.position,
  public_from: storedInstant(knownFrom),
  occurred_order: order,
});
