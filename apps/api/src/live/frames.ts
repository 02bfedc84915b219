/** Media type of Server-Sent Events. */
export const EVENT_STREAM = 'text/event-stream';

/** The kinds of messages on a stream. */
export type MessageKind = 'event' | 'patch' | 'caught-up' | 'restated' | 'reset';

/** One message of a stream, before it is encoded. */
export interface Message {
  readonly kind: MessageKind;
  /** The resume point of a client that has read the message; absent if it does not change. */
  readonly id?: string;
  readonly data: object;
}

/** How long a client is asked to wait before it connects again. */
const RECONNECT_MS = 1_000;

/** Encodes a message as a Server-Sent Event (WHATWG HTML, section 9.2.6). JSON has no line breaks of its own. */
export function frameOf({ kind, id, data }: Message): Buffer {
  const retry = kind === 'caught-up' ? `retry: ${RECONNECT_MS}\n` : '';
  return Buffer.from(
    `${id === undefined ? '' : `id: ${id}\n`}${retry}event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`,
  );
}

/** A comment that shows both ends that the connection is alive. */
export const PING = Buffer.from(': ping\n\n');
