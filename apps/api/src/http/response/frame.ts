import { z } from 'zod';
import { instantText } from '#projections';

/** The schemas of the parts that every answer has. */

/** A coordinate as answers repeat it. */
export const coordinateAnswer = z
  .object({
    recordedAt: z.object({
      position: z.int(),
      at: instantText.nullable().meta({ description: '`null` before the first event.' }),
    }),
    knownAt: instantText,
    validAt: instantText,
  })
  .meta({ id: 'Coordinate', description: 'The three times that an answer holds at, with nothing left open.' });

/** See the schema. */
export type ShownCoordinate = Readonly<z.output<typeof coordinateAnswer>>;

/** How an answer was computed, and how far the read models had advanced. */
export const metaAnswer = z
  .object({
    engine: z.enum(['facts', 'replay']),
    fold: z.int().meta({ description: 'Version of the rules by which facts follow from events.' }),
    position: z.int().optional().meta({ description: 'The last position that the read models have applied.' }),
    lagMs: z.number().optional().meta({ description: 'How far they are behind the log.' }),
  })
  .meta({
    id: 'Meta',
    description: '`position` and `lagMs` are absent if the address gives all three times.',
  });

const permalink = z.string().meta({ description: 'The address of the same answer for ever.' });

const url = z.string().meta({ description: '`permalink` with the origin of the service.' });

const hypothetical = z
  .literal(true)
  .optional()
  .meta({ description: 'Only with `without`: nothing of the record says so. No proof, not to be cited.' });

/** The frame of every answer at a coordinate. */
export const frame = z.object({ coordinate: coordinateAnswer, permalink, url, meta: metaAnswer, hypothetical });

/** See the schema. */
export type Framed = Readonly<z.output<typeof frame>>;

/** The frame of every comparison. */
export const differenceFrame = z.object({
  from: coordinateAnswer,
  to: coordinateAnswer,
  permalink,
  url,
  meta: metaAnswer,
  hypothetical,
});

/** See the schema. */
export type FramedDifference = Readonly<z.output<typeof differenceFrame>>;
