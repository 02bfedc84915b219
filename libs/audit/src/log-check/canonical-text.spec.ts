import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { readCanonical } from './canonical-text.js';
import { readEntryText } from './entry-text.js';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('canonical text', () => {
  it('is what an independent implementation of RFC 8785 writes, and nothing else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (value, spaces) => {
        const canonical = canonicalize(value) ?? '';
        expect(readCanonical(bytes(canonical))).toEqual({ ok: true, value: JSON.parse(canonical) });
        const other = JSON.stringify(value, null, spaces);
        expect(readCanonical(bytes(other)).ok).toBe(other === canonical);
      }),
      { numRuns: 500 },
    );
  });

  /** RFC 8785, appendix B: the bits of a number, and how it is written. */
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number %s as %s', (bits, text) => {
    const number = Buffer.from(bits, 'hex').readDoubleBE();
    expect(readCanonical(bytes(text))).toEqual({ ok: true, value: number === 0 ? 0 : number });
  });

  it.each([
    ['a member twice', '{"a":1,"a":1}'],
    ['a member twice, once escaped', '{"a":1,"\\u0061":1}'],
    ['another order', '{"b":1,"a":1}'],
    ['an order by code points', '{"\ufb01":1,"\ud83d\ude00":1}'],
    ['white space', '{"a": 1}'],
    ['a newline at the end', '1\n'],
    ['a byte order mark', '\ufeff1'],
    ['an escape too many', '"\\u0061"'],
    ['an escaped slash', '"\\/"'],
    ['hex digits in capitals', '"\\u001F"'],
    ['a long escape of a short one', '"\\u000a"'],
    ['half of a surrogate pair', '"\\ud800"'],
    ['half of a surrogate pair as a name', '{"\\udc00":1}'],
    ['a fraction of nothing', '1.0'],
    ['a negative nothing', '-0'],
    ['an exponent in capitals', '1E+23'],
    ['an exponent without its sign', '1e23'],
    ['more digits than a number keeps', '9007199254740993'],
    ['a number out of range', '1e400'],
    ['what is no number', 'NaN'],
    ['infinity', 'Infinity'],
    ['nothing', ''],
    ['two values', '1 2'],
    ['a depth without end', '['.repeat(100_000)],
  ])('has no %s', (_what, text) => {
    expect(readCanonical(bytes(text)).ok).toBe(false);
  });

  it.each([
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a letter in too many bytes', Buffer.from([0x22, 0xc1, 0x81, 0x22])],
    ['half a letter', Buffer.from([0x22, 0xc3, 0x22])],
  ])('has no %s', (_what, text) => {
    expect(readCanonical(text).ok).toBe(false);
  });

  it('says from where on another was to be expected', () => {
    expect(readCanonical(bytes('{"a":1,"b": 2}'))).toEqual({
      ok: false,
      message: 'Not in canonical form from character 12 on.',
    });
  });
});

describe('the text of an entry', () => {
  const entry = {
    body: { a: 1 },
    id: 'b51f80b1-6e6c-8d4a-8f6e-0c3f5d9f6a11',
    key: 'toll-paused',
    prev: 4,
    recordedAt: '2026-11-24T10:00:00.002Z',
    revision: 1,
    stream: 'policy-harbour-toll',
    type: 'policy.paused',
    v: 1,
  };
  const { prev: _prev, ...first } = entry;
  const textOf = (value: unknown): Uint8Array => bytes(canonicalize(value) ?? '');

  it('is read with and without a previous position', () => {
    const recordedAt = Date.parse(entry.recordedAt);
    expect(readEntryText(textOf(entry))).toEqual({ ok: true, value: { ...entry, recordedAt } });
    expect(readEntryText(textOf(first))).toEqual({ ok: true, value: { ...first, prev: undefined, recordedAt } });
  });

  it('says in form 2 who recorded it, where anybody is named', () => {
    const recordedAt = Date.parse(entry.recordedAt);
    for (const content of [
      { ...entry, v: 2 },
      { ...entry, by: 'key-1', v: 2 },
    ])
      expect(readEntryText(textOf(content))).toEqual({ ok: true, value: { ...content, recordedAt } });
    for (const by of ['', null, 1, { name: 'A. Clerk' }])
      expect(readEntryText(textOf({ ...entry, by, v: 2 })).ok).toBe(false);
  });

  it('of a newer form says what to run', () => {
    expect(readEntryText(textOf({ ...entry, v: 3 }))).toEqual({
      ok: false,
      message: 'The entry has form 3; this program reads forms up to 2. A newer version may read it.',
    });
  });

  it.each(Object.keys(first))('is not read without %s', (member) => {
    expect(readEntryText(textOf({ ...entry, [member]: undefined })).ok).toBe(false);
    expect(readEntryText(textOf({ ...entry, [member]: null })).ok).toBe(false);
  });

  it.each([
    { more: 1 },
    { v: 0 },
    { v: '1' },
    { by: 'key-1' },
    { revision: -1 },
    { revision: 0.5 },
    { prev: '4' },
    { prev: null },
    { body: [] },
    { stream: '' },
    { recordedAt: '2026-11-24T10:00:00Z' },
    { recordedAt: '2026-11-24T10:00:00.0020Z' },
    { recordedAt: '2026-11-24T10:00:00.002+00:00' },
    { recordedAt: '2026-02-30T10:00:00.002Z' },
    { recordedAt: 1 },
  ])('is not read with %p', (wrong) => {
    expect(readEntryText(textOf({ ...entry, ...wrong })).ok).toBe(false);
  });

  it.each(['1', 'null', '[]', '{}'])('is not %s', (text) => {
    expect(readEntryText(bytes(text)).ok).toBe(false);
  });
});
