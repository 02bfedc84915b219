/** The time limits of an append's parts, in milliseconds. Each can be set otherwise, for tests. */
export const LOG_LIMITS = {
  /** An event that is in the store is given its position within this, else the append is answered as pending. */
  locationMs: 5_000,
  /** An append whose fate is unknown is sent again for this long. */
  settleMs: 10_000,
  /** An append that others are in the way of is tried again for this long. */
  contendedMs: 15_000,
  /** A holder of names that says nothing for this long is taken to be dead; longer than it tries itself. */
  reservationMs: 30_000,
} as const;

export type LogLimits = { readonly [Limit in keyof typeof LOG_LIMITS]: number };
