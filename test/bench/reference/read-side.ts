/** What a process of its own does with the read side of a database. */
export type ReadSideTask =
  /** Makes empty read models, then imports a corpus behind them: all of it is then to be brought on. */
  | { readonly task: 'fill'; readonly events: number; readonly policies: number }
  /** Brings the read models on to the end of the log, as new events are. */
  | { readonly task: 'project' }
  /** Builds every read model anew beside those in use, all at once, until they have taken their place. */
  | { readonly task: 'rebuild' };

/** What it took. */
export interface ReadSideReport {
  /** The events of the log. */
  readonly events: number;
  readonly ms: number;
  readonly peakMemoryMb: number;
  /** How long each step of a rebuild took, in milliseconds, by its state. */
  readonly steps: Readonly<Record<string, number>>;
}
