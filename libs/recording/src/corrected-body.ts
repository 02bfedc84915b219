import { type EventBody, type RecordedEvent, instant, position, revision } from '#domain';
import { targetAmong } from './rehearsal.js';

/**
 * The body of the event that a correction changes in the end, once all of `bodies`, the correction among them, are
 * recorded in this order and everything is known; undefined when that event is not among them.
 */
export function bodyCorrectedBy(correction: EventBody, bodies: readonly EventBody[]): EventBody | undefined {
  const byKey = new Map(bodies.map((body) => [body.key, body]));
  let subject = byKey.get(correction.target ?? '');
  for (let steps = byKey.size; steps > 0 && subject?.type === 'record.corrected'; steps -= 1)
    subject = byKey.get(subject.target ?? '');
  if (!subject) return undefined;
  return targetAmong(recordsAbout(subject, bodies).map(asRecorded), subject.key)?.body;
}

/** The event and whatever speaks of it, directly or through others. Targets stand before what speaks of them. */
function recordsAbout(subject: EventBody, bodies: readonly EventBody[]): readonly EventBody[] {
  const keys = new Set([subject.key]);
  return bodies.filter((body) => {
    if (body.target !== undefined && keys.has(body.target)) keys.add(body.key);
    return keys.has(body.key);
  });
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
