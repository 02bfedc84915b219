import { WITHOUT_END } from '../../rows/table.js';

/** Where a row stands: bounds as stored, `To` excluded. */
interface Stretch {
  readonly recordedFrom: number;
  readonly recordedTo: number;
  readonly knownFrom: number;
  readonly knownTo: number;
  /** Where it applies in valid time: a box's side, the time of uncertainty, or always. */
  readonly from: number;
  readonly to: number;
}

/** A coordinate as stored. */
interface Point {
  readonly recorded: number;
  readonly known: number;
  readonly valid: number;
}

/** A row with its number and what it says. */
export interface StandingRow<Said> extends Stretch {
  readonly id: number;
  readonly said: Said;
}

const COLUMNS = ['id', 'recordedFrom', 'recordedTo', 'knownFrom', 'knownTo', 'from', 'to'] as const;

type Columns = Readonly<Record<(typeof COLUMNS)[number], Float64Array>>;
type Bounds = Omit<Columns, 'id'>;

/** So many rows that hold at about the same time are passed over together where none of them holds. */
const BLOCK = 64;

/** New rows are put into blocks when there are more of them than this share of the others, and more than a block. */
const NEW_SHARE = 1 / 8;

/** When there is no room left, it is made for this share of what is there, and at least for a block. */
const GROWTH = 0.25;

/**
 * Rows of one kind in memory. Their bounds lie side by side: rows that lie scattered take several times as long to look
 * through, and several times the room.
 */
export class StandingRows<Said> {
  #columns: Columns = columnsOf(() => new Float64Array(0));
  #said: (Said | undefined)[] = [];
  #lastId = 0;
  /** So many of the rows, the first ones, lie in blocks. */
  #inBlocks = 0;
  /** Around each block: outside, none of its rows stands. */
  #around: Bounds = columnsOf(() => new Float64Array(0));
  /** Within each block: inside, all of its rows stand. */
  #within: Bounds = this.#around;

  get size(): number {
    return this.#said.length;
  }

