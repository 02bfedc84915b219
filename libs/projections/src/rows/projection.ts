import type { Instant, Position, RecordedEvent, Registration } from '#domain';
import type { Disregarded } from '#event-log';
import { FOLD_VERSION, LEDGER_VERSION, type LedgerChange } from '#temporal';
import type { Table, TableChange } from './table.js';

/** A policy as registered, from one position on. */
export interface Described {
  readonly id: number;
  readonly since: Position;
  readonly registration: Registration;
  /** Key of the retraction by which the policy is withdrawn: then it is not listed, and answers that it was. */
  readonly withdrawnBy?: string;
}

/** An entry that asserts nothing, and where it stands. */
export interface DisregardedEntry extends Disregarded {
  readonly revision: number;
  readonly recordedAt: Instant;
}

/** What one entry of the log changed in one policy. */
export interface PolicyChange {
  /** The position of the policy's registration: its number in every table. */
  readonly policy: number;
  readonly slug: string;
  /** The partition of its stream. */
  readonly partition: number;
  readonly position: Position;
  readonly key: string;
  /** Why the entry could not be folded; then it changes nothing. */
  readonly failure?: Error;
  /** Absent for the registration itself, and for what could not be folded. */
  readonly event?: RecordedEvent;
  readonly change?: LedgerChange;
  /** What stands in the place of an event that the log did not take; then nothing else changes. */
  readonly disregarded?: DisregardedEntry;
  /** What the policy is called and is, where that changed. */
  readonly described?: { readonly opened: Described; readonly closed?: Described };
}

/** A read model: its tables and what a policy's change means for them. Its queries stand in the same folder. */
export interface Projection {
  readonly name: string;
  /** Raised whenever the same events would give other rows: the read model is then built anew. */
  readonly version: number;
  readonly tables: readonly Table[];
  /**
   * What becomes of an event that it cannot process: the event is parked, and only its policy waits, or its partition
   * stops before it, for all read models. It is parked unless given.
   */
  readonly atPoison?: 'stop' | 'park';
  changesOf(change: PolicyChange): readonly TableChange[];
}

/** The version under which a read model's rows are kept: other rules of the fold give other rows to every one. */
export const storedVersion = ({ version }: Pick<Projection, 'version'>): number =>
  version * 10_000 + FOLD_VERSION * 100 + LEDGER_VERSION;
