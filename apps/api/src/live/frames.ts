/** Media type of Server-Sent Events. */
export const EVENT_STREAM = 'text/event-stream';

/** What a message on a stream can be. */
export type MessageKind = 'event' | 'patch' | 'caught-up' | 'restated' | 'reset';

/** One message of a stream, before it is written down. */
export interface Message {
  readonly kind: MessageKind;
  /** Where a client goes on that has read the message; absent where that does not change. */
  readonly id?: string;
  readonly data: object;
}

/** How long a client is asked to wait before it connects again. */
const RECONNECT_MS = 1_000;

/** Writes a message as Server-Sent Events have it (WHATWG HTML, section 9.2.6). JSON has no line breaks of its own. */
export function frameOf({ kind, id, data }: Message): Buffer {
  const retry = kind === 'caught-up' ? `retry: ${RECONNECT_MS}\n` : '';
  return Buffer.from(
    `${id === undefined ? '' : `id: ${id}\n`}${retry}event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`,
  );
}

/** A comment, which shows both ends that the other is still there. */
export const PING = Buffer.from(': ping\n\n');
