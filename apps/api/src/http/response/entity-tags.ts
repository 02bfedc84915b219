import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Turns } from '#runtime/turns';
import { type Coding, readAcceptedCodings } from './content-coding.js';

/** How long an answer may be cached whose address gives all three times. */
const PINNED_MAX_AGE_SECONDS = 300;

/**
 * The form in which an answer is sent. Each form has a tag of its own (RFC 9110, section 8.8.3.3) that names it, so a
 * client's tag can be checked before the answer is computed.
 */
export type Form = 'plain' | 'short' | Coding;

const TAG_CHARACTERS = 27;

/** A strong entity tag over the parts, which must contain everything on which the answer depends. */
export function entityTag(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  parts.forEach((part, index) => (index === 0 ? hash : hash.update('\n')).update(part));
  return `"${hash.digest('base64url').slice(0, TAG_CHARACTERS)}"`;
}

const BYTES_AT_ONCE = 1024 * 1024;

/** The same for possibly many bytes; yields to other work in between. */
export async function entityTagInTurns(bytes: Uint8Array): Promise<string> {
  const turns = new Turns();
  const hash = createHash('sha256');
  for (let from = 0; from < bytes.length; from += BYTES_AT_ONCE) {
    hash.update(bytes.subarray(from, from + BYTES_AT_ONCE));
    if (turns.isOver) await turns.next();
  }
  return `"${hash.digest('base64url').slice(0, TAG_CHARACTERS)}"`;
}

/** A weak entity tag over the content of an answer whose bytes also contain the time. */
export const weakTag = (...parts: readonly string[]): string => `W/${entityTag(...parts)}`;

/** The tag of an answer in the form in which it is sent. */
export const tagIn = (tag: string, form: Form): string => (form === 'plain' ? tag : tag.replace(/"$/, `-${form}"`));

/** The tags that a header lists, or `*` for any (RFC 9110, section 13.1). Anything else matches nothing. */
function listTags(header: string): readonly string[] | '*' {
  return header.trim() === '*' ? '*' : (header.match(/(?:W\/)?"[^"]*"/g) ?? []);
}

/** True when `If-None-Match` names the tag (weak comparison, RFC 9110, section 13.1.2). */
export function isNotModified({ headers }: Pick<FastifyRequest, 'headers'>, tag: string): boolean {
  const header = headers['if-none-match'];
  if (header === undefined) return false;
  const known = listTags(header);
  return known === '*' || known.some((one) => opaque(one) === opaque(tag));
}

const opaque = (tag: string): string => tag.replace(/^W\//, '');

/** True if there is an `If-Match` that does not contain the tag (strong comparison, RFC 9110, section 13.1.1). */
export function failsMatch({ headers }: Pick<FastifyRequest, 'headers'>, tag: string | undefined): boolean {
  const header = headers['if-match'];
  if (header === undefined) return false;
  const wanted = listTags(header);
  return wanted !== '*' && !(tag?.startsWith('"') && wanted.includes(tag));
}

/**
 * The tag of the client's copy, if it is still current; undefined if the answer has to be computed.
 *
 * `tag` is that of the answer in any form, which is not known yet.
 */
export function tagKept({ headers }: Pick<FastifyRequest, 'headers'>, tag: string): string | undefined {
  if (headers['if-match'] !== undefined || headers['if-none-match'] === undefined) return undefined;
  const { coding, plain } = readAcceptedCodings(headers['accept-encoding']);
  const forms: readonly Form[] = plain ? ['short', coding ?? 'plain'] : [coding ?? 'plain'];
  const known = listTags(headers['if-none-match']);
  if (known === '*') return undefined;
  return forms.map((form) => tagIn(tag, form)).find((one) => known.some((given) => opaque(given) === one));
}

/** Marks the answer as one that depends on its address alone. */
export function markPinned(reply: FastifyReply, tag: string): void {
  reply.header('etag', tag).header('cache-control', `max-age=${PINNED_MAX_AGE_SECONDS}`);
}

/** Marks the answer as one that may change, with a tag of its current content. */
export function markOfNow(reply: FastifyReply, tag: string): void {
  reply.header('etag', tag).header('cache-control', 'no-cache');
}

/** Marks an answer, which is marked already, as one for its client alone. */
export function markPrivate(reply: FastifyReply): void {
  reply.header('cache-control', `private, ${String(reply.getHeader('cache-control'))}`);
}
