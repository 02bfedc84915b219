import { createHash } from 'node:crypto';
import type { Position } from '#domain';
import { type EventLog, canonicalJson } from '#event-log';
import { Turns } from '#runtime/turns';
import type { Projection } from '../../rows/projection.js';
import { takenChange } from '../../runner/parking/parked-events.js';
import { changesOfStream } from '../../runner/ledgers/policy-ledgers.js';
import { type Row, type Table, type TableChange, WITHOUT_END, storedInstant } from '../../rows/table.js';

/** A row that a table must have as of a position: what it holds, in short, and until when it stands. */
export interface ExpectedRow {
  readonly digest: string;
  /** {@link WITHOUT_END} where it has not ended. */
  recordedTo: number;
}

/** What the rows of one policy must be, as of one position; by table, then by `id.part`. */
export interface ExpectedRows {
  readonly tables: ReadonlyMap<string, Map<string, ExpectedRow>>;
}

/** Folds a policy's stream up to a position and says which rows must be there, each read model by its own function. */
export async function expectedRows(
  log: Pick<EventLog, 'readStream'>,
  projections: readonly Projection[],
  { stream, upTo }: { readonly stream: string; readonly upTo: Position },
): Promise<ExpectedRows> {
  const tables = new Map(
    projections.flatMap((projection) => projection.tables.map((table) => [table.name, new RowsOfTable(table)])),
  );
  const turns = new Turns();
  for await (const change of changesOfStream(log, { stream, upTo, turns }))
    for (const projection of projections)
      for (const rows of await takenChange(log, projection, change)) {
        tables.get(rows.table.name)?.take(rows);
        if (turns.isOver) await turns.next();
      }
  return { tables: new Map([...tables].map(([name, { rows }]) => [name, rows])) };
}

class RowsOfTable {
  readonly rows = new Map<string, ExpectedRow>();
  readonly #parts = new Map<number, ExpectedRow[]>();

  constructor(private readonly table: Table) {}

  take({ inserts, closes }: Pick<TableChange, 'inserts' | 'closes'>): void {
    for (const row of inserts) this.#insert(row);
    for (const { id, at } of closes) for (const row of this.#parts.get(id) ?? []) row.recordedTo = at;
  }

  #insert(row: Row): void {
    const expected = { digest: digestOf(contentOf(this.table, row)), recordedTo: WITHOUT_END };
    this.rows.set(`${row.id}.${row.part}`, expected);
    this.#parts.set(row.id, [...(this.#parts.get(row.id) ?? []), expected]);
  }
}

/** A stored or expected row without its end, in short. */
export const digestOf = (content: Readonly<Record<string, unknown>>): string =>
  createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(content))))
    .digest('base64url');

/** A row as `row_to_json` shows it, without its end. */
const contentOf = (table: Table, { policy, id, part, recordedFrom, known, columns }: Row) => ({
  policy,
  id,
  part,
  recorded_from: recordedFrom,
  known_from: storedInstant(known.from),
  known_to: storedInstant(known.to),
  ...Object.fromEntries(Object.entries(table.columns).map(([name, type]) => [name, valueOf(type, columns[name])])),
});

function valueOf(type: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (/^jsonb?\b/.test(type)) return value;
  if (type.includes('[]')) return Array.isArray(value) ? value.map(String) : value;
  if (/^(text|uuid)\b/.test(type)) return typeof value === 'number' ? String(value) : value;
  return /^(integer|bigint|double|smallint)\b/.test(type) ? Number(value) : value;
}