  /** The greatest number of a row; 0 when there is none. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Takes a row in that is not there yet. */
  add({ said, ...row }: StandingRow<Said>): void {
    // Numbers count up, but for those of a read model that was brought on later than others.
    if (row.id <= this.#lastId && this.#indexOf(row.id) >= 0) return;
    const index = this.size;
    if (index === this.#columns.id.length) this.#grow();
    for (const name of COLUMNS) this.#columns[name][index] = row[name];
    this.#said.push(said);
    this.#lastId = Math.max(row.id, this.#lastId);
  }

  /** Ends a row; one that has ended, or is not there, stays as it is. */
  end(id: number, position: number): void {
    const [{ recordedTo }, index] = [this.#columns, this.#indexOf(id)];
    if (recordedTo[index] !== WITHOUT_END) return;
    recordedTo[index] = position;
    const block = Math.floor(index / BLOCK);
    if (index < this.#inBlocks)
      this.#within.recordedTo[block] = Math.min(this.#within.recordedTo[block] ?? 0, position);
  }

  /** Puts new rows into blocks, when there are many; otherwise the next question does. */
  arrange(): void {
    if (this.size - this.#inBlocks > Math.max(this.#inBlocks * NEW_SHARE, BLOCK)) this.#putInBlocks();
  }

  /** What the rows say that stand at a point, in no order. */
  standingAt(point: Point): readonly Said[] {
    const standing: Said[] = [];
    this.#visit(point, (_block, first, end) => {
      for (let index = first; index < end; index += 1) {
        const said = stands(this.#columns, index, point) ? this.#said[index] : undefined;
        if (said !== undefined) standing.push(said);
      }
    });
    return standing;
  }

  countAt(point: Point): number {
    let count = 0;
    this.#visit(point, (block, first, end) => {
      if (stands(this.#within, block, point)) count += end - first;
      else for (let index = first; index < end; index += 1) if (stands(this.#columns, index, point)) count += 1;
    });
    return count;
  }

  #indexOf(id: number): number {
    return this.#columns.id.subarray(0, this.size).indexOf(id);
  }

  /** Visits the blocks of which rows may stand at a point; those that are in none come last. */
  #visit(point: Point, visit: (block: number, first: number, end: number) => void): void {
    this.arrange();
    const blocks = this.#around.from.length;
    for (let block = 0; block < blocks; block += 1)
      if (stands(this.#around, block, point))
        visit(block, block * BLOCK, Math.min((block + 1) * BLOCK, this.#inBlocks));
    visit(blocks, this.#inBlocks, this.size);
  }

  /** A row that ends later still lies within what is around its block. */
  #putInBlocks(): void {
    const [columns, said] = [this.#columns, this.#said];
    const order = timelyOrder(columns, this.size);
    this.#columns = columnsOf((name) => order.map((index) => columns[name][index] ?? NaN));
    this.#said = Array.from(order, (index) => said[index]);
    this.#inBlocks = this.size;
    this.#around = ofBlocks(this.#columns, { from: Math.min, to: Math.max });
    this.#within = ofBlocks(this.#columns, { from: Math.max, to: Math.min });
  }

  #grow(): void {
    const [columns, room] = [this.#columns, this.size + Math.max(Math.ceil(this.size * GROWTH), BLOCK)];
    this.#columns = columnsOf((name) => {
      const column = new Float64Array(room);
      column.set(columns[name]);
      return column;
    });
  }
}

const columnsOf = (column: (name: keyof Columns) => Float64Array): Columns => ({
  id: column('id'),
  recordedFrom: column('recordedFrom'),
  recordedTo: column('recordedTo'),
  knownFrom: column('knownFrom'),
  knownTo: column('knownTo'),
  from: column('from'),
  to: column('to'),
});

/** Valid time comes first: it rules out most. */
function stands(bounds: Bounds, index: number, { recorded, known, valid }: Point): boolean {
  const spans = (lower: Float64Array, upper: Float64Array, value: number): boolean =>
    (lower[index] ?? Infinity) <= value && (upper[index] ?? -Infinity) > value;
  return (
    spans(bounds.from, bounds.to, valid) &&
    spans(bounds.knownFrom, bounds.knownTo, known) &&
    spans(bounds.recordedFrom, bounds.recordedTo, recorded)
  );
}

/** Rows without an end in the same times lie together, in the order in which they begin to hold for who asks of now. */
function timelyOrder({ recordedTo, knownTo, to, knownFrom, from }: Bounds, size: number): Float64Array {
  const open = (column: Float64Array, index: number): number => Number(column[index] === WITHOUT_END);
  const indexes = Float64Array.from({ length: size }, (_, index) => index);
  const kinds = indexes.map((index) => open(recordedTo, index) * 4 + open(to, index) * 2 + open(knownTo, index));
  const begins = indexes.map((index) => Math.max(from[index] ?? NaN, knownFrom[index] ?? NaN));
  const difference = (column: Float64Array, one: number, other: number): number =>
    (column[one] ?? NaN) - (column[other] ?? NaN);
  return indexes.sort((one, other) => difference(kinds, one, other) || difference(begins, one, other));
}

type Choice = (...bounds: number[]) => number;

/** Of each block one of the bounds of its rows. */
function ofBlocks(bounds: Bounds, { from, to }: { readonly from: Choice; readonly to: Choice }): Bounds {
  const chosen = (column: Float64Array, choice: Choice): Float64Array =>
    Float64Array.from({ length: Math.ceil(column.length / BLOCK) }, (_, block) =>
      choice(...column.subarray(block * BLOCK, (block + 1) * BLOCK)),
    );
  return {
    recordedFrom: chosen(bounds.recordedFrom, from),
    recordedTo: chosen(bounds.recordedTo, to),
    knownFrom: chosen(bounds.knownFrom, from),
    knownTo: chosen(bounds.knownTo, to),
    from: chosen(bounds.from, from),
    to: chosen(bounds.to, to),
  };
}
