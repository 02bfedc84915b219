import { splitLines } from '#audit';
import { type BackupFiles, readListed } from './backup-files.js';
import type { ListedBackup } from './listed-backup.js';

/** Reads several files of a backup as one, each as it is listed. */
export async function* readTogether(
  files: BackupFiles,
  { listed }: Pick<ListedBackup, 'listed'>,
  names: readonly string[],
): AsyncGenerator<Uint8Array> {
  for (const name of names) {
    const file = listed.get(name);
    if (file) yield* readListed(files, file);
  }
}

/** A row of a carried table: its columns as PostgreSQL writes them as JSON. */
export type CarriedRow = Readonly<Record<string, unknown>>;

/** A line of a table's file is not a row. */
export class RowFaultError extends Error {
  override readonly name = 'RowFaultError';
}

/** The rows of carried tables, from the bytes of their files; throws {@link RowFaultError} for a line that is none. */
export async function* tableRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CarriedRow> {
  for await (const lines of splitLines(chunks))
    for (const { bytes, number } of lines) yield rowIn(Buffer.from(bytes).toString('utf8'), number);
}

/** Reads the row in a line. */
export function rowIn(line: string, number: number): CarriedRow {
  const value = parsed(line);
  if (isRow(value)) return value;
  throw new RowFaultError(`Line ${number} is not a row.`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const isRow = (value: unknown): value is CarriedRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Rows that are taken in the order of their positions, beside the entries that they belong to. */
export class RowsByPosition {
  #next: IteratorResult<CarriedRow> | undefined;

  constructor(
    private readonly rows: AsyncIterator<CarriedRow>,
    private readonly column: string,
  ) {}

  /** The rows of a position, in order; those before it that were not taken are left, and found by {@link rest}. */
  async at(position: number): Promise<readonly CarriedRow[]> {
    const found: CarriedRow[] = [];
    for (let row = await this.#head(); row?.[this.column] === position; row = await this.#head()) {
      found.push(row);
      this.#next = undefined;
    }
    return found;
  }

  /** True while the next row is of that position; known at once, since very many positions have none. */
  isNext(position: number): boolean {
    return this.#next === undefined || (!this.#next.done && this.#next.value[this.column] === position);
  }

  /** The first row that belongs to no position asked for; undefined if there is none. */
  rest(): Promise<CarriedRow | undefined> {
    return this.#head();
  }

  async #head(): Promise<CarriedRow | undefined> {
    this.#next ??= await this.rows.next();
    return this.#next.done ? undefined : this.#next.value;
  }
}
