import type { TidyTable } from '../cells/table.js';
import { promisesTable, turnsTable } from './analysis.js';
import { eventActorsTable, eventLinksTable, eventSourcesTable, eventsTable, sourcesTable } from './events.js';
import { figureClaimantsTable, figureConflictsTable, figuresTable } from './numbers.js';
import { actorsTable, anomaliesTable, claimsTable, negotiationsTable, positionsTable } from './people.js';
import { changesTable, factsTable, historyTable, identifiersTable, policiesTable, seriesTable } from './states.js';

/** Every table, in the order in which documents list them. */
export const tables: readonly TidyTable[] = [
  policiesTable,
  identifiersTable,
  factsTable,
  historyTable,
  seriesTable,
  eventsTable,
  eventActorsTable,
  eventLinksTable,
  eventSourcesTable,
  figuresTable,
  figureClaimantsTable,
  figureConflictsTable,
  positionsTable,
  negotiationsTable,
  claimsTable,
  sourcesTable,
  actorsTable,
  anomaliesTable,
  promisesTable,
  turnsTable,
  changesTable,
];

/** The tables made from the list at an address: its own first, then the long ones. */
export const tablesAt = (path: string): readonly TidyTable[] => tables.filter((table) => table.path === path);

/** The tables whose rows stand at one coordinate; a comparison has two. */
export const tablesOfOneCoordinate = tables.filter(({ path }) => path !== '/v1/diff');

/** True for the table that an address gives unless it is asked for another: the first at its path. */
export const isFirstAtPath = (table: TidyTable): boolean => tablesAt(table.path)[0] === table;
