/** A piece of a text, and whether it is one of the words that were searched for. */
export interface TextPiece {
  readonly text: string;
  readonly isHit: boolean;
}

/**
 * Cuts a text where words of a search begin and end, so that the pieces together are the text. A word is found in any
 * grammatical form, with or without accents; words that must not occur (`-word`) and `or` are no hits.
 */
export function findHits(text: string, search: string): readonly TextPiece[] {
  const stems = new Set(wordsOf(search).map(stemOf));
  if (stems.size === 0) return [{ text, isHit: false }];
  return text
    .split(/([\p{L}\p{M}\p{N}]+)/u)
    .map((piece) => ({ text: piece, isHit: stems.has(stemOf(piece)) }))
    .filter((piece) => piece.text !== '');
}

/** The words of a search that are to occur. */
const wordsOf = (search: string): readonly string[] =>
  (search.replaceAll(/(^|\s)-(?:"[^"]*"|\S+)/g, ' ').match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).filter(
    (word) => word.toLowerCase() !== 'or',
  );

const SHORTEST_STEM = 3;

/** The part of a word that its grammatical forms have in common, about as the search of the interface sees it. */
function stemOf(word: string): string {
  const plain = word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const stem = plain.replace(/(?:ations?|ated|ates?|ating|ions?|ings?|ments?|ed|es|s|e)$/, '');
  return stem.length < SHORTEST_STEM ? plain : stem;
}
