import { z } from 'zod';
import { RELS, presentedBody } from '#domain';
import { instantText, texts } from '../../rows/answer-parts.js';

/** The whole sources that an event cites. */
const source = presentedBody.shape.sources.unwrap().element;

const openInstant = instantText.nullable();

/** An event as streams show it: its body as recorded, and its place in the log. */
export const recordedEvent = presentedBody
  .extend({
    id: z.string(),
    position: z.int().meta({ description: 'Position in the log.' }),
    revision: z.int().meta({ description: 'Place in the stream of its policy, from 0 on.' }),
    recordedAt: instantText,
    recordedBy: z.string().optional().meta({
      description:
        'Id of the key, or of whoever was signed in, that recorded it; never a name. To recorders and operators alone.',
    }),
    knownFrom: instantText.meta({ description: 'The first instant at which the public could know the event.' }),
  })
  .meta({
    id: 'RecordedEvent',
    description: 'The body as recorded, with its place in the log; `type` says which fields it can have.',
  });

/** An event as answers show it: its body in force, and what the log and the record say of it. */
export const shownEvent = recordedEvent
  .extend({
    dating: z.object({ earliest: openInstant, latest: openInstant, settled: openInstant }).meta({
      description: 'When it happened, as links and publications date it; `null`: open.',
    }),
    datedBy: texts.optional().meta({ description: 'Keys of the events whose links date it.' }),
    recordedAs: presentedBody
      .meta({ id: 'RecordedBody', description: 'The body as first recorded.' })
      .optional()
      .meta({ description: 'Where it was corrected since.' }),
    correctedBy: texts.optional().meta({ description: 'Keys of the corrections in force.' }),
    retracted: z.literal(true).optional().meta({ description: 'It counts as never said.' }),
    retractedBy: texts.optional().meta({ description: 'Keys of the retractions in force.' }),
    attachedSources: z
      .array(z.object({ by: z.string(), source }))
      .readonly()
      .optional()
      .meta({ description: 'Further sources, each with the key of the event that attached it.' }),
    withdrawnSources: z
      .array(z.object({ by: z.string(), publisher: z.string(), title: z.string() }))
      .readonly()
      .optional()
      .meta({ description: 'Sources that their publisher withdrew, each with the key of the event that says so.' }),
  })
  .meta({
    id: 'Event',
    description: 'The body in force, with its place in the log; `type` says which fields it can have.',
  });

/** See the schema. */
export type EventAnswer = Readonly<z.output<typeof shownEvent>>;

/** One event with what links to it and what corrected it. */
export const shownEventInFull = z.object({
  ...shownEvent.shape,
  linkedFrom: z.array(z.object({ rel: z.enum(RELS), from: z.string() })).readonly(),
  corrections: z.array(shownEvent).readonly(),
});

/** See the schema. */
export type EventInFull = Readonly<z.output<typeof shownEventInFull>>;
