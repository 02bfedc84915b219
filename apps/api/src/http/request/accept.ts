import type { FastifyRequest } from 'fastify';
import { EVENT_STREAM } from '../../live/frames.js';
import { originForm } from './addresses.js';
import { Refusal } from '../problems/refusal.js';

const A_SUFFIX = /^(\/v1\/[^?]*)\.json(?=\?|$)/;

/** The address without its host and without the suffix `.json`. Slugs, keys and ids have no dots, so the suffix is unambiguous. */
export function routeAddress(url: string): string {
  const address = originForm(url);
  return address.startsWith('/v1/') ? address.replace(A_SUFFIX, '$1') : address;
}

const A_CALENDAR = /^\/v1\/[^?]*\.ics(?=\?|$)/;
const A_STREAM = /^\/v1\/(?:policies\/[^/?]+\/)?stream(?=\?|$)/;

/** Refuses a request that does not accept the format of its answer: a stream of events, or JSON. */
export function refuseUnacceptable(request: FastifyRequest): void {
  const { accept } = request.headers;
  const asksForJson = originForm(request.originalUrl) !== request.url;
  const isStream = A_STREAM.test(request.url);
  const type = isStream ? EVENT_STREAM : A_CALENDAR.test(request.url) ? 'text/calendar' : 'application/json';
  if (isStream && asksForJson) throw notAcceptable(type, '.json');
  if (asksForJson || accept === undefined || accept === '*/*' || accept === type) return;
  if (qualityOf(type, accept) === 0) throw notAcceptable(type, accept);
}

/** True if a client prefers a document in HTML to one in JSON, as browsers do; one that takes anything does not. */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined || !/text\/html|application\/xhtml\+xml/.test(accept)) return false;
  return qualityOf('text/html', accept) > 0 && qualityOf('text/html', accept) >= qualityOf('application/json', accept);
}

const notAcceptable = (type: string, asked: string): Refusal =>
  new Refusal('not-acceptable', {
    detail: `The only representation is ${type}, which "Accept: ${asked}" excludes. Add it to Accept.`,
  });

/** The quality of the most specific range that matches a type (RFC 9110, section 12.5.1); 0 if none does. */
function qualityOf(wanted: string, accept: string): number {
  const ranges = accept.split(',').map(rangeOf);
  const best = [wanted, wanted.replace(/\/.*/, '/*'), '*/*'].map((range) => ranges.find(({ type }) => type === range));
  return best.find((range) => range !== undefined)?.quality ?? 0;
}

function rangeOf(text: string): { readonly type: string; readonly quality: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
  return { type, quality: Number.isNaN(quality) ? 0 : quality };
}
