import { type EventVersion, type VersionInterval, type LedgerItem, isInRecord } from '#temporal';
import type { PolicyChange } from './projection.js';
import { type Row, type Table, type TableChange, storedInstant } from './table.js';

/** The own columns of a row that every row about an event has. */
export const EVENT_COLUMNS = {
  event: 'text NOT NULL',
  position: 'bigint NOT NULL',
  public_from: 'bigint NOT NULL',
  occurred_order: 'text COLLATE "C" NOT NULL',
} as const;

/** The rows that an event gives while it stands as it does: one for each thing, such as each of its figures. */
export interface RowsOf<Thing> {
  readonly things: (standing: EventVersion, change: PolicyChange) => readonly Thing[];
  /** The columns that a thing's row has beside {@link EVENT_COLUMNS}; a new object each time. */
  readonly columns: (thing: Thing, standing: EventVersion) => Readonly<Record<string, unknown>>;
}

/**
 * The changes of a table whose rows follow from how events stand: a version that begins brings its rows, one that
 * ends takes them away. With `all`, versions that do not count in the record give rows too.
 */
export function versionRows<Thing>(
  table: Table,
  rowsOf: RowsOf<Thing>,
  { all = false } = {},
): (change: PolicyChange) => TableChange {
  return (change) => {
    const concerns = ({ value }: LedgerItem<VersionInterval>): boolean => all || isInRecord(value.version);
    const inserts: Row[] = [];
    const closes: TableChange['closes'][number][] = [];
    for (const version of change.change?.versions.opened ?? [])
      if (concerns(version)) inserts.push(...rowsOfVersion(version, change, rowsOf));
    for (const version of change.change?.versions.closed ?? [])
      if (concerns(version) && rowsOf.things(version.value.version, change).length > 0)
        closes.push({ policy: change.policy, id: version.id, at: change.position });
    return { table, inserts, closes };
  };
}

function rowsOfVersion<Thing>(
  { id, since, value: { known, version } }: LedgerItem<VersionInterval>,
  change: PolicyChange,
  rowsOf: RowsOf<Thing>,
): readonly Row[] {
  const things = rowsOf.things(version, change);
  if (things.length === 0) return [];
  const ofEvent = eventColumns(version);
  return things.map((thing, part) => ({
    policy: change.policy,
    id,
    part,
    recordedFrom: since,
    known,
    columns: Object.assign(rowsOf.columns(thing, version), ofEvent),
  }));
}

const eventColumns = ({ event, knownFrom, order }: EventVersion): Readonly<Record<string, unknown>> => ({
  event: event.key,
  position: event.position,
  public_from: storedInstant(knownFrom),
  occurred_order: order,
});
