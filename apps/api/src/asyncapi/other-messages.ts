import { z } from 'zod';
import { DiffBetween, instantText } from '#projections';
import type { DescribedMessage } from './event-messages.js';

const position = z.int().min(0);

const patch = z
  .object({
    policy: z.string().describe('Slug of the policy'),
    patch: DiffBetween.patch.meta({
      description: 'RFC 6902; a single `add` at the root replaces the whole state',
    }),
    position: position.describe('Position of the log at which the state is correct'),
    cause: z
      .string()
      .nullable()
      .describe('Key of the event that caused the change, the last one if several did; null in the first message'),
    causes: z.array(z.string()).describe('Keys of all events that caused the change'),
    knownAt: instantText,
    validAt: instantText,
  })
  .describe(
    'The state of a policy changed: applied to the state before, the patch gives what GET answers at this coordinate',
  );

const caughtUp = z
  .object({ position })
  .describe('Everything up to this position was sent; everything from now on is new. Sent once per connection');

const restated = z
  .object({ projection: z.string().describe('Name of the read model'), position })
  .describe(
    'A read model was rebuilt with different results: what was fetched from it may differ now. Patches follow for the states that do',
  );

const reset = z
  .object({ position: position.describe('The position from which the client wanted to resume'), reason: z.string() })
  .describe(
    'States were restated since the resume point, so the state held may be wrong: discard it, whole states follow',
  );

const messageOf = (name: string, payload: z.ZodType): DescribedMessage => ({
  name,
  summary: payload.description ?? name,
  payload,
});

/** The messages that are no events. */
export const OTHER_MESSAGES: Readonly<Record<string, DescribedMessage>> = {
  Patch: messageOf('patch', patch),
  CaughtUp: messageOf('caught-up', caughtUp),
  Restated: messageOf('restated', restated),
  Reset: messageOf('reset', reset),
};
