import type { FastifyRequest } from 'fastify';
import { Refusal } from '../problems/refusal.js';

/** The media type of every body but that of an import. */
const JSON_TYPE = 'application/json';

/** The media type of an import: one JSON value a line. */
export const NDJSON = 'application/x-ndjson';

const IMPORTS = /^\/v1\/imports(?=[/?]|$)/;
const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

/** The refusal of a body of the wrong type; names the accepted type and how to send it. */
export function unsupportedBodyRefusal({ url, headers }: Pick<FastifyRequest, 'url' | 'headers'>): Refusal {
  const isImport = IMPORTS.test(url);
  const taken = isImport ? NDJSON : JSON_TYPE;
  const given = headers['content-type'];
  const sent =
    given === undefined ? 'The body was sent without a Content-Type' : `The body was sent as ${shorten(given)}`;
  const advice = isImport ? 'one policy or event per line' : 'one JSON object';
  const elsewhere = !isImport && given?.startsWith(NDJSON) ? ' Send many events to POST /v1/imports.' : '';
  return new Refusal('unsupported-media-type', {
    detail: `${sent}; this address takes ${taken}, ${advice}.${formHint(given, taken)}${elsewhere}`,
  });
}

/** The usual reason is the default type of curl. */
function formHint(given: string | undefined, taken: string): string {
  if (given !== undefined && !FORM.test(given)) return '';
  const data =
    taken === NDJSON ? "; for a file also --data-binary instead of --data, which drops the file's lines" : '';
  return ` With curl, add -H 'Content-Type: ${taken}'${data}.`;
}

const LONGEST_SHOWN = 100;

const shorten = (given: string): string => given.slice(0, LONGEST_SHOWN);

/** The quality of the most specific range that matches a type (RFC 9110, section 12.5.1); 0 if none does. */
export function qualityOf(wanted: string, accept: string): number {
  const ranges = accept.split(',').map(rangeOf);
  const best = [wanted, wanted.replace(/\/.*/, '/*'), '*/*'].map((range) => ranges.find(({ type }) => type === range));
  return best.find((range) => range !== undefined)?.quality ?? 0;
}

function rangeOf(text: string): { readonly type: string; readonly quality: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
  return { type, quality: Number.isNaN(quality) ? 0 : quality };
}
