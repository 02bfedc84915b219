import { z } from 'zod';
import { WARNING_CODES } from '#domain';
import { DiffBetween, instantText } from '#projections';

/** The schemas of the answers to writes. */

const warning = z.object({ code: z.enum(Object.keys(WARNING_CODES)), pointer: z.string(), message: z.string() }).meta({
  id: 'Warning',
  description: `What to check again, although the event was accepted. ${Object.entries(WARNING_CODES)
    .map(([code, says]) => `\`${code}\`: ${says}`)
    .join(' ')}`,
});

const warnings = z.array(warning).readonly();

/** The location of a recorded event, the warnings about it, and the fields that it changed. */
export const recordedAnswer = z
  .object({
    id: z.string(),
    key: z.string(),
    position: z.int().meta({ description: 'Position in the log.' }),
    revision: z.int().meta({ description: 'Place in the stream of its policy; `If-Match` of the next write.' }),
    recordedAt: instantText,
    warnings,
    changed: z.array(z.string()).readonly().optional().meta({
      description:
        'Fields whose current value the event changed. Absent if the read models did not reach the event within a second.',
    }),
  })
  .meta({ id: 'Recorded', description: 'Where an event was recorded.' });

/** See the schema. */
export type RecordedAnswer = Readonly<z.output<typeof recordedAnswer>>;

const rehearsedDifference = z.object({ knownAt: instantText, validAt: instantText, ...DiffBetween.answer.shape });

const openInstant = instantText.nullable().meta({ description: '`null`: open-ended.' });

/** What recording an event would change. */
export const rehearsalAnswer = z
  .object({
    rejections: z.array(z.never()).readonly().meta({
      description: 'Always empty: a rejected event is answered as the write would be.',
    }),
    warnings,
    repeats: z.int().optional().meta({ description: 'Position of the same event, if it is already on record.' }),
    would: z.object({
      now: rehearsedDifference.meta({ description: 'What would change in the current state.' }),
      onItsDay: rehearsedDifference.meta({
        description:
          'What would change in the state of the time at which the event happened, as known at the end of the day on which it was published.',
      }),
      affects: z
        .array(
          z.object({
            field: z.string(),
            known: z.object({ from: openInstant }),
            valid: z.object({ from: openInstant, to: openInstant }),
          }),
        )
        .readonly()
        .meta({
          description:
            'Each field whose value changes at any coordinate: since when the change is known, and for which time it is valid.',
        }),
    }),
  })
  .meta({ id: 'Rehearsal', description: 'What recording an event would change.' });

/** See the schema. */
export type RehearsalAnswer = Readonly<z.output<typeof rehearsalAnswer>>;

const pendingAnswer = z
  .object({ key: z.string(), status: z.literal('pending') })
  .meta({ id: 'Pending', description: 'An event that is durable and has no position yet.' });

/** See the schema. */
export type PendingAnswer = Readonly<z.output<typeof pendingAnswer>>;

/** The answer to a write whose event is durable but has no position yet: only with the log in KurrentDB. */
export const PENDING = {
  status: 202,
  description:
    'Stored durably, without a position yet. `Location` will soon have the event; repeating the request answers it.',
  schema: pendingAnswer,
};
