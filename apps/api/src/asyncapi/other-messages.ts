import { z } from 'zod';

const instant = z.string().meta({ format: 'date-time' });

const position = z.int().min(0);

/** What a message about a state says. */
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
      .describe('RFC 6902; one `add` at the root shows the state whole, whatever was held before'),
    position: position.describe('Position of the log at which the state holds'),
    cause: z
      .string()
      .nullable()
      .describe('Key of the event that made it so, the last if several did; null for what is shown first'),
    causes: z.array(z.string()).describe('Keys of all of them'),
    knownAt: instant,
    validAt: instant,
  })
  .describe(
    'The state of a policy has changed: applied to what was held, the patch gives what GET answers at this coordinate',
  );

/** What is said when the past is over. */
export const CAUGHT_UP = z
  .object({ position })
  .describe('Everything up to this position was told; from now on everything is new. Once a connection');

/** What is said when a read model was exchanged. */
export const RESTATED = z
  .object({ projection: z.string().describe('Name of the read model'), position })
  .describe(
    'A read model was rebuilt with other results: what was fetched from it may differ. States that do follow as patches',
  );

/** What is said when a client begins anew. */
export const RESET = z
  .object({ position: position.describe('The position that the client wanted to go on from'), reason: z.string() })
  .describe('States were restated since the resume point, so what is held may be wrong: drop it, whole states follow');
