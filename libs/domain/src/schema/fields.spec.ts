import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { BODY_FIELDS } from './body-fields.js';
import { jurisdiction } from './fields.js';
import { isMoney } from './words.js';
import { presentedBody } from '../bodies/presented-body.js';

const announced = (more: object): Told => ({
  key: 'announced',
  type: 'policy.announced',
  occurred: '2024-03-05',
  ...more,
});
const source = { publisher: 'Gazette', title: 'Report', publishedAt: '2024-03-05', genre: 'news' };
const actor = { name: 'Port Board', kind: 'organisation' };
const figure = { measure: 'cost', value: 5, comparator: 'exact', unit: 'GBP' };
const term = { key: 'price', value: 9, unit: 'GBP' };

const rejected = (more: object, ...rejections: readonly string[]): void =>
  given()
    .when(announced(more))
    .then(...rejections);
const accepted = (more: object): void => rejected(more);

describe('a figure', () => {
  it.each([
    [undefined, 'figure-without-unit'],
    ['pounds', 'money-without-currency'],
    ['£m', 'money-without-currency'],
    ['XYZ', 'money-without-currency'],
    ['XYZ-per-person', 'money-without-currency'],
    ['two words', 'invalid-value'],
  ])('is rejected with the unit %j', (unit, code) =>
    rejected({ figures: [{ ...figure, unit }] }, `${code} /figures/0/unit`),
  );

  it.each(['GBP', 'EUR-per-person', 'USD/year', 'people', 'percent', 'euronorms'])('counts in %s', (unit) =>
    accepted({ figures: [{ ...figure, unit }] }),
  );

  it('counts money where its unit begins with a currency', () =>
    expect(['GBP', 'EUR-per-person', 'USD/year', 'people', 'GBPs'].filter(isMoney)).toEqual([
      'GBP',
      'EUR-per-person',
      'USD/year',
    ]));

  it.each(['2024', '2024-01/2024-06', 'P1Y', 'PT36H', null])('is of the period %j', (period) =>
    accepted({ figures: [{ ...figure, period }] }),
  );

  it.each(['a year', 'P', 'preceding P1Y', '2024-13'])('is of no period %j', (period) =>
    rejected({ figures: [{ ...figure, period }] }, 'date-outside-profile /figures/0/period'),
  );

  it.each(['2023', 'preceding P1Y', null])('is compared to %j', (comparedTo) =>
    accepted({ figures: [{ ...figure, comparedTo }] }),
  );

  it.each(['P1Y', 'preceding', 'preceding 2023'])('is not compared to %j', (comparedTo) =>
    rejected({ figures: [{ ...figure, comparedTo }] }, 'date-outside-profile /figures/0/comparedTo'),
  );

  it('may have no value, and must say how its value is meant', () => {
    accepted({ figures: [{ ...figure, value: null, comparator: 'vague' }] });
    rejected({ figures: [{ ...figure, comparator: 'about' }] }, 'invalid-value /figures/0/comparator');
    rejected({ figures: [{ ...figure, value: undefined }] }, 'missing-field /figures/0/value');
  });
});

describe('a term', () => {
  it.each(['weekdays', 9, true, null])('has the value %j', (value) => accepted({ terms: [{ key: 'days', value }] }));

  it.each([[[]], [{}], [''], [' ']])('cannot have the value %j', (value) =>
    rejected({ terms: [{ key: 'price', value }] }, 'invalid-value /terms/0/value'),
  );

  it('stands once in an event', () => {
    rejected({ terms: [term, { ...term, value: 10 }] }, 'duplicate-term /terms/1/key');
    accepted({ terms: [term, { ...term, key: 'price-at-night' }] });
  });
});

