/** The share of letters that may differ in a misspelt word; at least one letter. */
const SLIPS_PER_LETTER = 1 / 3;

/** Longer texts are not compared: they are not misspellings of any word here. */
const LONGEST_WORD = 60;

/** The word that was probably meant: one that differs by a letter or two, or has the text as one of its parts. */
export function nearestWord(text: string, words: Iterable<string>): string | undefined {
  if (text.length > LONGEST_WORD) return undefined;
  const given = text.toLowerCase();
  let best: { readonly word: string; readonly distance: number } | undefined;
  const most = Math.max(1, Math.floor(given.length * SLIPS_PER_LETTER));
  for (const word of words) {
    const distance = distanceOf(given, word.toLowerCase(), most);
    if (distance <= most && (best === undefined || distance < best.distance)) best = { word, distance };
  }
  return best?.word;
}

/** The question “Did you mean …?” for the end of a sentence; empty if no word is near. */
export function didYouMean(text: string, words: Iterable<string>): string {
  const near = nearestWord(text, words);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

function distanceOf(given: string, word: string, most: number): number {
  if (given === word) return 0;
  if (given !== '' && word.split(/[.-]/).includes(given)) return 1;
  return Math.abs(given.length - word.length) > most ? Number.POSITIVE_INFINITY : editDistance(given, word);
}

/** Letters to add, drop, exchange or swap with the next (optimal string alignment). */
export function editDistance(one: string, other: string): number {
  let [before, last]: [readonly number[], readonly number[]] = [
    [],
    Array.from({ length: other.length + 1 }, (_, at) => at),
  ];
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [before, last] = [last, current];
  }
  return last[other.length] ?? 0;
}
