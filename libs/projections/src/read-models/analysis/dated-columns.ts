import { type WorldDate, position } from '#domain';
import type { EventDates } from '#analysis';
import { readInstant, storedInstant } from '../../rows/table.js';

/** The columns of how an event is dated, with the order in which it occurred. */
export const DATED_COLUMNS = {
  edtf: 'text NOT NULL',
  earliest: 'bigint NOT NULL',
  latest: 'bigint NOT NULL',
  settled: 'bigint NOT NULL',
} as const;

/** See {@link DATED_COLUMNS}. */
export const datedColumns = ({ edtf, earliest, latest, settled }: EventDates) => ({
  edtf,
  earliest: storedInstant(earliest),
  latest: storedInstant(latest),
  settled: storedInstant(settled),
});

/** Select list of {@link DATED_COLUMNS} and of what {@link readPlace} reads, of rows `t`. */
export const SELECT_DATED =
  't.edtf, t.earliest::float8 AS earliest, t.latest::float8 AS latest, t.settled::float8 AS settled, t.event, t.position::float8 AS position, t.public_from::float8 AS public_from, t.occurred_order';

/** A row with {@link SELECT_DATED}. */
export interface DatedRow {
  readonly edtf: string;
  readonly earliest: number;
  readonly latest: number;
  readonly settled: number;
  readonly event: string;
  readonly position: number;
  readonly public_from: number;
  readonly occurred_order: string;
}

export const readDates = ({ edtf, earliest, latest, settled }: DatedRow): EventDates => ({
  edtf,
  earliest: readInstant(earliest),
  latest: readInstant(latest),
  settled: readInstant(settled),
});

/** Where an event stands: in the log, in known time and in the order of occurrence. */
export const readPlace = ({ position: place, public_from, occurred_order }: DatedRow) => ({
  position: position(place),
  knownFrom: readInstant(public_from),
  order: occurred_order,
});

/** The columns of a date that may be absent. */
export const DUE_COLUMNS = { due_edtf: 'text', due_from: 'bigint', due_to: 'bigint' } as const;

export const dueColumns = (due: WorldDate | null) => ({
  due_edtf: due?.edtf ?? null,
  due_from: due && storedInstant(due.earliest),
  due_to: due && storedInstant(due.latest),
});

/** Select list of {@link DUE_COLUMNS}, of rows `t`. */
export const SELECT_DUE = 't.due_edtf, t.due_from::float8 AS due_from, t.due_to::float8 AS due_to';

/** A row with {@link SELECT_DUE}. */
export interface DueRow {
  readonly due_edtf: string | null;
  readonly due_from: number | null;
  readonly due_to: number | null;
}

export const readDue = ({ due_edtf, due_from, due_to }: DueRow): WorldDate | null =>
  due_edtf === null || due_from === null || due_to === null
    ? null
    : { edtf: due_edtf, earliest: readInstant(due_from), latest: readInstant(due_to) };
