import { z } from 'zod';
import { aliases, commonFields, jurisdiction, kind, longText, name, slug, source, sourceName, text } from './fields.js';

/** Fields that a correction can never change: they name and place an event. */
export const UNCHANGEABLE: readonly string[] = ['key', 'type', 'policy', 'target'];

const { key: _key, policy: _policy, ...changeable } = commonFields;

const ownFields = {
  undoes: slug,
  by: slug,
  title: text(200),
  kind,
  jurisdiction,
  aliases,
  stage: name,
  host: name,
  instrument: slug,
  outcome: z.enum(['lawful', 'unlawful', 'partly']),
  projection: name,
  reason: longText,
  source: z.union([source, sourceName]),
} satisfies z.ZodRawShape;

const nullable = (fields: z.ZodRawShape): z.ZodRawShape =>
  Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, z.nullable(z.optional(schema))]));

/**
 * What a correction may say before its target is known: any field of any type, each whole, `null` to empty it.
 *
 * Whether the target's type has the field, and can do without it, is decided when the target is known.
 */
export const changes: z.ZodType = z
  .strictObject({
    ...nullable({ ...changeable, ...ownFields }),
    get changes(): z.ZodType {
      return changes.nullable().optional();
    },
  })
  .meta({ id: 'Changes', description: 'Each field named replaces the whole field of the target; null empties it' });
