import { z } from 'zod';

const instant = z.string().meta({ format: 'date-time' });

const position = z.int().min(0);

/** The message that a state changed. */
export const PATCH = z
  .object({
    policy: z.string().describe('Slug of the policy'),
    patch: z
      .array(
        z.union([
          z.object({ op: z.enum(['add', 'replace']), path: z.string(), value: z.unknown() }),
          z.object({ op: z.literal('remove'), path: z.string() }),
        ]),
      )
      .describe('RFC 6902; a single `add` at the root replaces the whole state'),
    position: position.describe('Position of the log at which the state is correct'),
    cause: z
      .string()
      .nullable()
      .describe('Key of the event that caused the change, the last one if several did; null in the first message'),
    causes: z.array(z.string()).describe('Keys of all events that caused the change'),
    knownAt: instant,
    validAt: instant,
  })
  .describe(
    'The state of a policy changed: applied to the state before, the patch gives what GET answers at this coordinate',
  );

/** The message that a client has received the whole past. */
export const CAUGHT_UP = z
  .object({ position })
  .describe('Everything up to this position was sent; everything from now on is new. Sent once per connection');

/** The message that a read model was replaced by a rebuild with different results. */
export const RESTATED = z
  .object({ projection: z.string().describe('Name of the read model'), position })
  .describe(
    'A read model was rebuilt with different results: what was fetched from it may differ now. Patches follow for the states that do',
  );

/** The message that a client has to start again with whole states. */
export const RESET = z
  .object({ position: position.describe('The position from which the client wanted to resume'), reason: z.string() })
  .describe(
    'States were restated since the resume point, so the state held may be wrong: discard it, whole states follow',
  );
