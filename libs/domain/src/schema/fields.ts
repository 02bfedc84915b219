import { z } from 'zod';
import { explainUnsupportedDate, explainUnsupportedPublication } from './date-messages.js';
import {
  actorTexts,
  commonTexts,
  effectiveTexts,
  figureTexts,
  linkTexts,
  sourceTexts,
  termTexts,
  viaTexts,
} from './field-texts.js';
import { LIST_LIMIT } from '../values/json-faults.js';
import { UNSAFE_NAMES, invisibleIn, normalizeName } from '../values/names.js';
import { isDuration, isPreceding } from '../values/period.js';
import type { RejectionCode } from '../values/rejection.js';
import {
  ACTOR_KINDS,
  COMPARATORS,
  EPISTEMICS,
  GENRES,
  MODALITIES,
  POLICY_KINDS,
  RELS,
  STANCES,
  STATUSES,
  isMoney,
} from './words.js';
import { EDTF_FORMS, parsePublication, readWorldDate } from '../values/world-date.js';

/** The schemas of single fields in their input form, shared by every type of event. */

/** The parameters of a check whose failures are reported under a code of our own. */
const fails = (code: RejectionCode, message: string) => ({ params: { code }, message });

export const text = (limit: number) =>
  z
    .string()
    .min(1)
    .max(limit)
    .regex(/\S|^$/, 'The text consists only of spaces. Write something, or leave the field out.');

export const longText = text(10_000);

const mustBeSafe = (given: string, context: z.core.$RefinementCtx): void => {
  if (UNSAFE_NAMES.has(given))
    context.addIssue({
      code: 'custom',
      ...fails('unsafe-name', `"${given}" is a reserved word and cannot be used as a name. Choose another name.`),
    });
};

/** A name: one line of text that identifies something, normalised by {@link normalizeName}. */
const nameUpTo = (limit: number) =>
  z
    .string()
    .superRefine((given, context) => {
      const invisible = invisibleIn(given);
      if (invisible !== undefined)
        context.addIssue({
          code: 'custom',
          ...fails('malformed-text', `${invisible} is invisible: two different names could look the same. Remove it.`),
        });
    })
    .overwrite(normalizeName)
    .min(1)
    .max(limit);

export const name = nameUpTo(200);
export const title = nameUpTo(200);

/** A name that becomes part of a field's path in the state. */
export const subject = nameUpTo(200).superRefine(mustBeSafe);

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
export const slug = z
  .string()
  .max(120)
  .regex(SLUG, 'Write it in lower-case letters and digits, with single hyphens between words.')
  .superRefine(mustBeSafe);

const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(LIST_LIMIT);

// Only the form and order of dates are checked here, which do not depend on the zone.
const ANY_ZONE = 'UTC';

export const worldDate = z
  .string()
  .superRefine((edtf, context) => {
    const fault = readWorldDate(edtf, ANY_ZONE);
    if (fault === 'outside-profile')
      context.addIssue({
        code: 'custom',
        ...fails('date-outside-profile', explainUnsupportedDate(edtf)),
      });
    if (fault === 'inverted')
      context.addIssue({
        code: 'custom',
        ...fails('inverted-interval', `"${edtf}" ends before it begins. Swap its start and end.`),
      });
  })
  .describe(`A date of the world (EDTF): ${EDTF_FORMS}`);

export const publication = z
  .string()
  .superRefine((given, context) => {
    if (!parsePublication(given, ANY_ZONE))
      context.addIssue({ code: 'custom', ...fails('date-outside-profile', explainUnsupportedPublication(given)) });
  })
  .describe('When it was published: a full day, or an instant with offset (RFC 3339)');

const isWorldDate = (given: string): boolean => typeof readWorldDate(given, ANY_ZONE) !== 'string';

// The brands say how a body in memory holds what is given as text: see EventBody.
const bodyDate = worldDate.brand<'WorldDate'>();
const bodyPublication = publication.brand<'Publication'>();

const period = z
  .string()
  .refine(
    (given) => isDuration(given) || isWorldDate(given),
    fails('date-outside-profile', 'Write a date (EDTF), an ISO 8601 duration such as P1Y, or null.'),
  )
  .nullable();

