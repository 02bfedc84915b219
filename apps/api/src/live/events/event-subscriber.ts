import type { Position } from '#domain';
import type { StreamConnection } from '../connection.js';
import { frameOf } from '../frames.js';
import type { ReadEntry } from './log-reader.js';

/** Which events a stream carries; what is undefined does not filter. */
export interface StreamedEvents {
  /** The stream of one policy in the log. */
  readonly stream?: string | undefined;
  readonly type?: string | undefined;
}

/** Entries that were handed on together; their messages are joined once for all who take them all. */
export class EventBatch {
  #frames: Buffer | undefined;

  constructor(readonly entries: readonly ReadEntry[]) {}

  get frames(): Buffer {
    return (this.#frames ??= Buffer.concat(this.entries.map(({ frame }) => frame)));
  }
}

/** One client that is told of events, in order, each once. */
export class EventSubscriber {
  #isCaughtUp = false;

  constructor(
    readonly connection: StreamConnection,
    readonly wanted: StreamedEvents,
    private sentPosition: Position,
  ) {}

  /** Everything up to here was sent or is not wanted. */
  get sent(): Position {
    return this.sentPosition;
  }

  /** Sends entries at the reader's pace; those sent already are passed over. */
  async sendSlowly(entries: readonly ReadEntry[]): Promise<void> {
    for (const one of entries) {
      if (!this.connection.isOpen) return;
      if (this.#wants(one) && !this.connection.write(one.frame)) await this.connection.waitUntilDrained();
      this.#advanceTo(one.position);
    }
  }

  /** Sends what is new at once; false when the reader does not keep up. */
  send(batch: EventBatch): boolean {
    const [first, last] = [batch.entries[0], batch.entries.at(-1)];
    if (!first || !last) return true;
    if (this.wanted.type === undefined && this.wanted.stream === undefined && first.position === this.sent + 1)
      this.connection.write(batch.frames);
    else for (const one of batch.entries) if (this.#wants(one)) this.connection.write(one.frame);
    this.#advanceTo(last.position);
    return !this.connection.isBehind;
  }

  /** Notes that nothing wanted lies between; call only when that is so. */
  passTo(position: Position): void {
    this.#advanceTo(position);
  }

  /** Says, the first time, that from now on everything is new. */
  sendCaughtUp(): void {
    if (this.#isCaughtUp) return;
    this.#isCaughtUp = true;
    this.connection.write(frameOf({ kind: 'caught-up', id: String(this.sent), data: { position: this.sent } }));
  }

  #wants({ position, entry }: ReadEntry): boolean {
    const { stream, type } = this.wanted;
    return (
      position > this.sent &&
      (stream === undefined || entry.stream === stream) &&
      (type === undefined || entry.type === type)
    );
  }

  #advanceTo(position: Position): void {
    if (position > this.sentPosition) this.sentPosition = position;
  }
}
