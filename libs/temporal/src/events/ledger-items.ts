import type { Position } from '#domain/facts';
import type { Interval } from '../time/coordinate.js';
import type { DatedAssertion } from './dated-assertion.js';
import type { EventVersion } from './event-version.js';

/** An item of a ledger: a value that holds from one position of the log until a later event closes it. */
export interface LedgerItem<Value> {
  /** Counts up within the policy; the same events in the same order give the same numbers. */
  readonly id: number;
  /** The position from which it holds. */
  readonly since: Position;
  readonly value: Value;
}

/** A version of an event, with the stretch of known time in which nothing about the event changes. */
export interface VersionInterval {
  readonly known: Interval;
  readonly version: EventVersion;
}

/** A rectangle of known by valid time in which one assertion of a field wins. */
export interface Box {
  readonly known: Interval;
  readonly valid: Interval;
  readonly assertion: DatedAssertion;
}

/** A stretch of known time in which an assertion has an interval of uncertainty. */
export interface UncertainInterval {
  readonly known: Interval;
  readonly assertion: DatedAssertion;
}

/** The items that were opened and closed at one position. */
export interface ItemChanges<Thing> {
  readonly opened: readonly LedgerItem<Thing>[];
  readonly closed: readonly LedgerItem<Thing>[];
}

/** Makes an item of a value, with the next number. */
export type ItemFactory = <Value>(value: Value) => LedgerItem<Value>;

/** Combines several changes of one position. */
export function mergeChanges<Thing>(changes: readonly ItemChanges<Thing>[]): ItemChanges<Thing> {
  const [opened, closed]: [LedgerItem<Thing>[], LedgerItem<Thing>[]] = [[], []];
  for (const change of changes) {
    for (const version of change.opened) opened.push(version);
    for (const version of change.closed) closed.push(version);
  }
  return { opened, closed };
}
