import type { Position } from '#domain';
import type { Interval } from '../time/coordinate.js';
import type { DatedAssertion } from './dated-assertion.js';
import type { EventStanding } from './event-standing.js';

/** A thing that stands from one position of the log on, until a later one ends it. */
export interface LedgerItem<Value> {
  /** Counts up within the policy; the same events in the same order give the same numbers. */
  readonly id: number;
  /** The position from which on it stands. */
  readonly since: Position;
  readonly value: Value;
}

/** How an event stands over a stretch of known time in which nothing about it changes. */
export interface EventVersion {
  readonly known: Interval;
  readonly standing: EventStanding;
}

/** A rectangle of known by valid time in which one assertion of a field wins. */
export interface Box {
  readonly known: Interval;
  readonly valid: Interval;
  readonly assertion: DatedAssertion;
}

/** A stretch of known time in which an assertion has a time of uncertainty before it. */
export interface UncertainInterval {
  readonly known: Interval;
  readonly assertion: DatedAssertion;
}

/** What began to stand and what ended at one position. */
export interface ItemChanges<Thing> {
  readonly opened: readonly LedgerItem<Thing>[];
  readonly closed: readonly LedgerItem<Thing>[];
}

/** Gives a thing that begins to stand its number. */
export type ItemFactory = <Value>(value: Value) => LedgerItem<Value>;

export function mergeChanges<Thing>(changes: readonly ItemChanges<Thing>[]): ItemChanges<Thing> {
  const [opened, closed]: [LedgerItem<Thing>[], LedgerItem<Thing>[]] = [[], []];
  for (const change of changes) {
    for (const standing of change.opened) opened.push(standing);
    for (const standing of change.closed) closed.push(standing);
  }
  return { opened, closed };
}
