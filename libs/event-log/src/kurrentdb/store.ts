/** Where the store has an event: its own order, with gaps. */
export interface StorePosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** An event as the store holds it. */
export interface StoredRecord {
  readonly at: StorePosition;
  /** The log's name of the stream, without any prefix of the store's. */
  readonly stream: string;
  /** In the store's stream, from 0. */
  readonly revision: number;
  /** A UUID. */
  readonly id: string;
  readonly type: string;
  /** The server's time; milliseconds since 1970 UTC. */
  readonly createdMs: number;
  /** Exactly the bytes that are stored: the canonical JSON of the body. */
  readonly data: Uint8Array;
  /** Flat strings: key, idempotencyKey where the request had one, v. */
  readonly metadata: Readonly<Record<string, string>>;
}
