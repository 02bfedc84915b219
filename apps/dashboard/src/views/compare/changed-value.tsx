import type { VNode } from 'preact';
import { type WordRun, diffWords } from '../../words/compare/word-diff.js';
import { valueInWords } from '../../words/words.js';
import { StatusChip } from '../status-chip.js';

interface ValueProps {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly side: 'before' | 'after';
}

/** Texts of so many characters are compared word by word. */
const LONG_TEXT = 40;

/** One side of a value that changed; of long texts only the words that differ are marked. */
export function ChangedValue({ field, before, after, side }: ValueProps): VNode {
  const value = side === 'before' ? before : after;
  if (value === null || value === undefined) return <span class="quiet">nothing</span>;
  const [one, other] = [valueInWords(before), valueInWords(after)];
  if (before !== null && after !== null && Math.min(one.length, other.length) >= LONG_TEXT)
    return <Runs runs={diffWords(one, other).filter(({ kind }) => kind === 'both' || kind === side)} />;
  const content =
    field === 'status' && typeof value === 'string' ? <StatusChip status={value} /> : <>{valueInWords(value)}</>;
  return side === 'before' ? <del>{content}</del> : <ins>{content}</ins>;
}

function Runs({ runs }: { readonly runs: readonly WordRun[] }): VNode {
  return (
    <>
      {runs.map(({ kind, text }) => {
        if (kind === 'both') return text;
        return kind === 'before' ? <del>{text}</del> : <ins>{text}</ins>;
      })}
    </>
  );
}
