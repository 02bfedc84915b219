import { beforeAll, describe, expect, it } from '@jest/globals';
import { type LogEntry, canonicalJson, createMemoryEventLog, positionOf } from '#event-log';
import { leafHash } from '../merkle/merkle.js';
import { EntryCheck, type EntryToCheck } from './entry-check.js';

let log: readonly LogEntry[];
beforeAll(async () => {
  let now = Date.parse('2026-11-24T10:00:00.000Z');
  const memory = createMemoryEventLog(() => (now += 7));
  for (const [index, stream] of ['one', 'two', 'one'].entries())
    await memory.append({
      stream,
      expected: 'any',
      events: [
        {
          id: `00000000-0000-8000-8000-00000000000${index}`,
          key: `event-${index}`,
          type: 'policy.announced',
          body: canonicalJson({ ordinal: index }),
        },
      ],
    });
  log = await memory.readAll(positionOf(0), 3);
});

interface Change {
  readonly key?: string;
  readonly type?: string;
  readonly revision?: number;
  readonly prev?: number;
  readonly recordedAt?: string;
}

/** The entry at a position as the log stores it: text, leaf and columns. */
function stored(position: number): EntryToCheck & { readonly text: Uint8Array } {
  const entry = log[position - 1];
  if (!entry) throw new Error(`The log has no position ${position}.`);
  const text = Buffer.from(entry.entry);
  return { position, text, leaf: leafHash(text), columns: entry };
}

/** The same with other members in its text, signed as it is. */
function rewritten(position: number, change: Change): EntryToCheck {
  const json: object = JSON.parse(Buffer.from(stored(position).text).toString());
  const text = Buffer.from(canonicalJson({ ...json, ...change }));
  return { position, text, leaf: leafHash(text) };
}

function reasonsOf(entry: EntryToCheck): readonly string[] {
  const check = new EntryCheck();
  for (let position = 1; position < Math.min(entry.position, 3); position += 1) check.check(stored(position));
  return check.check(entry).findings.map(({ reason, position }) => `${reason} at ${position}`);
}

describe('the check of an entry', () => {
  it('finds nothing in entries as they were signed, and answers what they say', () => {
    const check = new EntryCheck();
    const checked = [1, 2, 3].map((position) => check.check(stored(position)));
    expect(checked.flatMap(({ findings }) => findings)).toEqual([]);
    expect(checked.map(({ content }) => content?.key)).toEqual(['event-0', 'event-1', 'event-2']);
    expect(check.chain.heads()).toEqual([
      { stream: 'one', revision: 1, position: 3 },
      { stream: 'two', revision: 0, position: 2 },
    ]);
  });

  it.each<[what: string, entry: () => EntryToCheck, reasons: readonly string[]]>([
    ['a missing entry', () => ({ ...stored(3), text: undefined }), ['entry-missing at 3']],
    ['a gap before it', () => ({ ...stored(3), position: 5 }), ['entry-missing at 3']],
    ['another text than was signed', () => ({ ...stored(3), leaf: leafHash(Buffer.of(1)) }), ['leaf-differs at 3']],
    ['a text that is not canonical', () => ({ position: 3, text: Buffer.from('{ }') }), ['not-an-entry at 3']],
    ['another form than the stored one', () => rewritten(3, { type: '' }), ['not-an-entry at 3']],
    ['another text than its columns', () => ({ ...stored(3), columns: log[1] }), ['columns-differ at 3']],
    ['another revision than the next', () => rewritten(3, { revision: 2 }), ['revision-differs at 3']],
    ['another previous entry than there is', () => rewritten(3, { prev: 2 }), ['previous-differs at 3']],
    ['an earlier time', () => rewritten(3, { recordedAt: '2026-11-24T09:00:00.000Z' }), ['time-decreases at 3']],
    ['the key of another entry', () => rewritten(3, { key: 'event-0' }), ['key-repeated at 3']],
    [
      'an accepted rollback that names no tree',
      () => rewritten(3, { type: 'operation.rollback-accepted' }),
      ['rollbacks-differ at 3'],
    ],
    [
      'several at once, the columns first',
      () => ({ ...rewritten(3, { revision: 2 }), columns: log[2] }),
      ['columns-differ at 3', 'revision-differs at 3'],
    ],
  ])('finds %s', (_what, entry, reasons) => {
    expect(reasonsOf(entry())).toEqual(reasons);
  });

  it('continues after an entry that is not the signed one, with its leaf, and looks no more at the order', () => {
    const check = new EntryCheck();
    const { leaf } = stored(1);
    expect(check.check({ position: 1, text: undefined, leaf }).leaf).toBe(leaf);
    expect([check.isAsSigned, check.isInOrder]).toEqual([false, false]);
    expect(check.check(stored(2)).findings).toEqual([]);
    expect(check.check({ ...stored(3), columns: log[0] }).findings).toEqual([
      {
        position: 3,
        reason: 'columns-differ',
        message: expect.stringMatching(
          /^Its text and the columns beside it differ in id, key, revision, prev, recordedAt:/,
        ),
      },
    ]);
  });
});
