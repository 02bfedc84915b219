import type { Position } from '#domain';
import type { EventLog } from '#event-log';
import { Turns } from '#runtime/turns';
import type { Projection } from '../../rows/projection.js';
import { RowSheet } from '../../rows/row-sheet.js';
import { takenChange } from '../../runner/parking/parked-events.js';
import { changesOfStream } from '../../runner/ledgers/policy-ledgers.js';
import type { TableText } from '../../rows/row-writer.js';

/** What one stream comes to: its rows in every table, each with its end. */
export interface FoldedStream {
  readonly texts: readonly TableText[];
  readonly events: number;
}

/** Folds streams from their first entry to one position. */
export interface StreamFolder {
  /** So many streams may be asked for at a time. */
  readonly width: number;
  /** Throws {@link UnprocessableEventError} at an event that a read model cannot take and that was not given up for it. */
  fold(stream: string): Promise<FoldedStream>;
  close(): Promise<void>;
}

/** What streams are folded from, into which read models, and up to where. */
export interface StreamFolding {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly projections: readonly Projection[];
  /** The last position whose entry counts. */
  readonly upTo: Position;
  /** Interrupts the folding. */
  readonly signal?: AbortSignal;
}

/** Folds in this thread, in turns: a stream can be long, and one event of it change very much. */
export const foldHere = (folding: StreamFolding): StreamFolder => ({
  width: 1,
  fold: (stream) => foldStream(stream, folding),
  close: () => Promise.resolve(),
});

/** Folds one stream as a whole, so that each row is written once. */
export async function foldStream(
  stream: string,
  { log, projections, upTo, signal }: StreamFolding,
): Promise<FoldedStream> {
  const turns = new Turns(signal);
  const sheets = new Map(projections.flatMap(({ tables }) => tables.map((table) => [table.name, new RowSheet(table)])));
  let events = 0;
  for await (const change of changesOfStream(log, { stream, upTo, turns })) {
    events += 1;
    // Change by change, so that all that is made of one is gone before the next.
    for (const projection of projections) {
      const taken = takenChange(log, projection, change);
      for (const rows of taken instanceof Promise ? await taken : taken) sheets.get(rows.table.name)?.add(rows);
      if (turns.isOver) await turns.next();
    }
  }
  return { texts: [...sheets.values()].map(({ table, parts }) => ({ table, parts })), events };
}
