import { z } from 'zod';

/** What answers look like, for the OpenAPI document; the read models make them. */
const instant = z.string().meta({ format: 'date-time' });

const shownCoordinate = z.looseObject({
  recordedAt: z.looseObject({ position: z.int(), at: instant.nullable() }),
  knownAt: instant,
  validAt: instant,
});

const meta = z.looseObject({ engine: z.string(), fold: z.int(), position: z.int(), lagMs: z.number() });

const frame = { coordinate: shownCoordinate, permalink: z.string(), meta };

const uncertainty = z.looseObject({
  field: z.string(),
  value: z.unknown(),
  event: z.string(),
  from: instant,
  settled: instant,
});

const state = z.looseObject({
  policy: z.string(),
  title: z.string(),
  state: z.record(z.string(), z.unknown()),
  uncertain: z.array(uncertainty),
  eventCount: z.int(),
  resume: z.string(),
});

const blame = z.record(
  z.string(),
  z.looseObject({
    event: z.string(),
    position: z.int(),
    publishedAt: z.string(),
    occurred: z.string(),
    replaced: z.string().nullable(),
    correctedBy: z.array(z.string()),
  }),
);

const proof = z
  .looseObject({
    fold: z.int(),
    shown: z.unknown(),
    shownHash: z.string(),
    entries: z.array(
      z.looseObject({
        position: z.int(),
        entry: z.string(),
        hashes: z.array(z.string()),
        erasable: z.array(z.unknown()),
      }),
    ),
    head: z.looseObject({ index: z.int(), hashes: z.array(z.string()) }),
    checkpoint: z.string(),
    vkey: z.string(),
  })
  .meta({ description: 'With `proof=true`: `npx ptl verify` takes the answer as it is.' });

/** State of one policy. */
export const stateAnswer = state.extend({ ...frame, blame: blame.optional(), proof: proof.optional() });

/** One page of items. */
export const listAnswer = (item: z.ZodType) =>
  z.looseObject({ items: z.array(item), next: z.string().nullable(), ...frame });

/** States of policies. */
export const stateList = listAnswer(state.extend({ permalink: z.string() }));

const event = z
  .object({
    id: z.string(),
    key: z.string(),
    type: z.string(),
    policy: z.string(),
    position: z.int(),
    revision: z.int(),
    recordedAt: instant,
    knownFrom: instant,
  })

  .meta({ description: 'The body in force, with `recordedAs`, the body as first recorded, when it was corrected.' });

/** Events. */
export const eventList = listAnswer(event);

/** One event and what points to it. */
export const eventAnswer = event.extend({
  linkedFrom: z.array(z.looseObject({ rel: z.string(), from: z.string() })),
  ...frame,
});

/** What differs between two coordinates. */
export const differenceAnswer = z.looseObject({
  from: shownCoordinate,
  to: shownCoordinate,
  changes: z.array(
    z.looseObject({
      policy: z.string(),
      field: z.string(),
      before: z.unknown(),
      after: z.unknown(),
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
  listAnswer(
    z.looseObject({ policy: z.string(), event: z.string(), knownFrom: instant, position: z.int(), ...fields }),
  );

/** Where an event came to stand in the log. */
export const recordedAnswer = z.looseObject({
  id: z.string(),
  key: z.string(),
  position: z.int(),
  revision: z.int(),
  recordedAt: instant,
});

/** How a write is answered whose event is durable and has no position yet: only with the log in KurrentDB. */
export const PENDING = {
  status: 202,
  description: 'Durable, without a position yet. `Location` has the event soon; the same request again answers it.',
  schema: z.looseObject({ key: z.string(), status: z.literal('pending') }),
};
