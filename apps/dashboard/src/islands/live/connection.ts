/** A message of a stream, with the point from which a stream that comes after it would go on. */
export interface StreamMessage {
  readonly kind: string;
  readonly after: string;
  /** The JSON text of the message. */
  readonly text: string;
}

/** A stream to be connected to for as long as it is wanted. */
interface WantedConnection {
  /** Where the stream starts. */
  readonly after: string;
  readonly address: (after: string) => string;
  readonly kinds: readonly string[];
  readonly hear: (message: StreamMessage) => void;
  /** Called whenever the connection breaks or cannot be made. */
  readonly lose: () => void;
}

/** A browser gives up on a stream that is refused; it is asked for again after this time. */
const RETRY_MS = 5_000;

/** Stays connected to a stream, with nothing lost or repeated in between, until the returned function is called. */
export function keepConnected({ after: start, address, kinds, hear, lose }: WantedConnection): () => void {
  let after = start;
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const connect = (): void => {
    const opened = new EventSource(address(after));
    source = opened;
    for (const kind of kinds)
      opened.addEventListener(kind, ({ lastEventId, data }: MessageEvent<string>) => {
        if (lastEventId !== '') after = lastEventId;
        hear({ kind, after, text: data });
      });
    opened.onerror = () => {
      lose();
      if (opened.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS);
    };
  };
  const disconnect = (): void => {
    clearTimeout(retry);
    source?.close();
  };
  const leaving = new AbortController();
  const { signal } = leaving;
  // A network that is gone leaves a connection that looks open.
  addEventListener(
    'offline',
    () => {
      disconnect();
      lose();
    },
    { signal },
  );
  addEventListener(
    'online',
    () => {
      disconnect();
      connect();
    },
    { signal },
  );
  connect();
  return () => {
    leaving.abort();
    disconnect();
  };
}
