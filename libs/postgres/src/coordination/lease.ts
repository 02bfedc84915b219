import { sleep } from '../retry.js';

/** A right that one process at a time has, kept in the database; how it is stored is its owner's. */
export interface Lease<Held> {
  /** Takes it where it is free; undefined while another process has it. */
  readonly take: () => Promise<Held | undefined>;
  /** Extends it; false when another process has it by now. */
  readonly renew: (held: Held) => Promise<boolean>;
  /** Gives it up, so that others need not wait for its end. */
  readonly release: (held: Held) => Promise<void>;
}

/** The options of {@link underLease}. */
export interface LeasedWork<Held> {
  /** Runs while the lease is held, and ends soon after the signal aborts: the lease is lost, or the caller stops. */
  readonly work: (held: Held, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** Between two renewals. */
  readonly tickMs: number;
  /** Called when the lease could not be renewed or released; with null, once it was renewed after all. */
  readonly onTrouble?: (error: unknown) => void;
  /** Waits; {@link sleep} unless given. */
  readonly wait?: (waitMs: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Takes a lease, works under it and releases it; answers false where another process has it.
 *
 * The lease is renewed until the work ends, and the work is aborted when another process has taken the lease. A
 * renewal that fails is no loss as long as nobody takes it. So for a moment two processes may work: what each writes
 * must be guarded by the statement that writes it. Throws what taking the lease or the work throws.
 */
export async function underLease<Held>(lease: Lease<Held>, leased: LeasedWork<Held>): Promise<boolean> {
  if (leased.signal.aborted) return false;
  const held = await lease.take();
  if (held === undefined) return false;
  const ended = new AbortController();
  const signal = AbortSignal.any([leased.signal, ended.signal]);
  const renewing = keepRenewing(() => lease.renew(held), { ...leased, signal, onLost: () => ended.abort() });
  try {
    await leased.work(held, signal);
  } finally {
    ended.abort();
    await renewing;
    await lease.release(held).catch(leased.onTrouble ?? (() => undefined));
  }
  return true;
}

type Renewing = Pick<LeasedWork<never>, 'signal' | 'tickMs' | 'onTrouble' | 'wait'> & { readonly onLost: () => void };

async function keepRenewing(renew: () => Promise<boolean>, renewing: Renewing): Promise<void> {
  const { signal, tickMs, onTrouble = () => undefined, wait = sleep, onLost } = renewing;
  for (let isTroubled = false; ;) {
    await wait(tickMs, signal);
    if (signal.aborted) return;
    try {
      if (!(await renew())) onLost();
      else if (isTroubled) onTrouble(null);
      isTroubled = false;
    } catch (error) {
      isTroubled = true;
      onTrouble(error);
    }
  }
}
