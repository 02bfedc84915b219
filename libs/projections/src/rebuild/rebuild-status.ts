import { type Instant, instant } from '#domain';
import type { TableComparison } from './digest.js';
import type { Rebuild, RebuildState } from './rebuilds.js';

/** The latest rebuild of a read model, as its operators see it. */
export interface RebuildStatus {
  readonly state: RebuildState;
  readonly startedAt: Instant;
  readonly changedAt: Instant;
  /** Events whose rows are copied, and how many there are to copy. */
  readonly eventsDone: number;
  readonly eventsToDo: number;
  /** How long the copying will still take at the pace so far, in milliseconds; null when it cannot be told. */
  readonly etaMs: number | null;
  readonly error: string | null;
  /** Whether the tables hold what those held that they replaced; null before they are compared. */
  readonly isEqual: boolean | null;
  /** The tables that do not. */
  readonly differences: readonly TableComparison[];
}

/** What to tell of a rebuild; null when there was none. */
export function rebuildStatus(rebuild: Rebuild | undefined): RebuildStatus | null {
  if (!rebuild) return null;
  const { state, progress, upTo, startedAt, changedAt, error, report } = rebuild;
  const isCopied = state !== 'waiting' && state !== 'copying';
  const eventsDone = isCopied ? upTo : progress.events;
  const pace = progress.events / Math.max(1, changedAt - startedAt);
  return {
    state,
    startedAt: instant(Math.round(startedAt)),
    changedAt: instant(Math.round(changedAt)),
    eventsDone,
    eventsToDo: upTo,
    etaMs: state === 'copying' && pace > 0 ? Math.round((upTo - eventsDone) / pace) : null,
    error,
    isEqual: report && report.every((table) => table.isEqual),
    differences: report?.filter((table) => !table.isEqual) ?? [],
  };
}
