import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Citations, type Reference, bibtexReference, citationIdOf, cslReference, risReference } from '#citations';
import { type OwnAnswer, askForEveryReader } from '../http/ask-itself.js';
import { PROBLEM_TYPE } from '../http/problems/problem-filter.js';
import { Refusal } from '../http/problems/refusal.js';
import { originForm } from '../http/request/addresses.js';
import { citableAddress, pageOf } from './citable-address.js';
import { readPinnedAnswer } from './pinned-answer.js';
import { referenceOf } from './reference-of.js';
import { type CitationView, findCitation } from './citation-answers.js';
import type { CitationViews } from './citation-views.js';

/** The formats of references, by the suffix that asks for them. */
const FORMATS: Readonly<Record<string, { readonly type: string; readonly write: (reference: Reference) => string }>> = {
  bib: { type: 'application/x-bibtex; charset=utf-8', write: bibtexReference },
  ris: { type: 'application/x-research-info-systems; charset=utf-8', write: risReference },
  'csl.json': {
    type: 'application/vnd.citationstyles.csl+json; charset=utf-8',
    write: (reference) => `${JSON.stringify([cslReference(reference)], null, 2)}\n`,
  },
};

const SUFFIX = /\.(bib|ris|csl\.json)(?=\?|$)/;

const A_CITATION = /^\/c\/([^/?]+)$/;

/** Answers a reference to what a pinned address answers, or to a citation, when the address ends in a format of references. */
export function serveReferences(server: FastifyInstance, needs: Needs): void {
  server.addHook('onRequest', async (request, reply) => {
    const url = originForm(request.originalUrl);
    const [suffixed, suffix = ''] = SUFFIX.exec(url.split('?')[0] ?? '') ?? [];
    const format = FORMATS[suffix];
    if (format === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return;
    const address = url.replace(SUFFIX, '');
    const [, id] = A_CITATION.exec(address) ?? [];
    const found =
      id === undefined
        ? await ofAddress(address, request, needs.viewFor(request))
        : { reference: await ofCitation(id, request, needs) };
    if ('reference' in found) await reply.type(format.type).send(format.write(found.reference));
    else if ('pinned' in found) await reply.redirect(found.pinned.replace(/(?=\?|$)/, suffixed ?? ''), 302);
    else await reply.code(found.status).type(PROBLEM_TYPE).send(found.text);
  });
}

interface Needs {
  readonly citations: Citations;
  readonly viewFor: CitationViews;
}

async function ofCitation(id: string, request: FastifyRequest, { citations, viewFor }: Needs): Promise<Reference> {
  const citation = await findCitation(citations, id);
  const shown = viewFor(request);
  const { absolute } = shown;
  return referenceOf({ ...citation, url: absolute(`/c/${id}`), pinnedUrl: absolute(citation.address) }, shown);
}

/** A reference, the pinned address that has one, or the refusal of the address itself. */
type Found = { readonly reference: Reference } | { readonly pinned: string } | OwnAnswer;

async function ofAddress(address: string, request: FastifyRequest, shown: CitationView): Promise<Found> {
  const { absolute } = shown;
  const asked = citableAddress(absolute(address), [absolute('')]);
  if (!asked.ok) throw nothingToCite(asked.message);
  const answer = await askForEveryReader(request, asked.data);
  if (answer.location !== undefined) return { pinned: answer.location };
  if (answer.status !== 200) return answer;
  const read = readPinnedAnswer(answer.text);
  if (!read.ok && read.permalink === undefined) throw nothingToCite(read.message);
  const permalink = asked.isPage ? pageOf(read.permalink ?? '') : (read.permalink ?? '');
  if (!read.ok) return { pinned: permalink };
  const url = absolute(permalink);
  return {
    reference: referenceOf({ ...read.answer, id: citationIdOf(permalink), url, pinnedUrl: url }, shown),
  };
}

const nothingToCite = (message: string): Refusal =>
  new Refusal('not-acceptable', { detail: `The address ${message}.` });
