/** A run of words of two texts: in both, in the first alone, or in the second alone. */
export interface WordRun {
  readonly kind: 'both' | 'before' | 'after';
  readonly text: string;
}

/** Longer texts are not compared word by word: the work grows with the product of their lengths. */
const WORDS_LIMIT = 300;

/**
 * Compares two texts word by word. The runs of `both` and `before` together are the first text, those of `both` and
 * `after` the second. Texts of more than 300 words are one run each.
 */
export function diffWords(before: string, after: string): readonly WordRun[] {
  const [one, other] = [before, after].map((text) => text.split(/(?<=\s)(?=\S)/));
  if (one === undefined || other === undefined || one.length > WORDS_LIMIT || other.length > WORDS_LIMIT)
    return [
      { kind: 'before', text: before },
      { kind: 'after', text: after },
    ];
  return joinRuns(walk(one, other, lengthsOfCommon(one, other)));
}

/** At `[i][j]` the number of words that the two texts from there on have in common, in order. */
function lengthsOfCommon(one: readonly string[], other: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  for (let i = one.length - 1; i >= 0; i -= 1)
    for (let j = other.length - 1; j >= 0; j -= 1) {
      const length = isSame(one[i], other[j])
        ? numberAt(lengths, i + 1, j + 1) + 1
        : Math.max(numberAt(lengths, i + 1, j), numberAt(lengths, i, j + 1));
      lengths[i]?.splice(j, 1, length);
    }
  return lengths;
}

const numberAt = (lengths: readonly (readonly number[])[], i: number, j: number): number => lengths[i]?.[j] ?? 0;

const isSame = (one: string | undefined, other: string | undefined): boolean => one?.trim() === other?.trim();

function walk(
  one: readonly string[],
  other: readonly string[],
  lengths: readonly (readonly number[])[],
): readonly WordRun[] {
  const runs: WordRun[] = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    const [word, counterpart] = [one[i], other[j]];
    if (word !== undefined && counterpart !== undefined && isSame(word, counterpart)) {
      runs.push({ kind: 'both', text: counterpart });
      [i, j] = [i + 1, j + 1];
    } else if (
      word !== undefined &&
      (counterpart === undefined || numberAt(lengths, i + 1, j) >= numberAt(lengths, i, j + 1))
    ) {
      runs.push({ kind: 'before', text: word });
      i += 1;
    } else {
      runs.push({ kind: 'after', text: counterpart ?? '' });
      j += 1;
    }
  }
  return runs;
}

function joinRuns(runs: readonly WordRun[]): readonly WordRun[] {
  const joined: WordRun[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last?.kind === run.kind) joined.splice(-1, 1, { kind: run.kind, text: `${last.text}${run.text}` });
    else joined.push(run);
  }
  return joined;
}
