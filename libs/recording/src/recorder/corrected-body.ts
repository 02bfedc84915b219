import { type EventBody, type RecordedEvent, instant, position, revision } from '#domain';
import { bodyInForce } from '#temporal';

/**
 * The body of the event that a correction changes in the end, once all of `bodies`, the correction among them, are
 * recorded in this order and everything is known; undefined when that event is not among them.
 */
export function bodyCorrectedBy(correction: EventBody, bodies: readonly EventBody[]): EventBody | undefined {
  const byKey = new Map(bodies.map((body) => [body.key, body]));
  let subject = byKey.get(correction.target ?? '');
  for (let steps = byKey.size; steps > 0 && subject?.type === 'record.corrected'; steps -= 1)
    subject = byKey.get(subject.target ?? '');
  return subject && bodyInForce(bodies.map(asRecorded), subject.key);
}

const asRecorded = (body: EventBody, index: number): RecordedEvent => ({
  id: '',
  key: body.key,
  type: body.type,
  position: position(index + 1),
  revision: revision(index),
  recordedAt: instant(0),
  body,
});
