import { type EventBody, type RecordedEvent, instant, position, revision } from '#domain';

/** The event that a log holds of a body, the `index`th of its stream and of the log. */
export const recordedAs = (body: EventBody, index: number): RecordedEvent => ({
  id: body.key,
  key: body.key,
  type: body.type,
  position: position(index + 1),
  revision: revision(index),
  recordedAt: instant(index),
  body,
});
