import type { FastifyRequest } from 'fastify';
import type { AbsoluteUrl } from '../http/response/absolute-url.js';
import type { CitationView } from './citation-answers.js';
import type { PublishingTerms } from './reference-of.js';

/** The injection token of {@link CitationViews}. */
export const CITATION_VIEWS = Symbol('how citations are shown');

/** How citations are shown to the sender of a request. */
export type CitationViews = (request: FastifyRequest) => CitationView;

/** Shows addresses as the sender reaches them, and who publishes the record. */
export const citationViews =
  (absoluteUrl: AbsoluteUrl, { publisher, licence }: PublishingTerms): CitationViews =>
  (request) => ({ publisher, licence, absolute: (address) => absoluteUrl(request, address) });
