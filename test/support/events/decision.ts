import {
  type EventBody,
  type RecordedEvent,
  type Rejection,
  RecordGraph,
  type Seen,
  decide,
  graphEventOf,
  instant,
  isJudgedByWhole,
} from '#domain';
import { bodyInForce } from '#temporal';
import { recordedAs } from './recorded-event.js';

const NOW = instant(Date.UTC(2026, 10, 22, 10));

/** The policy of an event of which a test says no other. */
export const POLICY = 'harbour-toll';

/** Why an event may not be recorded after the others, at 10:00 on 22 November 2026; nothing when it may. */
export function decisionAbout(body: EventBody, events: readonly RecordedEvent[]): readonly Rejection[] {
  const decision = decide(body, seenIn(events, body), NOW);
  return decision.accepted ? [] : decision.rejections;
}

/** What is on record when the events are; registered are their policies and {@link POLICY}. */
function seenIn(events: readonly RecordedEvent[], body: EventBody): Seen {
  const bodies = new Map(events.map((event) => [event.key, event.body]));
  const policies = new Set([POLICY, ...events.map((event) => event.body.policy)]);
  const recorded = new RecordGraph();
  for (const event of events) if (event.body.policy === body.policy) recorded.add(graphEventOf(event.body));
  const corrected =
    body.target !== undefined && isJudgedByWhole(body)
      ? bodyInForce([...events, recordedAs(body, events.length)], recorded.subjectOf(body.target))
      : undefined;
  return {
    policyExists: (slug) => policies.has(slug),
    eventOf: (key) => bodies.get(key),
    followsEver: (key) => [...recorded.followsOf(key)],
    recorded,
    ...(corrected ? { corrected } : {}),
  };
}
