import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPlainlyCanonical } from './canonical-bytes.js';
import { canonicalJson } from './canonical-json.js';

const isPlain = (text: string): boolean => isPlainlyCanonical(Buffer.from(text));

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the one pass promises, said by the long way. */
function isCanonicalObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && canonicalJson(value) === text;
  } catch {
    return false;
  }
}

describe('plainly canonical bytes', () => {
  it.each([
    '{}',
    '{"a":[],"b":{},"c":[1,-2,0,[true,false,null]],"d":"text, £ – é, \\" \\\\ \\n"}',
    '{"a":{"x":"1"},"a!":"2","ab":123456789012345}',
  ])('are these: %s', (text) => expect([isPlain(text), isCanonicalObject(text)]).toEqual([true, true]));

  it.each([
    ['', 'nothing'],
    ['[]', 'a list'],
    ['{"b":1,"a":2}', 'members out of order'],
    ['{"a":1,"a":2}', 'a member twice'],
    ['{"ab":1,"a!":2}', 'members out of order where one is longer'],
    ['{"a!":1,"a":2}', 'the longer member first'],
    ['{"a": 1}', 'a space'],
    ['{"a":1} ', 'something after it'],
    ['{"a":1', 'no end'],
    ['{"a":1,}', 'a member that is not there'],
    ['{"a":[1,]}', 'an item that is not there'],
    ['{"a":01}', 'a leading zero'],
    ['{"a":-0}', 'minus zero'],
    ['{"a":1.50}', 'a fraction'],
    ['{"a":9007199254740993}', 'an integer beyond 2^53'],
    ['{"a":"\\/"}', 'an escape that is not needed'],
    ['{"a":"\\u0041"}', 'an escape by number'],
    ['{"a":"\n"}', 'a control character'],
    ['{"a":"b}', 'text without end'],
    ['{"a":"b\\', 'an escape without end'],
    ['{"a":nul}', 'half a word'],
    ['{a:1}', 'a name without quotes'],
    [`{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 'what is nested deep'],
  ])('are not these: %s (%s)', (text) => expect(isPlain(text)).toBe(false));

  it('are canonical by the long way too, whatever is done to them', () => {
    const edits = fc.array(
      fc.record({ at: fc.nat(400), put: fc.constantFrom('', '"', ',', '}', '\\', ' ', '0', 'a', '.') }),
      {
        maxLength: 2,
      },
    );
    let plain = 0;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), edits, (value, changes) => {
        const text = changes.reduce(
          (told, { at, put }) => told.slice(0, at % (told.length + 1)) + put + told.slice((at % (told.length + 1)) + 1),
          canonicalJson(JSON.parse(JSON.stringify(value))),
        );
        if (!text.isWellFormed() || !isPlain(text)) return true;
        plain += 1;
        return isCanonicalObject(text);
      }),
      { numRuns: 2_000 },
    );
    expect(plain).toBeGreaterThan(100);
  });
});
