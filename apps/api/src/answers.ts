import { z } from 'zod';
import { shownEvent, shownEventInFull } from './event-answers.js';
import { WARNING_CODES } from '#domain';

/** What answers look like, for the OpenAPI document; the read models make them. */
const instant = z.string().meta({ format: 'date-time' });

const shownCoordinate = z
  .looseObject({
    recordedAt: z.looseObject({ position: z.int(), at: instant.nullable() }),
    knownAt: instant,
    validAt: instant,
  })
  .meta({ id: 'Coordinate' });

const meta = z
  .looseObject({ engine: z.string(), fold: z.int(), position: z.int().optional(), lagMs: z.number().optional() })
  .meta({ description: '`position` and `lagMs` are absent if the address gives all three times.' });

const frame = { coordinate: shownCoordinate, permalink: z.string(), meta };

const uncertainty = z
  .looseObject({
    field: z.string(),
    value: z.unknown(),
    event: z.string(),
    from: instant.nullable(),
    settled: instant.nullable(),
  })
  .meta({ description: 'The value may hold from `from` on and certainly holds from `settled` on; null: open.' });

const state = z.looseObject({
  policy: z.string(),
  title: z.string(),
  kind: z.string(),
  jurisdiction: z.string(),
  aliases: z.array(z.string()),
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
    actors: z.array(z.looseObject({})),
    sources: z.array(z.looseObject({})),
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

const near = z.array(z.string()).meta({
  description:
    'Only present if `items` is empty because no row ever had the requested actor, counterparty, claimant, publisher or measure: at most five similar names.',
});

/** One page of items. */
export const listAnswer = (item: z.ZodType) =>
  z.looseObject({ items: z.array(item), next: z.string().nullable(), near: near.optional(), ...frame });

/** States of policies. */
export const stateList = listAnswer(state.extend(frame));

/** Events. */
export const eventList = listAnswer(shownEvent);

/** One event and what points to it. */
export const eventAnswer = shownEventInFull.extend(frame);

const change = z.looseObject({
  policy: z.string(),
  field: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  why: z.enum(['retracted', 'corrected', 'happened', 'published', 'recorded-late', 'redated']),
  events: z.array(z.string()),
  causes: z.array(z.string()),
});

/** What differs between two coordinates. */
export const differenceAnswer = z.looseObject({
  from: shownCoordinate,
  to: shownCoordinate,
  changes: z.array(change),
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

const warnings = z
  .array(z.object({ code: z.enum(Object.keys(WARNING_CODES)), pointer: z.string(), message: z.string() }))
  .meta({
    description: `What to check again, although the event was accepted. ${Object.entries(WARNING_CODES)
      .map(([code, says]) => `\`${code}\`: ${says}`)
      .join(' ')}`,
  });

/** Where an event is in the log, what to doubt about it, and what it changed. */
export const recordedAnswer = z.looseObject({
  id: z.string(),
  key: z.string(),
  position: z.int(),
  revision: z.int(),
  recordedAt: instant,
  warnings,
  changed: z.array(z.string()).optional().meta({
    description:
      'Fields whose current value the event changed. Absent if the read models did not reach the event within a second.',
  }),
});

const rehearsedDifference = z.looseObject({
  knownAt: instant,
  validAt: instant,
  changes: z.array(change),
  added: z.array(z.string()),
  removed: z.array(z.string()),
});

const openInstant = instant.nullable().meta({ description: '`null`: open-ended.' });

/** What recording an event would change. */
export const rehearsalAnswer = z.looseObject({
  rejections: z
    .array(z.never())
    .meta({ description: 'Always empty: a rejected event is answered as the write would be.' }),
  warnings,
  repeats: z.int().optional().meta({ description: 'Position of the same event, if it is already on record.' }),
  would: z.looseObject({
    now: rehearsedDifference.meta({ description: 'What would change in the current state.' }),
    onItsDay: rehearsedDifference.meta({
      description:
        'What would change in the state of the time at which the event happened, as known at the end of the day on which it was published.',
    }),
    affects: z
      .array(
        z.looseObject({
          field: z.string(),
          known: z.looseObject({ from: openInstant }),
          valid: z.looseObject({ from: openInstant, to: openInstant }),
        }),
      )
      .meta({
        description:
          'Each field whose value changes at any coordinate: since when the change is known, and for which time it is valid.',
      }),
  }),
});

/** How a write is answered whose event is durable and has no position yet: only with the log in KurrentDB. */
export const PENDING = {
  status: 202,
  description:
    'Stored durably, without a position yet. `Location` will soon have the event; repeating the request answers it.',
  schema: z.looseObject({ key: z.string(), status: z.literal('pending') }),
};

/** How a request is answered that names a policy by an alias. */
export const ALIAS = {
  status: 308,
  description: 'The name is an alias; `Location` is the same address with the slug. Send the same request there.',
};
