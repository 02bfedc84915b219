import type { FastifyRequest } from 'fastify';
import {
  TABLE_FORMATS,
  type TableFormat,
  MEDIA_TYPES,
  suffixOf,
  tablePathOf,
  withoutSuffix,
} from '../../exports/formats.js';
import { EVENT_STREAM } from '../../live/frames.js';
import { originForm } from './addresses.js';
import { qualityOf } from './media-types.js';
import { Refusal } from '../problems/refusal.js';

/** The address without its host and without the suffix of a format. */
export const routeAddress = (url: string): string => withoutSuffix(originForm(url));

/** Suffixes of formats that some addresses have of their own, or that are answered elsewhere. */
const OTHER_FORMATS: ReadonlySet<string | undefined> = new Set(['bib', 'ris', 'csl.json', 'tlog-proof']);

const CALENDAR_TYPE = 'text/calendar';
const A_STREAM = /^\/v1\/(?:policies\/[^/?]+\/)?stream(?=\?|$)/;

/** Refuses a request that does not accept a format of its answer: a stream of events, JSON, or of tables one of theirs. */
export function refuseUnacceptable(request: FastifyRequest): void {
  const { accept } = request.headers;
  const suffix = suffixOf(request.originalUrl);
  if (A_STREAM.test(request.url)) {
    if (suffix !== undefined) throw notAcceptable([EVENT_STREAM], `.${suffix}`);
    if (accept !== undefined && qualityOf(EVENT_STREAM, accept) === 0) throw notAcceptable([EVENT_STREAM], accept);
    return;
  }
  if (OTHER_FORMATS.has(suffix)) return;
  if (suffix === 'ics' && !request.is404) {
    if (accept !== undefined && qualityOf(CALENDAR_TYPE, accept) === 0) throw notAcceptable([CALENDAR_TYPE], accept);
    return;
  }
  const formats = formatsOf(request);
  if (suffix !== undefined) {
    const isThere = formats.some((format) => format === suffix);
    if (!isThere && (formats.length > 1 || !request.is404)) throw noSuchFormat(suffix, formats);
    return;
  }
  const types = formats.map((format) => MEDIA_TYPES[format]);
  if (accept === undefined || types.some((type) => qualityOf(type, accept) > 0)) return;
  throw notAcceptable(types, accept);
}

/** The formats that an address has; of one with an unknown suffix, that of the address without it. */
const formatsOf = ({ url, method }: FastifyRequest): readonly TableFormat[] =>
  (method === 'GET' || method === 'HEAD') && tablePathOf(url.replace(/[.][^/?]*(?=[?]|$)/, '')) !== undefined
    ? TABLE_FORMATS
    : ['json'];

/** True if a client prefers a document in HTML to one in JSON, as browsers do; one that takes anything does not. */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined || !/text\/html|application\/xhtml\+xml/.test(accept)) return false;
  return qualityOf('text/html', accept) > 0 && qualityOf('text/html', accept) >= qualityOf('application/json', accept);
}

const notAcceptable = (types: readonly string[], asked: string): Refusal =>
  new Refusal('not-acceptable', {
    detail: `${types.length === 1 ? `The only representation is ${types.join()}` : `There are ${types.join(', ')}`}, which "Accept: ${asked}" excludes. Add one to Accept.`,
  });

/** The refusal of a suffix that an address has not. */
export const noSuchFormat = (suffix: string, formats: readonly TableFormat[]): Refusal =>
  new Refusal('not-acceptable', {
    detail: `There is no .${suffix.slice(0, LONGEST_SUFFIX)} here. This address has ${formats.map((format) => `.${format}`).join(', ')}.`,
  });

const LONGEST_SUFFIX = 40;
