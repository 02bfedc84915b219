import type { Position } from '#domain';
import type { StreamConnection } from '../connection.js';
import { frameOf } from '../frames.js';
import type { ReadEntry } from './log-reader.js';

/** A filter of the events on a stream; undefined properties do not filter. */
export interface StreamedEvents {
  /** The stream of one policy in the log. */
  readonly stream?: string | undefined;
  readonly type?: string | undefined;
  /** Messages say who recorded the events. */
  readonly namesRecorders: boolean;
}

/** Entries delivered together; their messages are concatenated once for all subscribers without a filter. */
export class EventBatch {
  #frames: Buffer | undefined;
  #framesWithRecorders: Buffer | undefined;

  constructor(readonly entries: readonly ReadEntry[]) {}

  framesFor({ namesRecorders }: Pick<StreamedEvents, 'namesRecorders'>): Buffer {
    const encode = (): Buffer => Buffer.concat(this.entries.map((one) => one.frameFor({ namesRecorders })));
    return namesRecorders ? (this.#framesWithRecorders ??= encode()) : (this.#frames ??= encode());
  }
}

/** One client of a stream of events: it receives them in order, each once. */
export class EventSubscriber {
  #isCaughtUp = false;

  constructor(
    readonly connection: StreamConnection,
    readonly wanted: StreamedEvents,
    private sentPosition: Position,
  ) {}

  /** The position up to which everything was sent or filtered out. */
  get sent(): Position {
    return this.sentPosition;
  }

  /** Sends entries at the client's pace; skips those already sent. */
  async sendSlowly(entries: readonly ReadEntry[]): Promise<void> {
    for (const one of entries) {
      if (!this.connection.isOpen) return;
      if (this.#wants(one) && !this.connection.write(one.frameFor(this.wanted)))
        await this.connection.waitUntilDrained();
      this.#advanceTo(one.position);
    }
  }

  /** Sends new entries immediately; false if the client does not keep up. */
  send(batch: EventBatch): boolean {
    const [first, last] = [batch.entries[0], batch.entries.at(-1)];
    if (!first || !last) return true;
    if (this.wanted.type === undefined && this.wanted.stream === undefined && first.position === this.sent + 1)
      this.connection.write(batch.framesFor(this.wanted));
    else for (const one of batch.entries) if (this.#wants(one)) this.connection.write(one.frameFor(this.wanted));
    this.#advanceTo(last.position);
    return !this.connection.isBehind;
  }

  /** Advances over positions that contain nothing for this client. */
  passTo(position: Position): void {
    this.#advanceTo(position);
  }

  /** Sends `caught-up`, once per connection. */
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
