import { z } from 'zod';
import { answerSchema } from '#audit';
import { DiffBetween, EventAt, EventsAt, StateAt } from '#projections';
import { differenceFrame, frame } from '../http/response/frame.js';

/** What reads answer: the answers of the queries, and what every answer says about itself. */

const stateProof = answerSchema
  .extend({ shown: z.unknown().meta({ description: 'What the entries come to at the coordinate.' }) })
  .meta({ id: 'StateProof', description: 'All entries that a state follows from, and that there are no others.' });

/** State of one policy. */
export const stateSchema = StateAt.answer
  .extend({
    ...frame.shape,
    proof: stateProof
      .optional()
      .meta({ description: 'With `proof=true`: `npx ptl verify` takes the answer as it is.' }),
  })
  .meta({ id: 'State', description: 'What holds of one policy at a coordinate.' });

const near = z.array(z.string()).meta({
  description:
    'Only present if `items` is empty because no row ever had the requested actor, counterparty, claimant, publisher or measure: at most five similar names.',
});

/** One page of items; `name` is that of the component which describes it. */
export const listSchema = (name: string, item: z.ZodType) =>
  z
    .object({
      items: z.array(item),
      next: z.string().nullable().meta({ description: '`cursor` of the next page; `null` on the last.' }),
      near: near.optional(),
      ...frame.shape,
    })
    .meta({ id: name });

/** States of policies. */
export const stateListSchema = listSchema('StateList', stateSchema);

/** Events. */
export const eventListSchema = listSchema('EventList', EventsAt.answer);

/** One event and what points to it. */
export const eventInFullSchema = EventAt.answer.extend(frame.shape).meta({
  id: 'EventInFull',
  description: 'One event, with `links` as recorded, what links to it, and the corrections in force.',
});

/** What differs between two coordinates. */
export const differenceSchema = DiffBetween.answer.extend(differenceFrame.shape).meta({
  id: 'Difference',
  description: 'What differs between two coordinates.',
});

/** How a request is answered that names a policy by an alias. */
export const ALIAS = {
  status: 308,
  description: 'The name is an alias; `Location` is the same address with the slug. Send the same request there.',
};
