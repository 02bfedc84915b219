import { z } from 'zod';
import {
  type Citation,
  type CitedPoint,
  type Citations,
  bibtexReference,
  cslReference,
  isCitationId,
  plainReference,
  risReference,
  robustLink,
} from '#citations';
import { Refusal } from '../http/problems/refusal.js';
import { withoutTimes } from '../http/request/addresses.js';
import { type PublishingTerms, referenceOf } from './reference-of.js';
import { reasonAnswer } from './verdict.js';

const cslDate = z.object({ 'date-parts': z.array(z.array(z.int()).readonly()).readonly() });

const cslItem = z
  .object({
    id: z.string(),
    type: z.literal('dataset'),
    title: z.string(),
    'container-title': z.string(),
    author: z
      .array(z.object({ literal: z.string() }))
      .readonly()
      .optional(),
    publisher: z.string().optional(),
    version: z.string(),
    issued: cslDate.optional(),
    accessed: cslDate.optional(),
    URL: z.string(),
    note: z.string(),
  })
  .meta({ id: 'CslItem', description: 'An item of CSL-JSON.' });

const citation = z.object({
  id: z.string(),
  url: z.string().meta({ description: 'The cited address, pinned and absolute.' }),
  citationUrl: z.string().meta({ description: 'The address of this citation, which says whether it still holds.' }),
  title: z.string(),
  answerSha256: z.string().meta({
    description:
      'SHA-256 over the canonical form (RFC 8785) of the answer without `meta`, `permalink` and `url`, in hexadecimal.',
  }),
  fold: z.int().meta({ description: 'Version of the rules by which facts followed from events.' }),
  root: z.string().meta({ description: 'Root hash of the log at `size`, in base64.' }),
  size: z.int().meta({ description: 'Size of the signed log from which the answer follows.' }),
  citedAt: z.string().meta({ description: 'When it was first cited; an instant.' }),
  cite: z.object({
    text: z.string(),
    bibtex: z.string(),
    ris: z.string(),
    csl: cslItem,
    html: z.string().meta({ description: 'A link with the attributes of Robust Links.' }),
  }),
});

/** An answer that was cited. */
export const citationAnswer = citation.meta({ id: 'Citation', description: 'An answer that was cited.' });

const checkpoint = z.object({ size: z.int(), root: z.string() });

/** A citation, and whether it still holds. */
export const judgedAnswer = citation
  .extend({
    holds: z.boolean().meta({
      description:
        'The pinned address answers what was cited, and the record of today says the same of the same times.',
    }),
    reproduced: z.boolean().meta({ description: 'The pinned address answers what was cited.' }),
    why: z.array(reasonAnswer).readonly().meta({ description: 'Why it does not hold; empty if it does.' }),
    now: z.object({
      answerSha256: z.string().nullable(),
      fold: z.int().nullable(),
      url: z
        .string()
        .nullable()
        .meta({ description: 'The same question to the record of today; `null`: a comparison of two records.' }),
    }),
    checkpoint: z.object({
      then: checkpoint,
      now: checkpoint.nullable().meta({ description: '`null`: nothing is signed.' }),
      proof: z
        .string()
        .nullable()
        .meta({ description: 'Proves that the log of then is the beginning of that of now.' }),
    }),
  })
  .meta({ id: 'JudgedCitation', description: 'A citation, and whether it still holds.' });

/** What citations are shown with: makes addresses absolute, and says who publishes the record. */
export interface CitationView extends PublishingTerms {
  readonly absolute: (address: string) => string;
}

/** Shows a citation with references in every format. */
export function showCitation(
  cited: Citation,
  { absolute, ...publication }: CitationView,
): z.output<typeof citationAnswer> {
  const { id, address, title, answerSha256, fold, root, size, citedAt } = cited;
  const citationUrl = absolute(`/c/${id}`);
  const url = absolute(address);
  const reference = referenceOf({ ...cited, url: citationUrl, pinnedUrl: url }, publication);
  const html = robustLink({
    href: absolute(withoutTimes(address)),
    versionUrl: url,
    versionDay: latestOf(cited.points).knownAt.slice(0, 10),
    text: title,
  });
  return {
    id,
    url,
    citationUrl,
    title,
    answerSha256,
    fold,
    root,
    size,
    citedAt: new Date(citedAt).toISOString(),
    cite: {
      text: plainReference(reference),
      bibtex: bibtexReference(reference),
      ris: risReference(reference),
      csl: cslReference(reference),
      html,
    },
  };
}

const latestOf = (points: readonly CitedPoint[]): CitedPoint =>
  points.reduce((one, other) => (other.knownAt > one.knownAt ? other : one));

/** The citation with an id; throws a refusal if there is none. */
export async function findCitation(citations: Citations, id: string): Promise<Citation> {
  const citation = isCitationId(id) ? await citations.find(id) : undefined;
  if (citation !== undefined) return citation;
  throw new Refusal('unknown-citation', {
    detail: `No citation has the id ${JSON.stringify(id)}. Check the address; POST /v1/citations makes citations.`,
  });
}
