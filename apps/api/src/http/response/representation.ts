import Stream from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Coding, readAcceptedCodings, compress, compressors } from './content-coding.js';
import { type Form, entityTag, entityTagInTurns, failsMatch, isNotModified, markOfNow, tagIn } from './entity-tags.js';
import { isLong, jsonInTurns } from './json-in-turns.js';
import { PROBLEM_TYPE, problemOf } from '../problems/problem-filter.js';
import { Refusal } from '../problems/refusal.js';

/** Shorter answers are not compressed. */
const WORTH_PACKING_BYTES = 2_048;

// CSV is sent as it lies there: clients that always accept a coding would have neither digest nor parts of it.
const PACKED_TYPES = /^(?:text\/(?!csv)|application\/(?:json|[\w.-]+\+json|x-ndjson|javascript)|image\/svg)/;

/** Adds a header to `Vary`; those added before stay. */
export function varyBy(reply: FastifyReply, header: string): void {
  const names = String(reply.getHeader('vary') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (!names.some((name) => name === '*' || name.toLowerCase() === header))
    reply.header('vary', [...names, header].join(', '));
}

/**
 * Gives every answer its final form, compressed or plain, with the tag of that form; or answers 304.
 *
 * A controller may have set a tag for the answer in any form; other answers are tagged by their bytes. A 304 and the
 * answer to HEAD have the headers of the 200 (RFC 9110, sections 9.3.2 and 15.4.5).
 */
export function finishAnswers(server: FastifyInstance): void {
  const documents = new CompressedDocuments();
  server.addHook('preSerialization', async ({ url }, _reply, payload) => rowsAlone(url, payload));
  server.addHook('preSerialization', async (_request, reply, payload) => {
    if (!isLong(payload)) return payload;
    reply.serializer((bytes) => bytes);
    return jsonInTurns(payload);
  });
  server.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode === 304) {
      varyBy(reply, 'accept-encoding');
      return notModified(reply);
    }
    const form = formOf(request, reply, payload);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const tag = isRead && reply.statusCode === 200 ? await setTag(reply, payload, form) : undefined;
    if (isRead && reply.statusCode === 200) {
      const isKept = tag !== undefined && isNotModified(request, tag);
      const isUnwanted = failsMatch(request, tag);
      if ((isKept || isUnwanted) && payload instanceof Stream.Readable) payload.destroy();
      if (isUnwanted) return preconditionFailed(request, reply);
      if (isKept) return notModified(reply);
    }
    if (form === 'plain' || form === 'short') return payload;
    // Length, parts and digest are those of the plain form.
    reply.header('content-encoding', form);
    for (const name of ['content-length', 'accept-ranges', 'repr-digest']) reply.removeHeader(name);
    if (payload instanceof Stream.Readable)
      return request.method === 'HEAD' ? payload : Stream.pipeline(payload, compressors[form](), ignore);
    const text = isBytes(payload) ? payload : String(payload);
    const isDocument = tag !== undefined && !request.url.startsWith('/v1/');
    return isDocument ? documents.compress(text, form, tag) : compress[form](text);
  });
}

/** Of a list that is asked for as an array its rows, of all else the whole. */
function rowsAlone(url: string, payload: unknown): unknown {
  const isList = typeof payload === 'object' && payload !== null && 'items' in payload;
  return isList && new URLSearchParams(url.split('?')[1]).get('shape') === 'array' ? payload.items : payload;
}

/** A stream that fails ends the answer; nothing else has to be done. */
const ignore = (): void => undefined;

function formOf({ headers, method }: FastifyRequest, reply: FastifyReply, payload: unknown): Form {
  const isStream = payload instanceof Stream.Readable;
  // A part is one of the plain form; lines that are answered while others are sent must not wait for each other.
  if (reply.statusCode === 206 || (isStream && method === 'POST')) return 'plain';
  const type = String(reply.getHeader('content-type') ?? '');
  if (!(isStream || typeof payload === 'string' || isBytes(payload)) || !PACKED_TYPES.test(type)) return 'plain';
  varyBy(reply, 'accept-encoding');
  const { coding, plain } = readAcceptedCodings(headers['accept-encoding']);
  if (plain && !isStream && isShort(payload)) return 'short';
  return coding ?? 'plain';
}

/** A text has at least a byte for each of its units: long ones need not be gone through. */
const isShort = (payload: string | Uint8Array): boolean =>
  payload.length < WORTH_PACKING_BYTES && Buffer.byteLength(payload) < WORTH_PACKING_BYTES;

/** Sets the tag of an answer as it is sent; undefined for one that must not be cached. */
async function setTag(reply: FastifyReply, payload: unknown, form: Form): Promise<string | undefined> {
  if (!reply.hasHeader('etag')) {
    if (reply.hasHeader('cache-control') || !(typeof payload === 'string' || isBytes(payload))) return undefined;
    markOfNow(reply, isBytes(payload) ? await entityTagInTurns(payload) : entityTag(payload));
  }
  const tag = tagIn(String(reply.getHeader('etag')), form);
  reply.header('etag', tag);
  return tag;
}

/** True for bytes of any class: those of another realm are not instances of this one's. */
const isBytes = (value: unknown): value is Uint8Array => ArrayBuffer.isView(value);

/** Answers 304 without a payload: an empty one would get a length that the 200 does not have (RFC 9110, section 8.6). */
function notModified(reply: FastifyReply): null {
  reply.code(304).removeHeader('content-length').removeHeader('content-type');
  return null;
}

function preconditionFailed(request: FastifyRequest, reply: FastifyReply): string {
  const refused = new Refusal('precondition-failed', {
    detail: 'The ETag of the answer is not among those in If-Match. Leave the header out to get the current answer.',
  });
  reply
    .code(412)
    .headers({ 'cache-control': 'no-store', 'content-type': `${PROBLEM_TYPE}; charset=utf-8` })
    .removeHeader('etag')
    .removeHeader('content-length');
  return JSON.stringify(problemOf(refused, request.originalUrl));
}

const DOCUMENTS_KEPT = 16;

/** Caches the compressed forms of long documents that are the same for all clients. */
class CompressedDocuments {
  readonly #kept = new Map<string, Promise<Buffer>>();

  compress(text: string | Uint8Array, coding: Coding, tag: string): Promise<Buffer> {
    const kept = this.#kept.get(tag);
    if (kept) return kept;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= DOCUMENTS_KEPT) this.#kept.delete(oldest);
    const made = compress[coding](text);
    this.#kept.set(tag, made);
    return made;
  }
}
