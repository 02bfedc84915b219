import { z } from 'zod';
import { nullable } from '../schema/changes.js';
import { actorTexts, commonTexts, ownTexts } from '../schema/field-texts.js';
import { bodySchema } from '../schema/event.js';
import { actor, commonFields } from '../schema/fields.js';

/** What stands in an answer for a text that was erased. */
const erased = z
  .object({ erased: z.literal(true) })
  .meta({ id: 'Erased', description: 'Stands for a text that was erased.' });

const note = z.union([commonFields.note.unwrap(), erased]).meta(commonTexts.note);

const presentedActor = z
  .object({ ...actor.shape, name: z.union([actor.shape.name, erased]).meta(actorTexts.name) })
  .meta({ id: 'EventActor' });

const actors = z.array(presentedActor);

/** What every field of a body looks like in answers, whatever its type: as it was given, or erased. */
const fields = {
  ...bodySchema.shape,
  embargoed: commonFields.embargoed,
  // Events about the service as a whole have no slug there.
  policy: z.string().meta(commonTexts.policy),
  actors: actors.meta(commonTexts.actors).optional(),
  counterparties: actors.meta(commonTexts.counterparties).optional(),
  attributedTo: actors.meta(commonTexts.attributedTo).optional(),
  note: note.optional(),
  type: z.string().meta({ description: 'The type of the event.', examples: ['policy.announced'] }),
};

const { key: _key, policy: _policy, type: _type, target: _target, ...changeable } = fields;

/** What a correction changes, in answers. */
const presentedChanges: z.ZodType<Readonly<Record<string, unknown>>> = z
  .object({
    ...nullable(changeable),
    get changes(): z.ZodType {
      return presentedChanges.nullable().optional();
    },
  })
  .meta({ id: 'EventChanges', ...ownTexts.changes });

/**
 * What the body of an event looks like in answers, whatever its type: every field that some type has, and those that
 * every type has required.
 */
export const presentedBody = z.object({ ...fields, changes: presentedChanges.optional() });

/** See the schema. */
export type PresentedBody = z.output<typeof presentedBody>;
