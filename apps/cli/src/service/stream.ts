import { setTimeout as delay } from 'node:timers/promises';
import { EXIT, Failure } from '../exit-code.js';
import { readEventStream } from './event-stream.js';
import { unreachable } from './problems.js';
import type { Query, Service } from './service.js';

/** The pause before a broken connection is made again, at first and at most. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** A message of a stream. */
export interface LiveMessage {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: unknown;
}

/** A stream to follow. */
interface FollowedStream {
  readonly query: Query;
  /** The id of the last message that was received. */
  readonly after: string | undefined;
  readonly signal: AbortSignal;
  /** Tells that the connection broke. */
  readonly tell: (line: string) => void;
}

/**
 * The messages of the live stream, each once and in order, whatever breaks meanwhile: after the first connection it is
 * made again until the signal ends it. They are pulled, so a slow reader slows the stream down.
 */
export async function* followStream(service: Service, stream: FollowedStream): AsyncGenerator<LiveMessage> {
  let { after } = stream;
  let pauseMs = FIRST_PAUSE_MS;
  let wasConnected = false;
  while (!stream.signal.aborted) {
    try {
      for await (const message of readStream(service, { ...stream, after })) {
        wasConnected = true;
        pauseMs = FIRST_PAUSE_MS;
        yield message;
        after = message.id ?? after;
      }
    } catch (error) {
      if (stream.signal.aborted) return;
      if (!wasConnected || !isPassing(error)) throw error;
    }
    stream.tell('The connection ended; it is made again.');
    await delay(pauseMs, undefined, { signal: stream.signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

const isPassing = (error: unknown): boolean => !(error instanceof Failure) || error.code === EXIT.unavailable;

async function* readStream(
  service: Service,
  { query, after, signal }: Omit<FollowedStream, 'tell'>,
): AsyncGenerator<LiveMessage> {
  const headers = { accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': after }) };
  const { body } = await service.send('/v1/stream', { query, headers, signal });
  if (!body) return;
  try {
    for await (const { data, ...rest } of readEventStream(body.pipeThrough(new TextDecoderStream())))
      yield { ...rest, data: JSON.parse(data) };
  } catch (error) {
    throw unreachable(service.url, error);
  }
}
