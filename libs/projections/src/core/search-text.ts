/**
 * The plain form in which words are searched for, of documents and of queries alike.
 *
 * Lower case, without accents, with nothing but single spaces between words: so that a word is found beside any mark,
 * in any Unicode normal form, whatever the locale of the database takes for a letter. Numbers lose their separators
 * and signs: `£1,500` is `1500`, and `€5bn` is `5 billion`. Stemming is left to the database.
 */
export const searchText = (text: string): string =>
  withoutAccents(text.replace(INVISIBLE, '').replace(SEPARATOR, '$1,'))
    .replace(BEYOND_ASCII, (run) => run.replace(MARKS, ' '))
    .replace(NUMBER, (number) => (GROUPED.test(number) ? number.replaceAll(',', '') : number))
    .split(BETWEEN_WORDS)
    .map((word) => (NUMBER_OR_POINT.test(word) ? plainWords(word) : word))
    .filter(Boolean)
    .join(' ');

/** A text in lower case, without accents: equal for names that differ in these alone. */
const withoutAccents = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(UNDECOMPOSED, (letter) => PLAIN_LETTERS[letter] ?? letter);

/**
 * A query as `websearch_to_tsquery` takes it, its words in the form of {@link searchText}: words, `"phrases"` in any
 * quotation marks, `or`, and `-` before what must not occur. What is one word in the query and several in that form,
 * such as `UK–Rwanda`, is looked for as a phrase.
 */
export const webSearch = (query: string): string =>
  [...query.replace(SEPARATOR, '$1,').replace(QUOTATION_MARKS, '"').matchAll(QUERY_PART)].flatMap(queryPart).join(' ');

function queryPart([whole, excluded, phrase, word]: RegExpMatchArray): readonly string[] {
  if (whole.toLowerCase() === 'or') return ['or'];
  const words = searchText(phrase ?? word ?? '');
  return words === '' ? [] : [`${excluded ?? ''}"${words}"`];
}

/** The words of a query, each in the form of {@link searchText}. */
export const searchWords = (query: string): readonly string[] =>
  query.replace(SEPARATOR, '$1,').split(/\s+/u).map(searchText).filter(Boolean);

/** A query as `websearch_to_tsquery` takes it, for whatever has any word of another one. */
export const anyWord = (query: string): string =>
  searchWords(query)
    .flatMap((words) => words.split(' '))
    .map((word) => `"${word}"`)
    .join(' or ');

/** A point is a part of a decimal number and of nothing else. */
function plainWords(text: string): string {
  const [, digits, scale] = AMOUNT.exec(text) ?? [];
  if (digits !== undefined) return scale === undefined ? digits : `${digits} ${SCALES[scale] ?? scale}`;
  return ACRONYM.test(text) ? text.replaceAll('.', '') : text.split('.').filter(Boolean).join(' ');
}

/** Marks that stand within a word without being seen: soft hyphen, joiners, direction. */
const INVISIBLE = /[\u00AD\u200C-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** What stands between thousands beside a comma: an apostrophe, or a no-break, thin or narrow space. */
const SEPARATOR = /(\d)['\u2019\u00A0\u2009\u202F](?=\d{3}(?!\d))/gu;
const NUMBER = /\d[\d,.]*\d/gu;
const GROUPED = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/u;

/** The combining marks of Latin, Greek and Cyrillic; those of other scripts are parts of their letters. */
const ACCENTS = /[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]/gu;

/** Letters that Unicode does not take for another one with an accent, and how they are written without. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ŋ: 'n',
  ς: 'σ',
};
const UNDECOMPOSED = new RegExp(`[${Object.keys(PLAIN_LETTERS).join('')}]`, 'gu');

const BEYOND_ASCII = /[^\0-\x7F]+/gu;
const MARKS = /[^\p{L}\p{M}\p{N}]+/gu;
const BETWEEN_WORDS = /[^\da-z.\u{80}-\u{10FFFF}]+/u;

const NUMBER_OR_POINT = /^\d|\./u;
const SCALES: Readonly<Record<string, string>> = { m: 'million', mn: 'million', bn: 'billion', tn: 'trillion' };
const AMOUNT = /^(\d+(?:\.\d+)?)(mn?|bn|tn)?\.*$/u;
const ACRONYM = /^(?:\p{L}\.)+\p{L}?$/u;

const QUOTATION_MARKS = /[\u201C-\u201F\u00AB\u00BB\uFF02]/gu;

/** Something in quotation marks, closed or not, or one word; perhaps with a `-` before it. */
const QUERY_PART = /(-)?(?:"([^"]*)(?:"|$)|([^\s"]+))/gu;
