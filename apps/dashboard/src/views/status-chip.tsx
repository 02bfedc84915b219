import type { VNode } from 'preact';
import { familyOf, inWords } from '../words/words.js';

/** A status as a small word, drawn by its family so that it can be told apart without colour. */
export function StatusChip({ status }: { readonly status: string | undefined }): VNode {
  if (status === undefined) return <span class="chip chip-none">no status</span>;
  return <span class={`chip chip-${familyOf(status)}`}>{inWords(status)}</span>;
}
