import { z } from 'zod';
import type { InMemory } from '../schema/event.js';
import { registrationTexts } from '../schema/field-texts.js';
import { aliases, jurisdiction, kind, sameAs, slug, title } from '../schema/fields.js';
import { normalizeNames } from '../values/names.js';
import { type Parsed, parseBy } from './parse.js';
import { registrationKey } from './policy-stream.js';

/** The schema of a policy's registration. */
export const registrationSchema = z
  .strictObject({
    slug: slug.meta(registrationTexts.slug),
    title: title.meta(registrationTexts.title),
    kind: kind.meta(registrationTexts.kind),
    jurisdiction: jurisdiction.meta(registrationTexts.jurisdiction),
    aliases: aliases.meta(registrationTexts.aliases).optional(),
    sameAs: sameAs.meta(registrationTexts.sameAs).optional(),
  })
  .meta({
    description: 'The registration of a policy, which comes before any event about it.',
    examples: [
      {
        slug: 'harbour-toll',
        title: 'Harbour toll',
        kind: 'scheme',
        jurisdiction: 'GB',
        aliases: ['old-harbour-toll'],
        sameAs: ['https://www.wikidata.org/wiki/Q98765432'],
      },
    ],
  });

/** The registration of a policy. */
export type Registration = InMemory<z.output<typeof registrationSchema>>;

/** A retraction of a registration, or of another retraction of it. */
export interface RegistrationRetraction {
  readonly key: string;
  readonly target: string;
}

/**
 * The key of the retraction by which a registration is withdrawn; undefined while it is in force.
 *
 * Takes, in the order of the log, all retractions of the registration and, at any depth, of these.
 */
export function retractionOfRegistration(
  policy: string,
  retractions: readonly RegistrationRetraction[],
): string | undefined {
  // Retractions come after what they retract: going backwards, each is known to be in force or retracted.
  const takenBack = new Map<string, string>();
  for (const { key, target } of retractions.toReversed()) if (!takenBack.has(key)) takenBack.set(target, key);
  return takenBack.get(registrationKey(policy));
}

/** Parses a registration, or lists everything that is wrong with it. */
export const parseRegistration = (input: unknown): Parsed<Registration> =>
  parseBy(registrationSchema, input) as Parsed<Registration>;

/** Reads a registration that {@link parseRegistration} has accepted before; checks nothing again. */
export const readRegistration = (accepted: Registration): Registration =>
  normalizeNames({ ...accepted }) as unknown as Registration;
