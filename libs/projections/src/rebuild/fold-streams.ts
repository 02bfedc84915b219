import type { Position } from '#domain';
import type { EventLog } from '#event-log';
import type { PolicyChange, Projection } from '../projection.js';
import { takenChanges } from '../runner/poison.js';
import { changesOfStream } from '../runner/policy-ledgers.js';
import { type TableText, writeOf } from '../table-write.js';

/** What one stream comes to: its rows in every table, each with its end. */
export interface FoldedStream {
  readonly texts: readonly TableText[];
  readonly events: number;
}

/** Folds streams from their first entry to one position. */
export interface StreamFolder {
  /** So many streams may be asked for at a time. */
  readonly width: number;
  /** Throws {@link PoisonedError} at an event that a read model cannot take and that was not given up for it. */
  fold(stream: string): Promise<FoldedStream>;
  close(): Promise<void>;
}

/** What streams are folded from, into which read models, and up to where. */
export interface StreamFolding {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly projections: readonly Projection[];
  /** The last position whose entry counts. */
  readonly upTo: Position;
}

/** Folds in this thread. */
export const foldHere = (folding: StreamFolding): StreamFolder => ({
  width: 1,
  fold: (stream) => foldStream(stream, folding),
  close: () => Promise.resolve(),
});

/** Folds one stream as a whole, so that each row is written once. */
export async function foldStream(stream: string, { log, projections, upTo }: StreamFolding): Promise<FoldedStream> {
  const changes: PolicyChange[] = [];
  for await (const change of changesOfStream(log, stream, upTo)) changes.push(change);
  const texts: TableText[] = [];
  for (const projection of projections) {
    const tableChanges = await takenChanges(log, projection, changes);
    for (const table of projection.tables) {
      const { text } = writeOf(
        table,
        tableChanges.filter((change) => change.table.name === table.name),
      );
      texts.push({ table, text });
    }
  }
  return { texts, events: changes.length };
}
