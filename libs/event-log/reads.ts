/** Reading the event log on Postgres, without the other adapters and their drivers: for threads that start often and only read. */
export { DISREGARDED, type Disregarded, readDisregarded } from './src/disregarded.js';
export type { EventLog, LogEntry } from './src/port.js';
export { readStreamWhole } from './src/read-stream-whole.js';
export { postgresReads } from './src/postgres/reads.js';
