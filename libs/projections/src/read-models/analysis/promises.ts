import { promiseIn, settlementsIn } from '#analysis';
import { DATED_COLUMNS, DUE_COLUMNS, datedColumns, dueColumns } from './dated-columns.js';
import { CHUNK_INDEXES } from './policy-chunks.js';
import type { Projection } from '../../rows/projection.js';
import type { Table } from '../../rows/table.js';
import { EVENT_COLUMNS, versionRows } from '../../rows/version-rows.js';

/** One row a promise, as its event makes it. */
const made: Table = {
  name: 'promises',
  columns: {
    ...EVENT_COLUMNS,
    ...DATED_COLUMNS,
    ...DUE_COLUMNS,
    kind: 'text NOT NULL',
    made_by: 'text[] NOT NULL',
    summary: 'text NOT NULL',
  },
  indexes: [...CHUNK_INDEXES, '(event)'],
};

/** One row for what an event says of a promise, whether it is one, and wherever it was made. */
const settlements: Table = {
  name: 'settlements',
  columns: { ...EVENT_COLUMNS, ...DATED_COLUMNS, ...DUE_COLUMNS, promise: 'text NOT NULL', way: 'text NOT NULL' },
  indexes: ['(promise)', '(event)'],
};

const madeRows = versionRows(made, {
  things: (standing) => {
    const promise = promiseIn(standing);
    return promise ? [promise] : [];
  },
  columns: ({ kind, by, summary, due, made: dates }) => ({
    ...datedColumns(dates),
    ...dueColumns(due),
    kind,
    made_by: by,
    summary,
  }),
});

const settlementRows = versionRows(settlements, {
  things: settlementsIn,
  columns: ({ promise, way, due, dates }) => ({ ...datedColumns(dates), ...dueColumns(due), promise, way }),
});

/** What was promised, and what later events say of it. What became of it follows when it is asked, at the coordinate. */
export const promises: Projection = {
  name: 'promises',
  version: 2,
  tables: [made, settlements],
  changesOf: (change) => [madeRows(change), settlementRows(change)],
};
