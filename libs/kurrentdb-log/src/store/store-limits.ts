/** The time limits of calls to the store, in milliseconds. Each can be set otherwise, for tests and for slow networks. */
export const STORE_LIMITS = {
  /** An append whose answer takes longer is given up; what became of it is found out by appending it again. */
  appendMs: 8_000,
  /** A page of a read. */
  readMs: 10_000,
  /** A server's description of itself. */
  serverMs: 5_000,
  /** The first sign of a subscription. */
  subscribedMs: 5_000,
  /** A subscription that says nothing for this long is made again: it may be idle, or have died in silence. */
  quietMs: 30_000,
  /** The wait before a subscription is made again doubles from the first to the last while none gives a sign. */
  firstRetryMs: 100,
  lastRetryMs: 5_000,
} as const;

export type StoreLimits = { readonly [Limit in keyof typeof STORE_LIMITS]: number };
