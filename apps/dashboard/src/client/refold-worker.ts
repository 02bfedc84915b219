import { checkAnswer } from '#audit/browser-fold';
import { canonicalJson } from '#event-log/canonical';
import type { Refolded, Refolding } from '../islands/trust/refold.js';

/** Faults that say what this program cannot tell, and nothing against the answer. */
const CANNOT_TELL: readonly string[] = ['fold-unknown', 'no-stream-heads'];

addEventListener('message', ({ data }: MessageEvent<Refolding>) => {
  void refoldHere(data).then((outcome) => postMessage(outcome));
});

/** Folds an answer again, and compares what comes of it with what the page shows. */
async function refoldHere({ text, vkey, shown }: Refolding): Promise<Refolded> {
  const checked = await checkAnswer({ text, vkey });
  if (checked.verdict === 'not-verified') {
    const { fault } = checked;
    return CANNOT_TELL.includes(fault.reason)
      ? { verdict: 'not-run', because: fault.message }
      : { verdict: 'wrong', fault };
  }
  if (canonicalJson(checked.shown) !== canonicalJson(shown)) return { verdict: 'wrong', fault: SHOWN_OTHERWISE };
  const { proof }: { readonly proof: { readonly checkpoint: string; readonly entries: readonly unknown[] } } =
    JSON.parse(text);
  return { verdict: 'verified', note: proof.checkpoint, entries: proof.entries.length };
}

const SHOWN_OTHERWISE = { position: null, message: 'The page shows something else than its entries come to.' };
