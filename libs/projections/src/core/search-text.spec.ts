import { describe, expect, it } from '@jest/globals';
import { searchText, searchWords, webSearch } from './search-text.js';

describe('the text that is searched', () => {
  it.each([
    ['quotation marks', 'the “Rwanda” plan, „Rwanda“, «Rwanda», ‹Rwanda›', 'the rwanda plan rwanda rwanda rwanda'],
    ['apostrophes', "Rwanda’s, Rwanda's, l’accord", 'rwanda s rwanda s l accord'],
    [
      'dashes',
      'UK–Rwanda, UK—Rwanda, UK‑Rwanda, UK‐Rwanda, UK−Rwanda, UK-Rwanda',
      Array(6).fill('uk rwanda').join(' '),
    ],
    ['ellipses, slashes and bullets', 'so…Rwanda/France•EU·UK', 'so rwanda france eu uk'],
    ['what does not show', 'Rwan\u00ADda \uFEFFRwanda\u200B Rwan\u2060da', 'rwanda rwanda rwanda'],
    ['a full stop without a space', 'of Rwanda.The plan', 'of rwanda the plan'],
    ['addresses', 'see https://www.gov.uk/rwanda_plan?x=1', 'see https www gov uk rwanda plan x 1'],
    ['either normal form', 'Vásquez Va\u0301squez', 'vasquez vasquez'],
    [
      'letters that have no plain form in Unicode',
      'Øresund, Łódź, Straße, Türkiye, İstanbul',
      'oresund lodz strasse turkiye istanbul',
    ],
    ['wide letters and ligatures', 'ＵＫ oﬃce', 'uk office'],
    ['capitals beyond ASCII', 'ÉLAN ΟΔΟΣ Москва', 'elan οδοσ москва'],
    ['marks that are parts of letters', 'हिन्दी', 'हिन्दी'],
    ['acronyms', 'the U.K.–Rwanda deal', 'the uk rwanda deal'],
    ['amounts', '£700m, £290 million, €5bn, US$1.5bn', '700 million 290 million 5 billion us 1.5 billion'],
    ['thousands', '1,500 1\u202F500 1’500 1\u00A0500 12,345,678.50', '1500 1500 1500 1500 12345678.50'],
    ['lists of numbers', '2023,2024 and 1,5', '2023 2024 and 1 5'],
    ['percentages and dates', '3.7% on 12.05.2024', '3.7 on 12 05 2024'],
    ['points on their own', 'so . And ... more.', 'so and more'],
    ['nothing but marks', '– … “”', ''],
  ])('is plain: %s', (_name, text, plain) => {
    expect(searchText(text)).toBe(plain);
    expect(searchText(plain)).toBe(plain);
  });
});

describe('a query', () => {
  it.each([
    ['small boats', '"small" "boats"'],
    ['"small boats" -Rwanda', '"small boats" -"rwanda"'],
    ['“small boats” OR Vásquez', '"small boats" or "vasquez"'],
    ['UK–Rwanda -£700m', '"uk rwanda" -"700 million"'],
    ['-“the plan” "not closed', '-"the plan" "not closed"'],
    ['Rwanda – plan - …', '"rwanda" "plan"'],
    ['1\u00A0500 people', '"1500" "people"'],
    ['"or"', '"or"'],
    ['', ''],
  ])('%s is asked as %s', (query, asked) => {
    expect(webSearch(query)).toBe(asked);
  });

  it('is a list of words where parts of words count', () => {
    expect(searchWords(' Returns  “Vás £1,500 –')).toEqual(['returns', 'vas', '1500']);
  });
});
