import { z } from 'zod';
import { EPISTEMICS, GENRES, RELS, STANCES, STATUSES } from '#domain';

/** What events look like in answers, for the OpenAPI document. Types add fields of their own. */

const instant = z.string().meta({ format: 'date-time' });
const publication = z.string().meta({ description: 'A full day, or an instant.' });
const worldDate = z.string().meta({ description: 'A date of the world (EDTF).' });

const erased = z.looseObject({ erased: z.literal(true) });
const erasableText = z.union([z.string(), erased]);

const actor = z.looseObject({
  name: erasableText,
  kind: z.string(),
  role: z.string().optional(),
  onBehalfOf: z.string().optional(),
  anonymous: z.boolean().optional(),
});

const source = z
  .looseObject({
    publisher: z.string(),
    title: z.string(),
    url: z.string().optional(),
    publishedAt: publication,
    genre: z.enum(GENRES),
    sha256: z.string().optional(),
    locator: z.string().optional(),
  })
  .meta({ id: 'ShownSource' });

const figure = z.looseObject({
  measure: z.string(),
  value: z.number().nullable(),
  comparator: z.string(),
  unit: z.string(),
  period: z.string().nullable().optional(),
  comparedTo: z.string().nullable().optional(),
  purpose: z.string().optional(),
});

/** What any event can carry, as answers show it. */
const body = {
  key: z.string(),
  type: z.string(),
  policy: z.string(),
  alsoPolicies: z.array(z.string()).optional(),
  occurred: worldDate,
  effective: z.looseObject({ from: worldDate.optional(), to: worldDate.optional() }).optional(),
  publishedAt: publication,
  actors: z.array(actor).optional(),
  counterparties: z.array(actor).optional(),
  attributedTo: z.array(actor).optional(),
  via: z
    .array(z.looseObject({ publisher: z.string(), form: z.string().optional(), date: z.string().optional() }))
    .optional(),
  summary: z.string(),
  status: z.enum(STATUSES).nullable().optional(),
  stance: z.enum(STANCES).optional(),
  epistemic: z.enum(EPISTEMICS).optional(),
  modality: z.enum(['actual', 'planned', 'conditional']).optional(),
  terms: z
    .array(
      z.looseObject({
        key: z.string(),
        value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
        unit: z.string().optional(),
      }),
    )
    .optional(),
  figures: z.array(figure).optional(),
  plannedFor: worldDate.optional(),
  links: z.array(z.looseObject({ rel: z.enum(RELS), to: z.string() })).optional(),
  sources: z.array(source).optional(),
  ordinal: z.int().optional(),
  forthcoming: z
    .boolean()
    .optional()
    .meta({ description: 'The event was recorded ahead of its publication. It hides nothing.' }),
  embargoed: z
    .boolean()
    .optional()
    .meta({ description: 'The former name of `forthcoming`; always the same value.', deprecated: true }),
  note: erasableText.optional(),
  target: z
    .string()
    .optional()
    .meta({ description: 'Key of the event that a `record.*` or `source.*` event is about.' }),
  reason: z.string().optional(),
};

const dating = z.looseObject({ earliest: instant.nullable(), latest: instant.nullable(), settled: instant.nullable() });

/** An event: its body in force, and what the log and the record say of it. */
export const shownEvent = z
  .looseObject({
    ...body,
    id: z.string(),
    position: z.int(),
    revision: z.int(),
    recordedAt: instant,
    knownFrom: instant,
    dating: dating
      .optional()
      .meta({ description: 'When it happened, after links and publications have narrowed the date; null: open.' }),
    recordedAs: z
      .looseObject(body)
      .optional()
      .meta({ description: 'The body as first recorded, if the event was corrected.' }),
    correctedBy: z.array(z.string()).optional(),
    retracted: z.boolean().optional(),
    retractedBy: z.array(z.string()).optional(),
    attachedSources: z.array(z.looseObject({ by: z.string(), source })).optional(),
    withdrawnSources: z.array(z.looseObject({ by: z.string(), publisher: z.string(), title: z.string() })).optional(),
  })
  .meta({
    id: 'Event',
    description: 'The body in force, with its position in the log; each type adds fields of its own.',
  });

/** One event with what points to it. */
export const shownEventInFull = z.looseObject({
  ...shownEvent.shape,
  linkedFrom: z.array(z.looseObject({ rel: z.string(), from: z.string() })),
  corrections: z.array(shownEvent),
});
