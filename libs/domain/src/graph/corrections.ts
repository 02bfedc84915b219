import type { Changes, EventBody } from '../schema/event.js';

/**
 * Applies the changes of a correction to a body: each named field is replaced whole, `null` empties it.
 *
 * An explicit null status says "no change" and so stays; any other emptied field is as if it had never been given.
 * `publishedAt` stays as it is: it is corrected by recorded position alone, while this body depends on what was known.
 */
export function correctBody(body: EventBody, changes: Changes): EventBody {
  const changed = Object.entries({ ...body, ...changes, publishedAt: body.publishedAt }).filter(
    ([field, value]) => value !== null || field === 'status',
  );
  // Which fields may be emptied was decided when the correction was recorded: the required ones are still there.
  return Object.fromEntries(changed) as unknown as EventBody;
}
