import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJson } from '#event-log';
import { NDJSON, unsupportedBodyRefusal } from './media-types.js';
import { Refusal } from '../problems/refusal.js';

/** The most bytes of a JSON body; longer ones are drained and refused. */
export const JSON_BODY_LIMIT_BYTES = 1_048_576;

/** The most bytes that are drained before the connection is closed. */
const DRAIN_LIMIT_BYTES = 64 * 1_048_576;

/**
 * Reads request bodies: JSON strictly and whole, NDJSON as the untouched stream of its bytes. Anything else is refused.
 *
 * A JSON body over the limit is drained, because a client reads the refusal only when it has finished sending.
 */
export function readBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
    refuseCoding(request);
    return jsonOf(await bytesOf(payload));
  });
  server.addContentTypeParser(
    NDJSON,
    (
      request: FastifyRequest,
      payload: IncomingMessage,
      done: (error: Error | null, body?: IncomingMessage) => void,
    ) => {
      refuseCoding(request);
      done(null, payload);
    },
  );
  server.addContentTypeParser('*', async (request: FastifyRequest) => {
    throw unsupportedBodyRefusal(request);
  });
}

function refuseCoding({ headers }: FastifyRequest): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw unsupportedRefusal(`Send the body as UTF-8, not ${charset}.`);
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding !== 'identity')
    throw unsupportedRefusal(`Send the body uncompressed, not with Content-Encoding ${coding}.`);
}

const unsupportedRefusal = (detail: string): Refusal => new Refusal('unsupported-media-type', { detail });

async function bytesOf(payload: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const piece of payload) {
    const chunk: Buffer = piece;
    length += chunk.length;
    if (length <= JSON_BODY_LIMIT_BYTES) chunks.push(chunk);
    else chunks.length = 0;
    if (length > DRAIN_LIMIT_BYTES) break;
  }
  if (length > JSON_BODY_LIMIT_BYTES) {
    throw new Refusal('body-too-large', {
      detail: `The body can have at most ${JSON_BODY_LIMIT_BYTES} bytes. Send many events to POST /v1/imports.`,
    });
  }
  return Buffer.concat(chunks);
}

function jsonOf(bytes: Buffer): unknown {
  const text = textOf(bytes);
  if (text.trim() === '') throw new Refusal('broken-json', { detail: 'The body is empty. Send one JSON object.' });
  const read = parseJson(text);
  if (read.ok) return read.value;
  throw new Refusal('broken-json', {
    detail: read.message,
    errors: [{ pointer: '', code: 'not-json', message: read.message }],
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw unsupportedRefusal('The body is not well-formed UTF-8. Send it as UTF-8.');
  }
}
