import type { VNode } from 'preact';
import { findHits } from '../../words/hits.js';

/** A text in which the words of a search are marked. */
export function MarkedText({ text, search }: { readonly text: string; readonly search: string | undefined }): VNode {
  if (search === undefined) return <>{text}</>;
  return <>{findHits(text, search).map((piece) => (piece.isHit ? <mark>{piece.text}</mark> : piece.text))}</>;
}
