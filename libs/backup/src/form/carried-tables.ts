/** A table whose rows a backup carries beside the export of the log, and how it is read. */
export interface CarriedTable {
  /** The beginning of its file's name. */
  readonly name: string;
  readonly table: string;
  /** A total order of its rows, the same on every server. */
  readonly order: string;
  /** The column with a position of the log: rows beyond the backup's position are left out. */
  readonly position?: string;
  /** The column by which it is cut into the parts of the log: rows of a full part never change. */
  readonly parts?: string;
  /** Rows that are carried; all unless given. */
  readonly where?: string;
}

/**
 * Every table that a backup carries, in the order in which it is restored. One line makes another table part of it.
 *
 * Not in it is what follows from the log and is made again: read models, tiles, stream heads, the self-check's report;
 * and what belongs to a server: leases, and, where a log is kept in KurrentDB, the places of its entries there.
 */
export const carriedTables: readonly CarriedTable[] = [
  // Where the log is kept is a matter of the database that it is restored into.
  { name: 'settings', table: 'log.settings', order: 'name COLLATE "C"', where: "name <> 'log'" },
  { name: 'checkpoints', table: 'audit.checkpoints', order: 'size', parts: 'size' },
  { name: 'erasable', table: 'log.erasable', order: 'position, pointer COLLATE "C"', position: 'position' },
  {
    name: 'idempotency-keys',
    table: 'log.idempotency_keys',
    order: 'idempotency_key COLLATE "C"',
    position: 'position',
  },
  { name: 'access-keys', table: 'access.keys', order: 'id COLLATE "C"' },
  { name: 'citations', table: 'citation.citations', order: 'id COLLATE "C"' },
];

/** The tables that a backup leaves out, and why; a test compares both lists with the tables that there are. */
export const tablesLeftOut: Readonly<Record<string, string>> = {
  'log.events': 'the export',
  'access.sessions': 'people sign in again',
  'access.revision': 'counts changes of the keys in this database',
  'log.head': 'follows from the log',
  'audit.tiles': 'follows from the log',
  'audit.heads': 'follows from the log',
  'audit.follower': 'follows from the log',
  'audit.self_check': 'made again',
  'log.sequencer': 'of the server: where a store is copied from',
  'log.mirrored': 'of the server: the places of entries in a store',
  'log.pending_erasable': 'of appends that are under way',
  'log.reservations': 'of appends that are under way',
  'log.guard': 'of the server: how far a store was compared',
  'log.guard_findings': 'of the server: what was found in a store',
  'log.store_limits': 'of the server: limits of a store',
};
