import { z } from 'zod';

/** What answers look like, for the OpenAPI document; the read models make them. */
const instant = z.string().meta({ format: 'date-time' });

const shownCoordinate = z.object({
  recordedAt: z.object({ position: z.int(), at: instant.nullable() }),
  knownAt: instant,
  validAt: instant,
});

const meta = z.object({ engine: z.string(), fold: z.int(), position: z.int(), lagMs: z.number() });

const frame = { coordinate: shownCoordinate, permalink: z.string(), meta };

const uncertainty = z.object({ field: z.string(), value: z.json(), event: z.string(), from: instant, settled: instant });

const state = z.object({
  policy: z.string(),
  title: z.string(),
  state: z.record(z.string(), z.json()),
  uncertain: z.array(uncertainty),
  eventCount: z.int(),
  resume: z.string(),
});

const blame = z.record(
  z.string(),
  z.object({ event: z.string(), position: z.int(), publishedAt: z.string(), occurred: z.string(), replaced: z.string().nullable(), correctedBy: z.array(z.string()) }).loose(),
);

/** State of one policy. */
export const stateAnswer = state.extend({ ...frame, blame: blame.optional() });

/** One page of items. */
export const listAnswer = (item: z.ZodType) => z.object({ items: z.array(item), next: z.string().nullable(), ...frame });

/** States of policies. */
export const stateList = listAnswer(state.extend({ permalink: z.string() }));

const event = z
  .object({ id: z.string(), key: z.string(), type: z.string(), policy: z.string(), position: z.int(), revision: z.int(), recordedAt: instant, knownFrom: instant })
  .loose()
  .meta({ description: 'The body in force, with `recordedAs`, the body as first recorded, when it was corrected.' });

/** Events. */
export const eventList = listAnswer(event);

/** One event and what points to it. */
export const eventAnswer = event.extend({ linkedFrom: z.array(z.object({ rel: z.string(), from: z.string() })), ...frame });

/** What differs between two coordinates. */
export const differenceAnswer = z.object({
  from: shownCoordinate,
  to: shownCoordinate,
  changes: z.array(
    z.object({
      policy: z.string(),
      field: z.string(),
      before: z.json(),
      after: z.json(),
      why: z.enum(['retracted', 'corrected', 'happened', 'published', 'recorded-late', 'redated']),
      events: z.array(z.string()),
      causes: z.array(z.string()),
    }),
  ),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  permalink: z.string(),
  meta,
});

/** Rows of a read model: these fields, and those every row has. */
export const rowList = (fields: Readonly<Record<string, z.ZodType>>) =>
  listAnswer(z.object({ policy: z.string(), event: z.string(), knownFrom: instant, position: z.int(), ...fields }).loose());

/** Where an event came to stand in the log. */
export const recordedAnswer = z.object({ id: z.string(), key: z.string(), position: z.int(), revision: z.int(), recordedAt: instant });