describe('a source', () => {
  it.each(['ftp://x.example', 'x.example', ' https://x.example', 'https://x.example/a b'])('has no address %j', (url) =>
    rejected({ sources: [{ ...source, url }] }, 'invalid-value /sources/0/url'),
  );

  it('has an address of the web, at most 2000 characters long', () => {
    accepted({ sources: [{ ...source, url: `https://x.example/${'a'.repeat(1982)}` }] });
    rejected({ sources: [{ ...source, url: `https://x.example/${'a'.repeat(1983)}` }] }, 'over-limit /sources/0/url');
  });

  it.each(['abc', 'g'.repeat(64), 'a'.repeat(65)])('has no digest %j', (sha256) =>
    rejected({ sources: [{ ...source, sha256 }] }, 'invalid-value /sources/0/sha256'),
  );

  it('has a digest of 64 hexadecimal digits, in either case', () =>
    accepted({ sources: [{ ...source, sha256: 'aA0'.repeat(21) + 'f' }] }));

  it('is needed by what speaks of a policy, with its publisher, title, date and genre', () => {
    rejected({ sources: [] }, 'invalid-value /sources');
    rejected({ sources: undefined }, 'missing-field /sources');
    rejected(
      { sources: [{}] },
      'missing-field /sources/0/publisher',
      'missing-field /sources/0/title',
      'missing-field /sources/0/publishedAt',
      'missing-field /sources/0/genre',
    );
  });
});

describe('a key', () => {
  it.each(['a--b', '-a', 'a-', 'A', 'a b', 'a.b', 'ä', ''])('cannot be %j', (key) =>
    rejected({ key }, 'invalid-value /key'),
  );

  it('has at most 120 characters', () => {
    accepted({ key: 'a'.repeat(120) });
    rejected({ key: 'a'.repeat(121) }, 'over-limit /key');
  });
});

describe('the limits', () => {
  it.each<[object, string]>([
    [{ summary: 'x'.repeat(281) }, 'over-limit /summary'],
    [{ note: 'x'.repeat(10_001) }, 'over-limit /note'],
    [{ actors: [{ ...actor, name: 'x'.repeat(201) }] }, 'over-limit /actors/0/name'],
    [{ links: new Array(201).fill({ rel: 'about', to: 'x' }) }, 'over-limit /links'],
    [{ ordinal: -1 }, 'invalid-value /ordinal'],
    [{ ordinal: 1.5 }, 'invalid-value /ordinal'],
    [{ summary: 'a\u0007' }, 'malformed-text /summary'],
    [{ summary: '\ud800' }, 'malformed-text /summary'],
    [{ summary: '  ' }, 'invalid-value /summary'],
    [{ colour: 'red' }, 'unknown-field /colour'],
    [{ occurred: '0000-01-01', publishedAt: '2024-03-05' }, 'date-outside-profile /occurred'],
    [{ publishedAt: '2024-03' }, 'date-outside-profile /publishedAt'],
    [{ epistemic: undefined }, 'missing-field /epistemic'],
    [{ epistemic: 'sure' }, 'invalid-value /epistemic'],
    [{ status: 'stopped' }, 'invalid-value /status'],
    [{ stance: 'neutral' }, 'invalid-value /stance'],
    [{ actors: [{ ...actor, kind: 'company' }] }, 'invalid-value /actors/0/kind'],
  ])('reject %j', (more, rejection) => rejected(more, rejection));

  it('reject a number that not every reader keeps exactly', () =>
    rejected({ ordinal: 2 ** 53 }, 'unsafe-number /ordinal', 'over-limit /ordinal'));

  it('allow what lies on them', () =>
    accepted({
      summary: 'x'.repeat(280),
      note: 'a\tb\n'.repeat(2500),
      ordinal: 2 ** 53 - 1,
      actors: [{ ...actor, name: 'x'.repeat(200) }],
      links: [],
      terms: [],
    }));
});

describe('a jurisdiction', () => {
  const isOne = (code: string): boolean => jurisdiction.safeParse(code).success;

  it('is a country, a part of one, or the EU', () =>
    expect(['GB', 'GB-SCT', 'FR', 'FR-75', 'EU'].filter((code) => !isOne(code))).toEqual([]));

  it('is nothing else', () =>
    expect(['UK-SCT-1', 'gb', 'XX', 'ZZ', 'EU-FR', 'UN', 'GB-', 'GBR', ''].filter(isOne)).toEqual([]));
});

describe('the list of the fields of a body', () => {
  it('has them all', () => {
    expect([...BODY_FIELDS].sort()).toEqual(Object.keys(presentedBody.shape).sort());
  });
});
