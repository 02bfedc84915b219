import { z } from 'zod';
import { ownTexts } from './field-texts.js';
import { commonFields } from './fields.js';
import { ownFields } from './own-fields.js';

/** Fields that a correction can never change: they name and place an event. */
export const UNCHANGEABLE: readonly string[] = ['key', 'type', 'policy', 'target'];

const { key: _key, policy: _policy, ...changeable } = commonFields;

// Fields that only the service records cannot be corrected.
const { target: _target, size: _size, root: _root, ...changeableOwn } = ownFields;

/** Makes every field optional and nullable. */
export const nullable = (fields: z.ZodRawShape): z.ZodRawShape =>
  Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, z.nullable(z.optional(schema))]));

/**
 * The changes of a correction before its target is known: any field of any type, replaced whole; `null` empties it.
 *
 * Whether the target's type has the field, and can do without it, is decided when the target is known.
 */
export const changes: z.ZodType = z
  .strictObject({
    ...nullable({ ...changeable, ...changeableOwn }),
    get changes(): z.ZodType {
      return changes.nullable().optional();
    },
  })
  .meta({ id: 'Changes', ...ownTexts.changes });
