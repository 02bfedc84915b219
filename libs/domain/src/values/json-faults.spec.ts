import { describe, expect, it } from '@jest/globals';
import { LIST_LIMIT, jsonFaults } from './json-faults.js';
import { REJECTIONS_LISTED } from './rejection.js';

const found = (value: unknown): readonly string[] => jsonFaults(value).map(({ code, pointer }) => `${code} ${pointer}`);

const nested = (depth: number): unknown => Array.from({ length: depth }).reduce((value) => [value], []);

describe('what no field may hold', () => {
  it.each(['\u0000', '\u0007', '\u000b', '\r', '\u007f', '\u0085', '\u009f'])(
    'is the control character %j',
    (control) => expect(found({ note: `a${control}b` })).toEqual(['malformed-text /note']),
  );

  it.each(['\ud800', '\udc00', 'a\ud83d', '\udc00\ud800'])('is half of a surrogate pair: %j', (text) =>
    expect(found({ note: text })).toEqual(['malformed-text /note']),
  );

  it.each([2 ** 53, -(2 ** 53), 1e300, Infinity, -Infinity, NaN])('is the number %j', (value) =>
    expect(found({ value })).toEqual(['unsafe-number /value']),
  );

  it.each(['constructor', 'prototype', '__proto__'])('is a member called %s', (name) =>
    expect(found(JSON.parse(`{"terms": [{"${name}": 1}]}`))).toEqual([`unsafe-name /terms/0/${name}`]),
  );

  it('is a member whose name is malformed', () => expect(found({ 'a\u0000': 1 })).toEqual(['malformed-text /a\u0000']));

  it('is a list that is too long', () => {
    expect(found({ links: new Array(LIST_LIMIT).fill(1) })).toEqual([]);
    expect(found({ links: new Array(LIST_LIMIT + 1).fill(1) })).toEqual(['over-limit /links']);
  });

  it('is a value nested too deeply', () => {
    expect(found(nested(32))).toEqual([]);
    expect(found(nested(33))).toEqual([`over-limit ${'/0'.repeat(33)}`]);
  });
});

describe('what a field may hold', () => {
  it.each([
    ['a\nb\tc'],
    ['\u{1f600} é \u200d'],
    [2 ** 53 - 1],
    [-(2 ** 53 - 1)],
    [0.1],
    [1e-300],
    [true],
    [null],
    [[]],
    [{}],
    [{ proto: 1, Constructor: 2 }],
  ])('is %j', (value) => expect(found({ value })).toEqual([]));
});

describe('faults', () => {
  it('are told with the place at which each was found', () =>
    expect(found({ terms: [{ key: 'a' }, { key: '\u0000' }], note: '\ud800', 'a/b': 2 ** 53 }).toSorted()).toEqual([
      'malformed-text /note',
      'malformed-text /terms/1/key',
      'unsafe-number /a~1b',
    ]));

  it('say which character is wrong', () =>
    expect(jsonFaults('a\u0007').map(({ message }) => message)).toEqual([
      'The text contains the control character U+0007; only newline and tab are allowed. Remove it.',
    ]));

  it('are not looked for within what is too long or misnamed', () => {
    expect(found({ links: new Array(LIST_LIMIT + 1).fill('\u0000') })).toEqual(['over-limit /links']);
    expect(found(JSON.parse('{"__proto__": {"note": "\\u0000"}}'))).toEqual(['unsafe-name /__proto__']);
  });

  it('are looked for until there are as many as are reported', () => {
    const lists = Array.from({ length: 10 }, () => new Array(50).fill('\u0000'));
    expect(found({ lists })).toHaveLength(REJECTIONS_LISTED);
  });
});
