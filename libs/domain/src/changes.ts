import { z } from 'zod';
import { ownTexts } from './field-texts.js';
import {
  aliases,
  commonFields,
  jurisdiction,
  kind,
  longText,
  name,
  slug,
  source,
  sourceName,
  subject,
  title,
} from './fields.js';

/** Fields that a correction can never change: they name and place an event. */
export const UNCHANGEABLE: readonly string[] = ['key', 'type', 'policy', 'target'];

const { key: _key, policy: _policy, ...changeable } = commonFields;

const ownFields = {
  undoes: slug.meta(ownTexts.undoes),
  by: slug.meta(ownTexts.by),
  title: title.meta(ownTexts.title),
  kind: kind.meta(ownTexts.kind),
  jurisdiction: jurisdiction.meta(ownTexts.jurisdiction),
  aliases: aliases.meta(ownTexts.aliases),
  stage: name.meta(ownTexts.stage),
  host: subject.meta(ownTexts.host),
  instrument: slug.meta(ownTexts.instrument),
  outcome: z.enum(['lawful', 'unlawful', 'partly']).meta(ownTexts.outcome),
  projection: name.meta(ownTexts.projection),
  reason: longText.meta(ownTexts.reason),
  source: z.union([source, sourceName]).meta(ownTexts.source),
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
  .meta({ id: 'Changes', ...ownTexts.changes });
