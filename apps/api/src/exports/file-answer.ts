import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../http/problems/refusal.js';
import { isNotModified } from '../http/response/entity-tags.js';
import { byteRangeOf } from './byte-range.js';
import type { SpooledFile } from './spool.js';

/** An exchange in which a file is sent. */
interface FileExchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const CACHED_SECONDS = 300;

/**
 * Answers with a file or a part of it: ranges (RFC 9110, section 14), `If-Range`, and `Repr-Digest` (RFC 9530) by which
 * the whole can be checked however it was put together. The tag is the digest, so it is true wherever the file is from.
 */
export async function sendSpooled(
  { request, reply }: FileExchange,
  file: SpooledFile,
  { isPinned }: { readonly isPinned: boolean },
): Promise<Readable | undefined> {
  const tag = `"${file.sha256.toString('base64url')}"`;
  reply.headers({
    etag: tag,
    'cache-control': isPinned ? `max-age=${CACHED_SECONDS}` : 'no-cache',
    'accept-ranges': 'bytes',
    'repr-digest': `sha-256=:${file.sha256.toString('base64')}:`,
  });
  if (isNotModified(request, tag)) {
    reply.code(304);
    return undefined;
  }
  const range = wholeOrPart(request, tag) ? byteRangeOf(request.headers.range, file.length) : undefined;
  if (range === 'unsatisfiable')
    throw new Refusal('range-not-satisfiable', {
      detail: `The file has ${file.length} bytes. Ask for a part of these, or for the whole without Range.`,
      headers: { 'content-range': `bytes */${file.length}` },
    });
  const { first, last } = range ?? { first: 0, last: file.length - 1 };
  reply.header('content-length', last - first + 1);
  if (range) reply.code(206).header('content-range', `bytes ${first}-${last}/${file.length}`);
  // The length is that of the answer to GET, and nothing is read.
  if (request.method === 'HEAD' || file.length === 0) return Readable.from([]);
  const handle = await file.open();
  return handle.createReadStream({ start: first, end: last });
}

/** True if a part may be sent: the client names no other file (RFC 9110, section 13.1.5). Dates name none. */
function wholeOrPart({ method, headers }: FastifyRequest, tag: string): boolean {
  const ifRange = headers['if-range'];
  return method === 'GET' && (ifRange === undefined || ifRange === tag);
}
