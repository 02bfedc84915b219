import { type Instant, type RecordedEvent, instant } from '#domain';
import type { Coordinate } from './coordinate.js';
import type { PolicyPoint, SeenEvent } from './diff.js';
import { type Fact, type PolicyState, keysInForce, stateAt } from './fold.js';
import { PolicyHistory } from './policy-history.js';
import { publicationsAt } from './publications.js';

/** One policy as seen from a coordinate, by folding its events: the reference that every other way must equal. */
export function replayedPoint(
  events: readonly RecordedEvent[],
  at: Coordinate,
): PolicyPoint & { readonly state: PolicyState } {
  const state = stateAt(events, at);
  const standings = new Map(state.standings.map((standing) => [standing.event.key, standing]));
  const history = new PolicyHistory(events.filter(({ position }) => position <= at.recorded));
  const publications = publicationsAt(history, at.recorded);
  return {
    at,
    state,
    facts: state.facts,
    inForce: keysInForce(state),
    seen: (key): SeenEvent | undefined => {
      const event = history.event(key);
      const standing = standings.get(key);
      if (!event) return undefined;
      return {
        key,
        position: event.position,
        knownFrom: publications.knownFrom(event),
        ...(standing ? { standing } : {}),
      };
    },
  };
}

/** The fact that held for a field just before the given one began to count, at the same state of knowledge. */
export const replacedFact = (events: readonly RecordedEvent[], fact: Fact, at: Coordinate): Fact | undefined =>
  Number.isFinite(fact.valid.from)
    ? stateAt(events, { ...at, validAt: justBefore(fact.valid.from) }).facts.get(fact.field)
    : undefined;

const justBefore = (at: Instant): Instant => instant(at - 1);
