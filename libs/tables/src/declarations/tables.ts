import type { TidyTable } from '../cells/table.js';
import { promisesTable, turnsTable } from './analysis.js';
import { eventActorsTable, eventLinksTable, eventSourcesTable, eventsTable, sourcesTable } from './events.js';
import { figureClaimantsTable, figureConflictsTable, figuresTable } from './numbers.js';
import { actorsTable, anomaliesTable, claimsTable, negotiationsTable, positionsTable } from './people.js';
import { changesTable, factsTable, historyTable, policiesTable, seriesTable } from './states.js';

/** Every table, in the order in which documents list them. */
export const tables: readonly TidyTable[] = [
  policiesTable,
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