const comparedTo = z
  .string()
  .refine(
    (given) => isWorldDate(given) || isPreceding(given),
    fails('date-outside-profile', 'Write a date (EDTF), or "preceding" with a duration, such as "preceding P1Y".'),
  )
  .nullable();

const LOOKS_LIKE_MONEY = /^[A-Z]{3}(?![A-Za-z])|[£$€¥]|^(money|pounds?|sterling|euros?|dollars?|pence|cents?)\b/;

const unit = nameUpTo(200)
  .regex(/^\S+$/, 'A unit is one word; join its parts with hyphens.')
  .refine(
    (given) => !LOOKS_LIKE_MONEY.test(given) || isMoney(given),
    fails('money-without-currency', 'Begin the unit with an ISO 4217 currency code: GBP, EUR-per-person.'),
  );

export const actor = z.strictObject({
  name: subject.brand<'Erasable'>().meta(actorTexts.name),
  kind: z.enum(ACTOR_KINDS).meta(actorTexts.kind),
  role: name.meta(actorTexts.role).optional(),
  onBehalfOf: name.meta(actorTexts.onBehalfOf).optional(),
  anonymous: z.boolean().meta(actorTexts.anonymous).optional(),
  private: z.boolean().meta(actorTexts.private).optional(),
});

export const via = z.strictObject({
  publisher: name.meta(viaTexts.publisher),
  form: name.meta(viaTexts.form).optional(),
  date: worldDate.meta(viaTexts.date).optional(),
});

export const term = z.strictObject({
  key: slug.meta(termTexts.key),
  value: z.union([text(10_000), z.number(), z.boolean(), z.null()]).meta(termTexts.value),
  unit: unit.meta(termTexts.unit).optional(),
});

const terms = list(term).superRefine((given, context) => {
  const seen = new Set<string>();
  given.forEach(({ key }, index) => {
    if (seen.has(key))
      context.addIssue({
        code: 'custom',
        path: [index, 'key'],
        ...fails('duplicate-term', `The term "${key}" is given twice. Keep one.`),
      });
    seen.add(key);
  });
});

export const figure = z.strictObject({
  measure: slug.meta(figureTexts.measure),
  value: z.number().nullable().meta(figureTexts.value),
  comparator: z.enum(COMPARATORS).meta(figureTexts.comparator),
  unit: unit.meta(figureTexts.unit),
  period: period.meta(figureTexts.period).optional(),
  comparedTo: comparedTo.meta(figureTexts.comparedTo).optional(),
  purpose: name.meta(figureTexts.purpose).optional(),
});

export const link = z.strictObject({ rel: z.enum(RELS).meta(linkTexts.rel), to: slug.meta(linkTexts.to) });

const url = z.string().max(2000).refine(isWebAddress, 'Write a whole address that begins with http:// or https://.');

function isWebAddress(given: string): boolean {
  // A URL may have spaces around it for the parser, and still is another text.
  return !/\s/.test(given) && URL.canParse(given) && ['http:', 'https:'].includes(new URL(given).protocol);
}

const sourceTitle = nameUpTo(500);

export const source = z.strictObject({
  publisher: name.meta(sourceTexts.publisher),
  title: sourceTitle.meta(sourceTexts.title),
  url: url.meta(sourceTexts.url).optional(),
  publishedAt: publication.meta(sourceTexts.publishedAt),
  genre: z.enum(GENRES).meta(sourceTexts.genre),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'Write 64 hexadecimal digits.')
    .meta(sourceTexts.sha256)
    .optional(),
  locator: name.meta(sourceTexts.locator).optional(),
});

export const sourceName = z.strictObject({
  publisher: name.meta(sourceTexts.publisher),
  title: sourceTitle.meta(sourceTexts.title),
});

const effective = z
  .strictObject({
    from: bodyDate.meta(effectiveTexts.from).optional(),
    to: bodyDate.meta(effectiveTexts.to).optional(),
  })
  .superRefine(({ from, to }, context) => {
    const [first, last] = [from, to].map((end) => (end === undefined ? undefined : readWorldDate(end, ANY_ZONE)));
    if (first === undefined && last === undefined)
      context.addIssue({
        code: 'custom',
        ...fails('empty-interval', 'Give `from`, `to` or both, or leave `effective` out.'),
      });
    if (typeof first !== 'object' || typeof last !== 'object') return;
    if (first.earliest > last.latest)
      context.addIssue({
        code: 'custom',
        ...fails('inverted-interval', `It ends (${to}) before it begins (${from}). Swap the two.`),
      });
    else if (beginOf(first) > last.latest)
      context.addIssue({
        code: 'custom',
        ...fails(
          'empty-interval',
          `"${from}" is certain to have begun only at its end, which is after "${to}". Give a more precise date.`,
        ),
      });
  });

