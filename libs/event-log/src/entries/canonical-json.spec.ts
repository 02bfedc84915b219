import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';
import { parseJson } from './json-reader.js';

describe('canonical JSON', () => {
  it('equals an independent implementation of RFC 8785', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => expect(canonicalJson(value)).toBe(canonicalize(value))),
      { numRuns: 1000 },
    );
  });

  it('orders members by UTF-16 code units and prints numbers as RFC 8785 shows', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '1': 'One',
      '\ud83d\ude00': 'Emoji',
      '\u0080': 'Control',
      '\u00f6': 'o',
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 1e-27],
    };
    expect(canonicalJson(value)).toBe(
      '{"\\r":"Carriage Return","1":"One","numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"\u0080":"Control","\u00f6":"o","\u20ac":"Euro Sign","\ud83d\ude00":"Emoji"}',
    );
  });

  it('takes objects without prototype, and those of another realm', () => {
    const bare: Record<string, unknown> = Object.create(null);
    bare['b'] = 1;
    bare['a'] = [structuredClone({ c: runInNewContext('({ d: [null] })') })];
    expect(canonicalJson(bare)).toBe('{"a":[{"c":{"d":[null]}}],"b":1}');
  });

  it.each([
    [undefined],
    [Number.NaN],
    [Infinity],
    ['\ud800'],
    [{ '\udc00': 1 }],
    [[undefined]],
    [new Array(2)],
    [{ a: undefined }],
    [() => 1],
    [Symbol('a')],
    [1n],
    [new Date(0)],
    [new Map([['a', 1]])],
    [new Set([1])],
    [new WeakMap()],
    [new String('a')],
    [new Number(1)],
    [new Boolean(true)],
    [new Uint8Array(2)],
    [Buffer.from('a')],
    [/a/],
    [new Error('a')],
    [
      new (class Price {
        readonly amount = 1;
      })(),
    ],
    [{ at: new Date(0) }],
    [[new Map()]],
  ])('refuses %p', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

describe('reading JSON', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(fc.property(fc.json(), (text) => expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) })));
  });

  it.each([
    ['{"a":1,"a":2}', 'given twice'],
    ['{"a":{"b":1,"c":[{"b":1,"\\u0062":2}]}}', 'given twice'],
    ['{"a":1', 'Not JSON'],
    ['', 'Not JSON'],
    ['NaN', 'Not JSON'],
    ['[1,]', 'Not JSON'],
    ['['.repeat(100_000), 'Nested deeper'],
  ])('refuses %.40s', (text, message) => {
    const read = parseJson(text);
    expect(read.ok ? '' : read.message).toContain(message);
  });

  it('takes the same name in different objects', () => {
    expect(parseJson('[{"a":"}{,\\"a\\":"},{"a":{"a":[]}}]').ok).toBe(true);
  });
});
