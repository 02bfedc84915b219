import { type Instant, type RecordedEvent, instant } from '#domain';
import type { Coordinate } from '../time/coordinate.js';
import type { RecordNote, EventAtPoint } from './causes.js';
import type { PolicyPoint } from './diff.js';
import { type Fact, type PolicyState, historySteps, keysInForce, stateAt, stateSteps } from './fold.js';
import { publicationsAt } from '../records/publications.js';
import { type PausingWork, finish } from '../time/pausing-work.js';

/** Folds the events of a policy at a coordinate: the reference that every other engine must equal. */
export const replayPoint = (events: readonly RecordedEvent[], at: Coordinate): ReplayedPoint =>
  finish(replaySteps(events, at));

/** One policy as its events, folded, show it from one coordinate. */
export type ReplayedPoint = PolicyPoint & { readonly state: PolicyState };

/** {@link replayPoint} in steps. */
export function* replaySteps(events: readonly RecordedEvent[], at: Coordinate): PausingWork<ReplayedPoint> {
  const state = yield* stateSteps(events, at);
  const versions = new Map(state.versions.map((version) => [version.event.key, version]));
  const history = yield* historySteps(events, at);
  const publications = publicationsAt(history, at.recorded);
  const notes = history.events.flatMap(noteOf);
  const notesByKey = new Map(notes.map((note) => [note.key, note]));
  return {
    at,
    state,
    facts: state.facts,
    inForce: keysInForce(state),
    notes,
    note: (key) => notesByKey.get(key),
    event: (key): EventAtPoint | undefined => {
      const event = history.event(key);
      const version = versions.get(key);
      if (!event) return undefined;
      const firstPublishedBy = publications.firstPublishedBy(event);
      return {
        key,
        position: event.position,
        knownFrom: publications.knownFrom(event),
        ownPublication: publications.own(event).from,
        ...(firstPublishedBy === undefined ? {} : { firstPublishedBy }),
        ...(version ? { version } : {}),
      };
    },
  };
}

const noteOf = ({ key, position, type, body: { target } }: RecordedEvent): readonly RecordNote[] =>
  target === undefined ? [] : [{ key, position, type, target }];

/** The fact that held for a field just before the given one began to count, at the same state of knowledge. */
export const factBefore = (events: readonly RecordedEvent[], fact: Fact, at: Coordinate): Fact | undefined =>
  Number.isFinite(fact.valid.from)
    ? stateAt(events, { ...at, validAt: justBefore(fact.valid.from) }).facts.get(fact.field)
    : undefined;

const justBefore = (at: Instant): Instant => instant(at - 1);
