import { REGISTERED, type RecordedEvent, fromStored } from '#domain';
import { DISREGARDED } from '#event-log/canonical';
import type { LogEntry } from '#event-log/reads';
import { type Coordinate, type Fact, type Uncertainty, keysInForce, stateAt } from '#temporal';

/** The facts and uncertainties of one policy at a coordinate, and how many events are in force. */
export interface FactsAt {
  readonly facts: readonly Fact[];
  readonly uncertain: readonly Uncertainty[];
  readonly eventCount: number;
}

/** True of an entry that can assert something. */
export const isFolded = ({ type }: LogEntry): boolean => type !== REGISTERED && type !== DISREGARDED;

/** What of an entry is told to a thread that folds it: its body as text, since a text is told sooner than an object. */
export type ToldEntry = Omit<LogEntry, 'body' | 'v' | 'stream' | 'prev'>;

export const toldEntry = ({ position, id, key, type, revision, recordedAt, entry, erasable }: LogEntry): ToldEntry => ({
  position,
  id,
  key,
  type,
  revision,
  recordedAt,
  entry,
  erasable,
});

/** The event that an entry records, read from what was told of it. */
export function eventTold({ entry, ...place }: ToldEntry): RecordedEvent {
  const { body, v }: Pick<LogEntry, 'body' | 'v'> = JSON.parse(entry);
  return fromStored({ ...place, body, v });
}

/** What events come to at a coordinate. */
export function foldAt(events: readonly RecordedEvent[], at: Coordinate): FactsAt {
  const recorded = events.filter(({ position }) => position <= at.recorded);
  const state = stateAt(recorded, at);
  return { facts: [...state.facts.values()], uncertain: state.uncertain, eventCount: keysInForce(state).length };
}
