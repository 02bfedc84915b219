import { z } from 'zod';
import { ownTexts } from './field-texts.js';
import { commonFields } from './fields.js';
import { ownFields } from './own-fields.js';

/** Fields that a correction can never change: they name and place an event. */
export const UNCHANGEABLE: readonly string[] = ['key', 'type', 'policy', 'target'];

const { key: _key, policy: _policy, ...changeable } = commonFields;

// What only the service itself records is not corrected.
const { target: _target, size: _size, root: _root, ...changeableOwn } = ownFields;

/** The same fields, each of which may be left out, or `null`. */
export const nullable = (fields: z.ZodRawShape): z.ZodRawShape =>
  Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, z.nullable(z.optional(schema))]));

/**
 * What a correction may say before its target is known: any field of any type, each whole, `null` to empty it.
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
