import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isLong, jsonInTurns } from './json-in-turns.js';

const items = (length: number) => ({ items: Array.from({ length }, (_, index) => ({ index })), next: null });

describe('a long answer', () => {
  it('is written as JSON writes it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), async (value) => {
        expect(String(await jsonInTurns(value))).toBe(JSON.stringify(value));
      }),
    );
    const long = {
      ...items(3_000),
      blame: Object.fromEntries(items(2_500).items.map((item) => [`f${item.index}`, item])),
    };
    expect(String(await jsonInTurns(long))).toBe(JSON.stringify(long));
    const odd = { gone: undefined, list: [undefined, [], {}, ...items(3_000).items], empty: {}, 'na"me': 'ü\u2028' };
    expect(String(await jsonInTurns(odd))).toBe(JSON.stringify(odd));
  });

  it('lets others have a turn', async () => {
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    await jsonInTurns({ proof: { entries: Array.from({ length: 3_000 }, () => ({ entry: 'x'.repeat(20_000) })) } });
    clearInterval(counting);
    expect(turns).toBeGreaterThan(0);
  });

  it('has many members on its first levels', () => {
    expect([items(3), items(1_999), { a: 'x'.repeat(9_999) }, 'text', null].map(isLong)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
    expect(isLong({ proof: { entries: Array.from({ length: 3_000 }, String) } })).toBe(true);
  });
});
