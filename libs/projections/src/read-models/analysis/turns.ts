import { stancesIn, findUndoing } from '#analysis';
import { DATED_COLUMNS, datedColumns } from './dated-columns.js';
import { CHUNK_INDEXES } from './policy-chunks.js';
import type { Projection } from '../../rows/projection.js';
import type { Table } from '../../rows/table.js';
import { EVENT_COLUMNS, versionRows } from '../../rows/version-rows.js';

const ACTOR_COLUMNS = { role: 'text', on_behalf_of: 'text' } as const;

/** One row a stance of a named actor, the refusal to answer included. */
const stances: Table = {
  name: 'stances',
  columns: {
    ...EVENT_COLUMNS,
    ...DATED_COLUMNS,
    ...ACTOR_COLUMNS,
    actor: 'text NOT NULL',
    stance: 'text',
    names: 'text[] NOT NULL',
    follows: 'text[] NOT NULL',
  },
  indexes: CHUNK_INDEXES,
};

/** One row an event that undoes another. */
const undoings: Table = {
  name: 'undoings',
  columns: {
    ...EVENT_COLUMNS,
    ...DATED_COLUMNS,
    undoes: 'text NOT NULL',
    actors: 'json NOT NULL',
    follows: 'text[] NOT NULL',
  },
  indexes: CHUNK_INDEXES,
};

const stanceRows = versionRows(stances, {
  things: stancesIn,
  columns: ({ actor, role, onBehalfOf, stance, dates, names, follows }) => ({
    ...datedColumns(dates),
    actor,
    role,
    on_behalf_of: onBehalfOf,
    stance,
    names,
    follows,
  }),
});

const undoingRows = versionRows(undoings, {
  things: (standing) => {
    const undoing = findUndoing(standing);
    return undoing ? [undoing] : [];
  },
  columns: ({ undoes, actors, dates, follows }) => ({ ...datedColumns(dates), undoes, actors, follows }),
});

/** What turns are found in: the stances of actors who can be named, and what undoes what. */
export const turns: Projection = {
  name: 'turns',
  version: 1,
  tables: [stances, undoings],
  changesOf: (change) => [stanceRows(change), undoingRows(change)],
};