const beginOf = (from: { edtf: string; earliest: number; latest: number }): number =>
  /^\d{4}-\d{2}-\d{2}[~?]?$/.test(from.edtf) ? from.earliest : from.latest;

export const kind = z.enum(POLICY_KINDS);

const REGIONS = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

export const jurisdiction = z
  .string()
  .refine(
    (given) => given === 'EU' || isCountryOrPart(given),
    'Write an ISO 3166-1 code (GB), an ISO 3166-2 code (GB-SCT), or EU.',
  )
  .describe('ISO 3166-1 or 3166-2 code, or EU');

function isCountryOrPart(given: string): boolean {
  const [, country = ''] = /^([A-Z]{2})(?:-[A-Z0-9]{1,3})?$/.exec(given) ?? [];
  return country !== '' && !/^(AA|Q[M-Z]|X[A-Z]|ZZ|EZ|UN|EU)$/.test(country) && REGIONS.of(country) !== undefined;
}

export const aliases = list(slug);

/** An address that stands for a thing, and is shown as a link: what it looks like is where it leads. */
const identifyingUrl = url.superRefine((given, context) => {
  const invisible = invisibleIn(given);
  if (invisible !== undefined)
    context.addIssue({
      code: 'custom',
      ...fails('malformed-text', `${invisible} is invisible: the address would not look like what it is. Remove it.`),
    });
  if (isWebAddress(given) && new URL(given).username !== '')
    context.addIssue({
      code: 'custom',
      message: 'The address has a user name before "@", so it leads elsewhere than it seems to. Remove it.',
    });
});

export const sameAs = list(identifyingUrl).superRefine((given, context) => {
  const seen = new Set<string>();
  given.forEach((each, index) => {
    const normal = isWebAddress(each) ? new URL(each).href : each;
    if (seen.has(normal))
      context.addIssue({
        code: 'custom',
        path: [index],
        ...fails('duplicate-identifier', `The address ${each} is given twice. Keep one.`),
      });
    seen.add(normal);
  });
});

/** The fields that every event can carry, as input gives them; `type` is the type's own. */
export const commonFields = {
  key: slug.meta(commonTexts.key),
  policy: slug.meta(commonTexts.policy),
  alsoPolicies: list(slug).meta(commonTexts.alsoPolicies).optional(),
  occurred: bodyDate.meta(commonTexts.occurred),
  effective: effective.meta(commonTexts.effective).optional(),
  publishedAt: bodyPublication.meta(commonTexts.publishedAt),
  actors: list(actor).meta(commonTexts.actors).optional(),
  counterparties: list(actor).meta(commonTexts.counterparties).optional(),
  attributedTo: list(actor).meta(commonTexts.attributedTo).optional(),
  via: list(via).meta(commonTexts.via).optional(),
  summary: text(280).meta(commonTexts.summary),
  status: z.enum(STATUSES).nullable().meta(commonTexts.status).optional(),
  stance: z.enum(STANCES).meta(commonTexts.stance).optional(),
  epistemic: z.enum(EPISTEMICS).meta(commonTexts.epistemic).optional(),
  modality: z.enum(MODALITIES).meta(commonTexts.modality).optional(),
  terms: terms.meta(commonTexts.terms).optional(),
  figures: list(figure).meta(commonTexts.figures).optional(),
  plannedFor: bodyDate.meta(commonTexts.plannedFor).optional(),
  links: list(link).meta(commonTexts.links).optional(),
  sources: list(source).meta(commonTexts.sources).optional(),
  ordinal: z.int().min(0).meta(commonTexts.ordinal).optional(),
  forthcoming: z.boolean().meta(commonTexts.forthcoming).optional(),
  embargoed: z.boolean().meta(commonTexts.embargoed).optional(),
  note: longText.brand<'Erasable'>().meta(commonTexts.note).optional(),
} satisfies z.ZodRawShape;
