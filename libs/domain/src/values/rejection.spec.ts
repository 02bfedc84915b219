import { describe, expect, it } from '@jest/globals';
import { pointerTo } from './json.js';
import { REJECTIONS_LISTED, REJECTION_CODES, type Rejection, type RejectionCode, rankRejections } from './rejection.js';

const rejection = (code: RejectionCode, pointer = '', message = 'Wrong.'): Rejection => ({ code, pointer, message });

describe('rejections that are reported', () => {
  it('are in the order of the list of reasons, whatever was found first', () => {
    const codes: readonly RejectionCode[] = ['key-reused', 'not-json', 'cycle', 'unknown-field', 'missing-field'];
    expect(rankRejections(codes.map((code) => rejection(code))).map(({ code }) => code)).toEqual([
      'not-json',
      'unknown-field',
      'missing-field',
      'cycle',
      'key-reused',
    ]);
  });

  it('of one reason stay in the order in which they were found', () =>
    expect(
      rankRejections([rejection('invalid-value', '/b'), rejection('invalid-value', '/a')]).map(
        ({ pointer }) => pointer,
      ),
    ).toEqual(['/b', '/a']));

  it('name a reason once a place, however often it was found there', () =>
    expect(
      rankRejections([
        rejection('invalid-value', '/a', 'Found first.'),
        rejection('invalid-value', '/a', 'Found last.'),
        rejection('over-limit', '/a'),
      ]),
    ).toEqual([rejection('invalid-value', '/a', 'Found last.'), rejection('over-limit', '/a')]));

  it('are as many as there are, up to the limit', () => {
    const found = Array.from({ length: REJECTIONS_LISTED }, (_, index) => rejection('invalid-value', `/${index}`));
    expect(rankRejections(found)).toEqual(found);
  });

  it('end beyond the limit with how many are left', () => {
    const found = Array.from({ length: REJECTIONS_LISTED + 7 }, (_, index) => rejection('invalid-value', `/${index}`));
    const reported = rankRejections(found);
    expect(reported).toHaveLength(REJECTIONS_LISTED);
    expect(reported.at(-2)).toEqual(found[REJECTIONS_LISTED - 2]);
    expect(reported.at(-1)).toEqual({
      code: 'too-many',
      pointer: '',
      message: '8 further mistakes are not listed. Correct these first and send it again.',
    });
  });

  it.each(Object.entries(REJECTION_CODES))('have a sentence for the reason %s', (code, sentence) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

describe('a pointer', () => {
  it.each<[readonly (string | number)[], string]>([
    [[], ''],
    [['links', 0, 'to'], '/links/0/to'],
    [['a/b', 'c~d'], '/a~1b/c~0d'],
    [['~1'], '/~01'],
    [[''], '/'],
  ])('to %j is %j', (path, pointer) => expect(pointerTo(path)).toBe(pointer));
});
