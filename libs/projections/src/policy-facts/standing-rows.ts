import { WITHOUT_END } from '../table.js';

/** Where a row stands: bounds as stored, `To` excluded. */
export interface Stretch {
  readonly recordedFrom: number;
  readonly recordedTo: number;
  readonly knownFrom: number;
  readonly knownTo: number;
  /** Where it applies in valid time: a box's side, the time of uncertainty, or always. */
  readonly from: number;
  readonly to: number;
}

/** A coordinate as stored. */
export interface Point {
  readonly recorded: number;
  readonly known: number;
  readonly valid: number;
}

/** A row with its number and what it says. */
export interface StandingRow<Said> extends Stretch {
  readonly id: number;
  readonly said: Said;
}

type Bounds = Record<keyof Stretch, Float64Array>;

const BOUNDS = [
  'recordedFrom',
  'recordedTo',
  'knownFrom',
  'knownTo',
  'from',
  'to',
] as const satisfies (keyof Stretch)[];

/** When there is no room left, it is made for a share of what is there, and at least for so many. */
const GROWTH = 1.25;
const LEAST_GROWTH = 16;

/**
 * Rows of one kind in order of their numbers, each bound of all of them side by side in memory: looking through rows
 * that lie scattered takes most of an answer's time, and several times the room.
 */
export class StandingRows<Said> {
  #ids: Float64Array;
  #bounds: Bounds;
  readonly #said: Said[] = [];

  constructor(room = 0) {
    this.#ids = new Float64Array(room);
    this.#bounds = boundsOf(() => new Float64Array(room));
  }

  get size(): number {
    return this.#said.length;
  }

  /** Takes a row in at the end; one whose number is not greater than the last one's is there already. */
  add(row: StandingRow<Said>): void {
    const index = this.size;
    if (index > 0 && row.id <= (this.#ids[index - 1] ?? 0)) return;
    if (index === this.#ids.length) this.#grow();
    this.#ids[index] = row.id;
    for (const bound of BOUNDS) this.#bounds[bound][index] = row[bound];
    this.#said.push(row.said);
  }

  /** Ends a row; one that has ended, or is not there, stays as it is. */
  end(id: number, position: number): void {
    const index = this.#indexOf(id);
    if (this.#bounds.recordedTo[index] === WITHOUT_END) this.#bounds.recordedTo[index] = position;
  }

  /** What the rows say that stand at a point, in order of their numbers. */
  standingAt(point: Point): readonly Said[] {
    return this.#said.filter((_said, index) => this.#stands(index, point));
  }

  countAt(point: Point): number {
    let count = 0;
    for (let index = 0; index < this.size; index += 1) if (this.#stands(index, point)) count += 1;
    return count;
  }

  /** Valid time comes first: most rows are ruled out by it. */
  #stands(index: number, { recorded, known, valid }: Point): boolean {
    const { from, to, knownFrom, knownTo, recordedFrom, recordedTo } = this.#bounds;
    const spans = (lower: Float64Array, upper: Float64Array, value: number): boolean =>
      (lower[index] ?? Infinity) <= value && (upper[index] ?? -Infinity) > value;
    return spans(from, to, valid) && spans(knownFrom, knownTo, known) && spans(recordedFrom, recordedTo, recorded);
  }

  #indexOf(id: number): number {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? Infinity) < id) low = middle + 1;
      else high = middle;
    }
    return this.#ids[low] === id ? low : -1;
  }

  #grow(): void {
    const room = Math.max(Math.ceil(this.size * GROWTH), this.size + LEAST_GROWTH);
    this.#ids = grown(this.#ids, room);
    const bounds = this.#bounds;
    this.#bounds = boundsOf((bound) => grown(bounds[bound], room));
  }
}

const boundsOf = (columnOf: (bound: keyof Stretch) => Float64Array): Bounds => ({
  recordedFrom: columnOf('recordedFrom'),
  recordedTo: columnOf('recordedTo'),
  knownFrom: columnOf('knownFrom'),
  knownTo: columnOf('knownTo'),
  from: columnOf('from'),
  to: columnOf('to'),
});

function grown(column: Float64Array, room: number): Float64Array {
  const larger = new Float64Array(room);
  larger.set(column);
  return larger;
}
