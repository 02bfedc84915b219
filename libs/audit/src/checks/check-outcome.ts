/** The reason why something is not what the log's key signed. */
export type CheckFaultReason =
  /** The verifier key cannot be read. */
  | 'key-unreadable'
  /** The checkpoint cannot be read, or is not signed by the key. */
  | 'checkpoint-unreadable'
  /** The proof has not the form of one, or is over another size than the checkpoint. */
  | 'proof-unreadable'
  /** The entry is not in the signed tree at its position. */
  | 'not-included'
  /** What is in the tree there is not an entry of the log. */
  | 'not-an-entry'
  /** The event is shown otherwise than it was recorded. */
  | 'shown-differs'
  /** The two checkpoints are of different logs. */
  | 'other-log'
  /** The log had more entries before than it has now. */
  | 'log-shrunk'
  /** Entries of the earlier checkpoint were changed, or are missing. */
  | 'log-rewritten';

/** The first thing that is wrong. */
export interface CheckFault {
  readonly reason: CheckFaultReason;
  /** The bad position; null where it cannot be told which it is. */
  readonly position: number | null;
  /** A sentence or two. */
  readonly message: string;
}

/** The outcome of a check: what was found, and sentences about what it leaves open; or the first thing that is wrong. */
export type CheckOutcome<Found> =
  | (Found & { readonly verdict: 'verified'; readonly unproven: readonly string[] })
  | { readonly verdict: 'not-verified'; readonly fault: CheckFault };

/** The outcome for the first thing that is wrong. */
export const notVerified = (
  reason: CheckFaultReason,
  position: number | null,
  message: string,
): Extract<CheckOutcome<object>, { verdict: 'not-verified' }> => ({
  verdict: 'not-verified',
  fault: { reason, position, message },
});
