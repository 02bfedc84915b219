import type { StoreStatus } from '#event-log';
import type { ImportLine } from '#recording';
import type { Clock } from '#runtime';

/** Names under which the composition root hands its parts to controllers. */
export const POOL = Symbol('pool');
export const READ_SIDE = Symbol('projections');
export const STORE_STATUS = Symbol('status of the event store');
export const CALENDAR = Symbol('calendar');
export const DOCUMENT = Symbol('OpenAPI document');
export const AUDIT = Symbol('audit');
export const IMPORT = Symbol('import');

/** What is known of the store that the log is kept in; undefined when it is kept in the database. */
export type ReadStoreStatus = () => Promise<StoreStatus | undefined>;

/** Imports the lines of NDJSON; answers one line for each of them, then the summary. */
export type ImportEvents = (
  lines: AsyncIterable<Uint8Array>,
  options: { readonly dryRun: boolean; readonly atomic: boolean },
) => AsyncIterable<ImportLine>;

/** What time it is, and the zone in which bare dates are read. */
export interface Calendar {
  readonly now: Clock;
  readonly zone: string;
}
