import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** How fast the body of a request must arrive. */
export interface ArrivalLimitOptions {
  readonly windowMs: number;
  /** The bytes that must arrive in each window. A body of no more than that must be complete after the first. */
  readonly bytes: number;
  readonly onLate: (socket: Socket) => void;
  readonly startTimer?: (run: () => void, delayMs: number) => NodeJS.Timeout;
}

/**
 * Watches whether bodies keep arriving, in place of Node's `requestTimeout`.
 *
 * That one limits the whole: an import of 100 MB over a slow line would be cut off while it makes progress.
 */
export function limitArrival(
  server: Server,
  { windowMs, bytes, onLate, startTimer = setTimeout }: ArrivalLimitOptions,
): void {
  const watch = (request: IncomingMessage): void => {
    const { socket } = request;
    const before = socket.bytesRead;
    const timer = startTimer(() => {
      // What has arrived and was not read yet waits for this server, not for the client.
      if (socket.bytesRead - before >= bytes || request.readableLength > 0) watch(request);
      else onLate(socket);
    }, windowMs).unref();
    for (const end of ['end', 'close']) request.once(end, () => clearTimeout(timer));
  };
  server.on('request', (request: IncomingMessage) => {
    if (hasBody(request)) watch(request);
  });
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
