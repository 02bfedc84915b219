import { COPY_LINES, type RowFormat } from './row-format.js';
import { type Row, type RowKey, type Table, type TableChange, WITHOUT_END } from './table.js';

/** A row without an end has this in its column `recorded_to`; one with an end has its position, filled up to as many. */
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
 * Rows of one table as lines of text in UTF-8, for COPY unless another format is given.
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

  constructor(
    readonly table: Table,
    private readonly format: RowFormat = COPY_LINES,
  ) {}

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
    const start = this.format.start(row);
    const line = `${start}${WITHOUT_END}${this.format.rest(row, this.table)}`;
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
    for (const { part, at } of ends ?? [])
      part.write(String(close.at).padStart(END_DIGITS, this.format.fill), at, 'latin1');
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
