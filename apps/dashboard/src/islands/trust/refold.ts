import type { CheckableAnswer } from '../../http/audit/checkable.js';
import type { TrustFault } from './trust.js';

/** An answer with its proof, to be folded again, and what the page shows of it. */
export interface Refolding {
  /** The text of the answer, as it came. */
  readonly text: string;
  readonly vkey: string;
  readonly shown: CheckableAnswer['shown'];
}

/** What came of folding an answer again. */
export type Refolded =
  | {
      readonly verdict: 'verified';
      /** The checkpoint of the proof. */
      readonly note: string;
      readonly entries: number;
    }
  | { readonly verdict: 'wrong'; readonly fault: TrustFault }
  | { readonly verdict: 'not-run'; readonly because: string };

/** The address of the worker's script; the build knows it. */
declare const REFOLD_WORKER: string;

const NOT_RUN: Refolded = { verdict: 'not-run', because: 'The program that folds answers again could not be run.' };

/** Folds an answer again, away from the page, in a worker that is fetched now and ends with its answer. */
export function refold(refolding: Refolding): Promise<Refolded> {
  if (!('Worker' in globalThis)) return Promise.resolve(NOT_RUN);
  const worker = new Worker(REFOLD_WORKER, { type: 'module' });
  return new Promise<Refolded>((resolve) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Refolded>) => resolve(data));
    worker.addEventListener('error', () => resolve(NOT_RUN));
    worker.postMessage(refolding);
  }).finally(() => worker.terminate());
}
