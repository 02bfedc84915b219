import { z } from 'zod';
import { nullable } from '../schema/changes.js';
import { actorTexts, commonTexts, ownTexts } from '../schema/field-texts.js';
import { bodySchema } from '../schema/event.js';
import { actor, commonFields } from '../schema/fields.js';

/** The marker of an erased text in answers. */
const erased = z
  .object({ erased: z.literal(true) })
  .meta({ id: 'Erased', description: 'Marks a text that was erased.' });

const note = z.union([commonFields.note.unwrap(), erased]).meta(commonTexts.note);

const presentedActor = z
  .object({ ...actor.shape, name: z.union([actor.shape.name, erased]).meta(actorTexts.name) })
  .meta({ id: 'EventActor' });

const actors = z.array(presentedActor);

/** The fields of a body in answers, whatever its type: as given, or erased. */
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

/** The changes of a correction in answers. */
const presentedChanges: z.ZodType<Readonly<Record<string, unknown>>> = z
  .object({
    ...nullable(changeable),
    get changes(): z.ZodType {
      return presentedChanges.nullable().optional();
    },
  })
  .meta({ id: 'EventChanges', ...ownTexts.changes });

/**
 * The body of an event in answers, whatever its type: every field that some type has; those that every type has are
 * required.
 */
export const presentedBody = z.object({ ...fields, changes: presentedChanges.optional() });

/** See the schema. */
export type PresentedBody = z.output<typeof presentedBody>;
