import { type Row, type RowKey, type Table, type TableChange, WITHOUT_END, storedInstant } from './table.js';

/** A row without an end has this in its column `recorded_to`; one with an end has its position, in as many digits. */
const END_DIGITS = String(WITHOUT_END).length;

/** Each part is as large as all before it, within these limits; a longer line gets a part of its own. */
const [SMALLEST_PART, LARGEST_PART] = [4_096, 262_144];

/** A character of a line takes at most so many bytes. */
const BYTES_A_CHARACTER = 3;

/** Where the end of a row stands. */
interface End {
  readonly part: Buffer;
  readonly at: number;
}

/**
 * Rows of one table in the text format of COPY, a line each, in the order of the table's columns, in UTF-8.
 *
 * A row is text as soon as it is added, and its end is written into the text when it comes: so nothing is kept of it but
 * bytes. Add changes in order of position.
 */
export class RowSheet {
  readonly #full: Uint8Array[] = [];
  #fullBytes = 0;
  #part = Buffer.alloc(0);
  #length = 0;
  readonly #ends = new PolicyThings<End[]>();
  readonly #closes: TableChange['closes'][number][] = [];
  readonly #writers: readonly ColumnWriter[];

  constructor(readonly table: Table) {
    this.#writers = writersOf(table);
  }

  /** The lines, one part after the other; none when there are none. */
  get parts(): readonly Uint8Array[] {
    return this.#length === 0 ? this.#full : [...this.#full, this.#part.subarray(0, this.#length)];
  }

  /** What ends and was not added here. */
  get closes(): TableChange['closes'] {
    return this.#closes;
  }

  add({ inserts, closes }: Pick<TableChange, 'inserts' | 'closes'>): void {
    for (const row of inserts) this.#insert(row);
    for (const close of closes) this.#close(close);
  }

  #insert(row: Row): void {
    const { policy, id, part, recordedFrom } = row;
    const start = `${policy}\t${id}\t${part}\t${recordedFrom}\t`;
    const line = `${start}${WITHOUT_END}${restOf(row, this.#writers)}`;
    if (this.#length + line.length * BYTES_A_CHARACTER > this.#part.length) this.#turn(line.length);
    const end = { part: this.#part, at: this.#length + start.length };
    this.#length += this.#part.write(line, this.#length);
    const ends = this.#ends.get(row);
    if (ends) ends.push(end);
    else this.#ends.set(row, [end]);
  }

  #close(close: TableChange['closes'][number]): void {
    const ends = this.#ends.get(close);
    if (!ends) this.#closes.push(close);
    for (const { part, at } of ends ?? []) part.write(String(close.at).padStart(END_DIGITS, '0'), at, 'latin1');
  }

  /** Begins another part, with room for a line of so many characters. */
  #turn(characters: number): void {
    if (this.#length > 0) this.#full.push(this.#part.subarray(0, this.#length));
    this.#fullBytes += this.#length;
    const usual = Math.min(Math.max(this.#fullBytes, SMALLEST_PART), LARGEST_PART);
    this.#part = Buffer.allocUnsafeSlow(Math.max(usual, characters * BYTES_A_CHARACTER));
    this.#length = 0;
  }
}

/** Something about each thing of each policy. */
class PolicyThings<Value> {
  readonly #byPolicy = new Map<number, Map<number, Value>>();

  get({ policy, id }: Pick<RowKey, 'policy' | 'id'>): Value | undefined {
    return this.#byPolicy.get(policy)?.get(id);
  }

  set({ policy, id }: Pick<RowKey, 'policy' | 'id'>, value: Value): void {
    const things = this.#byPolicy.get(policy);
    if (things) things.set(id, value);
    else this.#byPolicy.set(policy, new Map([[id, value]]));
  }
}

interface ColumnWriter {
  readonly name: string;
  readonly write: (value: unknown) => string;
}

const known = new WeakMap<Table, readonly ColumnWriter[]>();

/** How each of the table's own columns is written. */
function writersOf(table: Table): readonly ColumnWriter[] {
  const writers =
    known.get(table) ?? Object.entries(table.columns).map(([name, type]) => ({ name, write: writerOf(type) }));
  known.set(table, writers);
  return writers;
}

/** What follows on a row's end in its line. */
function restOf({ known: { from, to }, columns }: Row, writers: readonly ColumnWriter[]): string {
  let rest = `\t${storedInstant(from)}\t${storedInstant(to)}`;
  for (const { name, write } of writers) {
    const value = columns[name];
    rest += value === null || value === undefined ? '\t\\N' : `\t${write(value)}`;
  }
  return `${rest}\n`;
}

function writerOf(type: string): ColumnWriter['write'] {
  if (/^jsonb?\b/.test(type)) return (value) => withBackslashes(JSON.stringify(value));
  if (type.includes('[]')) return (value) => escaped(arrayText(value));
  return type.startsWith('text') ? (value) => escaped(String(value)) : String;
}

/** JSON has nothing else to escape: what else COPY would take amiss, JSON has escaped itself. */
const withBackslashes = (json: string): string => (json.includes('\\') ? json.replaceAll('\\', '\\\\') : json);

/** A text array as PostgreSQL writes it; every member in quotes, so none needs to be looked at. */
const arrayText = (value: unknown): string =>
  Array.isArray(value)
    ? `{${value.map((member) => `"${String(member).replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
    : String(value);

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

// Most fields have nothing to escape, and looking is faster than replacing.
const escaped = (text: string): string =>
  /[\\\t\n\r]/.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : text;
