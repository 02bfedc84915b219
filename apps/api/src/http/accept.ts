import type { FastifyRequest } from 'fastify';
import { Refused } from './refusal.js';

const A_SUFFIX = /^(\/v1\/[^?]*)\.json(?=\?|$)/;

/** The address without the suffix that asks for JSON. Slugs, keys and ids have no dots, so nothing else ends so. */
export const withoutSuffix = (url: string): string => (url.startsWith('/v1/') ? url.replace(A_SUFFIX, '$1') : url);

/** Refuses a request that accepts no JSON, unless its address asks for it by suffix. */
export function acceptsJson(request: FastifyRequest): void {
  const { accept } = request.headers;
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return;
  if (request.originalUrl !== request.url || qualityOfJson(accept) > 0) return;
  throw new Refused('not-acceptable', {
    detail: `This is answered as application/json, which "${accept}" does not take.`,
  });
}

/** The quality of the most specific range that takes JSON (RFC 9110, section 12.5.1); 0 when none does. */
function qualityOfJson(accept: string): number {
  const ranges = accept.split(',').map(rangeOf);
  const best = ['application/json', 'application/*', '*/*'].map((range) => ranges.find(({ type }) => type === range));
  return best.find((range) => range !== undefined)?.quality ?? 0;
}

function rangeOf(text: string): { readonly type: string; readonly quality: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
  return { type, quality: Number.isNaN(quality) ? 0 : quality };
}
