/** A level of checking that is run in the browser. */
export type TrustLevel = 'signature' | 'event' | 'answer' | 'growth';

/** What came of a level that is not wrong. A level that has `begun` has nothing to compare with before the next visit. */
export interface LevelResult {
  readonly outcome: 'checked' | 'not-run' | 'begun';
  /** What was checked, or why not. */
  readonly words: string;
}

/** The first thing that is wrong. */
export interface TrustFault {
  /** The bad position; null where it cannot be told which it is. */
  readonly position: number | null;
  readonly message: string;
}

/** What was checked in this browser, and what came of it. */
export type Trust =
  | {
      readonly verdict: 'verified';
      readonly results: Readonly<Partial<Record<TrustLevel, LevelResult>>>;
      /** The number of entries under the checkpoint. */
      readonly size: number;
      /** The first digits of its root. */
      readonly digits: string;
    }
  | {
      readonly verdict: 'wrong';
      readonly fault: TrustFault;
      /** The checkpoint of now, and the one that this browser has kept. */
      readonly now: string;
      readonly kept: string | undefined;
    }
  | { readonly verdict: 'not-checked'; readonly because: string };

let latest: Trust | undefined;
const listeners = new Set<(trust: Trust) => void>();

/** Tells every part of the page what was found. What is wrong stays wrong until the page is loaded anew. */
export function announceTrust(trust: Trust): void {
  if (latest?.verdict === 'wrong') return;
  latest = trust;
  for (const listen of listeners) listen(trust);
}

/** Hears what is found, and what was found last, until the returned function is called. */
export function hearTrust(listen: (trust: Trust) => void): () => void {
  listeners.add(listen);
  if (latest !== undefined) listen(latest);
  return () => listeners.delete(listen);
}
