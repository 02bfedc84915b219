import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest, onSendAsyncHookHandler } from 'fastify';

/** How long an answer may be used again whose address says all three times. */
const PINNED_MAX_AGE_SECONDS = 300;

/** A strong entity tag over the parts, which must say all that the answer depends on. */
export function entityTag(...parts: readonly string[]): string {
  return `"${createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 27)}"`;
}

/** True when `If-None-Match` names the tag (weak comparison, RFC 9110, section 13.1.2), in whatever content coding. */
export function isNotModified(request: FastifyRequest, tag: string): boolean {
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  return known.split(',').some((one) => uncoded(one.trim().replace(/^W\//, '')) === tag) || known.trim() === '*';
}

const uncoded = (tag: string): string => tag.replace(/-(?:br|gzip|deflate|zstd)"$/, '"');

/** Marks the answer as one that depends on its address alone. */
export function markPinned(reply: FastifyReply, tag: string): void {
  reply.header('etag', tag).header('cache-control', `max-age=${PINNED_MAX_AGE_SECONDS}`);
}

/** Tags every other answer by its bytes, and leaves it out when the client has them. Before compression is registered. */
export function tagAnswers(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (!isTaggable(request, reply) || typeof payload !== 'string') return payload;
    const tag = entityTag(payload);
    reply.header('etag', tag).header('cache-control', 'no-cache');
    if (!isNotModified(request, tag)) return payload;
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    return '';
  });
}

/** Gives each content coding of an answer a tag of its own (RFC 9110, section 8.8.3.3). After compression is registered. */
export function tagCodings(server: FastifyInstance): void {
  // Compression works in a hook of each route, and hooks of routes run last: so this is one of them, too.
  server.addHook('onRoute', (route) => {
    const others = route.onSend === undefined ? [] : [route.onSend].flat();
    route.onSend = [...others, tagCoding];
  });
}

const tagCoding: onSendAsyncHookHandler = async (_request, reply, payload) => {
  const [coding, tag] = [reply.getHeader('content-encoding'), reply.getHeader('etag')];
  if (typeof coding === 'string' && typeof tag === 'string') reply.header('etag', tag.replace(/"$/, `-${coding}"`));
  return payload;
};

function isTaggable({ method }: FastifyRequest, reply: FastifyReply): boolean {
  return (
    (method === 'GET' || method === 'HEAD') &&
    reply.statusCode === 200 &&
    !reply.hasHeader('etag') &&
    !reply.hasHeader('cache-control')
  );
}
