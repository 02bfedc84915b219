/** From when to when something is so; `null`: without an end. */
export interface Stretch {
  readonly from: string | null;
  readonly to: string | null;
}

/** A value that a field had, and the box in which it held. */
export interface HistoryBox {
  readonly field: string;
  readonly value: unknown;
  readonly event: string;
  /** Positions of the log; the end is excluded. */
  readonly recorded: { readonly from: number; readonly to: number | null };
  readonly known: Stretch;
  readonly valid: Stretch;
}
