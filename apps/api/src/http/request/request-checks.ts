import type { FastifyRequest } from 'fastify';
import { Refusal } from '../problems/refusal.js';
import { isStorable } from './storable-text.js';

const A_HOST = /^(?:\[[\da-f:.]+\]|[\w\-.~!$&'()*+,;=%]*)(?::\d{0,5})?$/i;

/** Refuses a request without exactly one well-formed Host header (RFC 9112, section 3.2). */
export function requireOneHost({ raw }: FastifyRequest): void {
  const hosts = raw.rawHeaders.filter(
    (_text, index) => raw.rawHeaders[index - 1]?.toLowerCase() === 'host' && index % 2,
  );
  if (hosts.length > 1)
    throw new Refusal('malformed-request', { detail: 'The request has more than one Host header. Send one.' });
  const [host] = hosts;
  if (host === undefined && raw.httpVersion !== '1.0')
    throw new Refusal('malformed-request', { detail: 'The request has no Host header, which HTTP/1.1 requires.' });
  if (host !== undefined && !A_HOST.test(host))
    throw new Refusal('malformed-request', { detail: 'The Host header must be a host with an optional port.' });
}

/** Refuses an address with a zero byte in it, which no name contains. */
export function refuseZeroBytes({ params, url }: FastifyRequest): void {
  const parts: readonly unknown[] = Object.values(typeof params === 'object' && params !== null ? params : {});
  if (parts.every((part) => isStorable(String(part)))) return;
  throw new Refusal('unknown-route', {
    detail: `There is nothing at ${url.replace(/\?.*/s, '')}: it contains a zero byte (%00). Remove it.`,
  });
}
