import {
  type EventBody,
  type RecordedEvent,
  type Rejection,
  type Seen,
  datingPartsOf,
  decide,
  followsRecordedBy,
  instant,
} from '#domain';
import { bodyInForce } from '#temporal';
import { recordedAs } from './recorded-event.js';

const NOW = instant(Date.UTC(2026, 10, 22, 10));

/** Why an event may not be recorded after the others, at 10:00 on 22 November 2026; nothing when it may. */
export function decisionAbout(body: EventBody, events: readonly RecordedEvent[]): readonly Rejection[] {
  const decision = decide(body, seenIn(events, body), NOW);
  return decision.accepted ? [] : decision.rejections;
}

function seenIn(events: readonly RecordedEvent[], body: EventBody): Seen {
  const eventOf = (key: string) => events.find((event) => event.key === key)?.body;
  const follows = events.flatMap(({ body: { key, target, ...rest } }) => [
    ...followsRecordedBy({ key, target, parts: datingPartsOf(rest) }, (of) => eventOf(of)?.target),
  ]);
  let subject = body.target;
  for (let next = subject; next !== undefined; next = eventOf(next)?.target) subject = next;
  const corrected =
    subject === undefined ? undefined : bodyInForce([...events, recordedAs(body, events.length)], subject);
  return {
    policyExists: (slug) => slug === body.policy,
    eventOf,
    followsEver: (key) => follows.filter(({ from }) => from === key).map(({ to }) => to),
    ...(corrected ? { corrected } : {}),
  };
}
