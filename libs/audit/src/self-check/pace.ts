const A_DAY_MS = 86_400_000;

/** The progress of a round over the rows of all policies. */
export interface RoundSoFar {
  readonly policies: number;
  readonly rows: number;
  readonly tookMs: number;
}

/** The size of a whole round, as far as it is known. */
export interface WholeRound {
  /** Policies that the log has. */
  readonly policies: number;
  /** Rows that the last whole round compared; absent before the first. */
  readonly rows?: number;
}

/**
 * The share of all rows that is compared in a day at the pace of a round, from 0 to 1.
 *
 * Before a whole round has counted the rows, policies count alike, whatever they have.
 */
export function shareADay(round: RoundSoFar, whole: WholeRound): number {
  const seen = whole.rows ? part(round.rows, whole.rows) : part(round.policies, whole.policies);
  return Math.min(1, (seen * A_DAY_MS) / Math.max(1, round.tookMs));
}

/** Never more than all: some were added since they were counted. */
const part = (seen: number, all: number): number => seen / Math.max(seen, all, 1);
