import type { Pool } from 'pg';
import type { EventLog } from '#event-log';
import type { StoreStatus } from '#kurrentdb-log';
import type { ClockWatch, ImportLine } from '#recording';
import type { Clock } from '#runtime';
import type { SpoolRoom } from './exports/spool.js';

/** Injection tokens of the parts that controllers use. */
export const STORAGE = Symbol('where events are kept');
export const RUNNER = Symbol('what advances the read models here, or null');
export const CALENDAR = Symbol('calendar');
export const IDENTITY = Symbol('the program and its publisher');
export const ABSOLUTE_URL = Symbol('absolute addresses');
export const DOCUMENT = Symbol('OpenAPI document');
export const AUDIT = Symbol('audit');
export const IMPORT = Symbol('import');
export const SPOOL = Symbol('files of exports');

/** The database, and the store that the log is kept in if that is another. */
export interface Storage {
  readonly pool: Pool;
  /** What is known of that store; undefined when the log is kept in the database. */
  readonly storeStatus: () => Promise<StoreStatus | undefined>;
  /** Whether the clock and the record contradict each other. */
  readonly clock: ClockWatch;
  /** What the files of exports take, and the room that there is. */
  readonly spoolRoom: () => Promise<SpoolRoom>;
}

/** The program, who publishes what it holds and under which terms, and the log. */
export interface Identity {
  readonly version: string;
  readonly publisher: string | undefined;
  readonly licence: string | undefined;
  readonly log: Pick<EventLog, 'head'>;
}

/** Imports the lines of NDJSON; answers one line for each of them, then the summary. */
export type ImportEvents = (
  lines: AsyncIterable<Uint8Array>,
  options: {
    readonly dryRun: boolean;
    readonly atomic: boolean;
    readonly by?: string | undefined;
    readonly signal?: AbortSignal;
  },
) => AsyncIterable<ImportLine>;

/** The current time, and the zone in which bare dates are read. */
export interface Calendar {
  readonly now: Clock;
  readonly zone: string;
}
