import { WITHOUT_END } from '../table.js';

/** Where a row stands: bounds as stored, `To` excluded. */
export interface Stretch {
  readonly recordedFrom: number;
  recordedTo: number;
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

const BOUNDS = 6;

/** The bounds of rows side by side in memory: looking through rows that lie scattered takes most of an answer's time. */
class Columns<Row extends Stretch> {
  readonly #bounds: Float64Array;

  constructor(private readonly rows: readonly Row[]) {
    this.#bounds = Float64Array.from(
      rows.flatMap((row) => [row.recordedFrom, row.recordedTo, row.knownFrom, row.knownTo, row.from, row.to]),
    );
  }

  /** The rows that hold a point. */
  holding({ recorded, known, valid }: Point): readonly Row[] {
    const holding: Row[] = [];
    this.rows.forEach((row, index) => {
      const at = index * BOUNDS;
      if (this.#spans(at + 4, valid) && this.#spans(at + 2, known) && this.#spans(at, recorded)) holding.push(row);
    });
    return holding;
  }

  #spans(lower: number, value: number): boolean {
    return (this.#bounds[lower] ?? Infinity) <= value && (this.#bounds[lower + 1] ?? -Infinity) > value;
  }
}

/** Rows of one kind by number, those that have ended apart: a question about the latest record never looks at them. */
export class Rows<Row extends Stretch> {
  readonly #open = new Map<number, Row>();
  readonly #ended = new Map<number, Row>();
  #lastEnd = 0;
  /** Made anew at the first question after a change. */
  #columns: { readonly open: Columns<Row>; readonly ended: Columns<Row> } | undefined;

  constructor(rows: Iterable<Row & { readonly id: number }>) {
    for (const row of rows) {
      this.#open.set(row.id, row);
      if (row.recordedTo < WITHOUT_END) this.end(row.id, row.recordedTo);
    }
  }

  get size(): number {
    return this.#open.size + this.#ended.size;
  }

  /** Takes a row in that is not there yet. */
  add(id: number, row: Row): void {
    if (this.#open.has(id) || this.#ended.has(id)) return;
    this.#open.set(id, row);
    this.#columns = undefined;
  }

  end(id: number, position: number): void {
    const row = this.#open.get(id);
    if (!row) return;
    row.recordedTo = position;
    this.#open.delete(id);
    this.#ended.set(id, row);
    this.#columns = undefined;
    this.#lastEnd = Math.max(this.#lastEnd, position);
  }

  /** The rows that stand at a point. */
  standingAt(point: Point): readonly Row[] {
    this.#columns ??= { open: new Columns([...this.#open.values()]), ended: new Columns([...this.#ended.values()]) };
    const open = this.#columns.open.holding(point);
    return point.recorded < this.#lastEnd ? [...open, ...this.#columns.ended.holding(point)] : open;
  }
}
