import { z } from 'zod';
import { ownTexts } from './field-texts.js';
import {
  aliases,
  jurisdiction,
  kind,
  longText,
  name,
  sameAs,
  slug,
  source,
  sourceName,
  subject,
  title,
} from './fields.js';
import { OUTCOMES } from './words.js';

// A registration is not an event: its key has a form of its own, which recorders cannot choose.
export const eventOrRegistration = z
  .string()
  .max('registered:'.length + 120)
  .regex(
    /^(registered:)?[a-z0-9]+(-[a-z0-9]+)*$/,
    'Name the key of an event, or registered:<slug> for a registration.',
  );

const ROOT_LENGTH = 44;

/** The fields that only some types have, in input form; each type decides which it requires, and may narrow them. */
export const ownFields = {
  undoes: slug.meta(ownTexts.undoes),
  by: slug.meta(ownTexts.by),
  title: title.meta(ownTexts.title),
  kind: kind.meta(ownTexts.kind),
  jurisdiction: jurisdiction.meta(ownTexts.jurisdiction),
  aliases: aliases.meta(ownTexts.aliases),
  sameAs: sameAs.meta(ownTexts.sameAs),
  stage: name.meta(ownTexts.stage),
  host: subject.meta(ownTexts.host),
  instrument: slug.meta(ownTexts.instrument),
  outcome: z.enum(OUTCOMES).meta(ownTexts.outcome),
  target: eventOrRegistration.meta(ownTexts.target),
  reason: longText.meta(ownTexts.reason),
  source: z.union([source, sourceName]).meta(ownTexts.source),
  projection: name.meta(ownTexts.projection),
  size: z.int().min(0).meta(ownTexts.size),
  root: z.base64().length(ROOT_LENGTH).meta(ownTexts.root),
} satisfies z.ZodRawShape;
