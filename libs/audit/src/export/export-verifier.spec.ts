import { describe, expect, it } from '@jest/globals';
import { type NewEvent, canonicalJson, createMemoryEventLog, positionOf } from '#event-log';
import { signCheckpoint } from '../notes/checkpoint.js';
import { type ExportBlock, exportLines } from './export-file.js';
import { EXPORT_LINE_LIMIT_BYTES } from './export-lines.js';
import { Frontier, leafHash } from '../merkle/merkle.js';
import type { Hash } from '../merkle/tree-hashes.js';
import { type HashReader, consistencyProof } from '../merkle/merkle-proofs.js';
import { parseSecretKey, secretKeyText } from '../notes/note-keys.js';
import type { SignerKey } from '../notes/signed-note.js';
import { headsDigest } from '../notes/stream-heads.js';
import { headsLine } from '../notes/heads-line.js';
import { TILE_WIDTH } from '../merkle/tiles.js';
import type { Fault, Verification } from './verification.js';
import { type TrustedInputs, verifyExport } from './export-verifier.js';

const ORIGIN = 'log.example/policies';
const keyOf = (seed: number): SignerKey => {
  const key = parseSecretKey(secretKeyText(ORIGIN, new Uint8Array(32).fill(seed)));
  if (!key.ok) throw new Error(key.message);
  return key.value;
};
const key = keyOf(1);
const otherKey = keyOf(2);

/** Entries as a log of that many events writes them, over three streams. */
async function entriesOf(count: number): Promise<readonly string[]> {
  let now = Date.parse('2026-11-24T10:00:00.000Z');
  const log = createMemoryEventLog(() => (now += 7));
  const event = (index: number): NewEvent => ({
    id: `00000000-0000-8000-8000-${String(index).padStart(12, '0')}`,
    key: `event-${index}`,
    type: 'policy.announced',
    body: canonicalJson({ summary: `What happened at ${index}: ä, "quoted"`, ordinal: index }),
  });
  for (let index = 0; index < count; index += 1)
    await log.append({ stream: `policy-${index % 3}`, expected: 'any', events: [event(index)] });
  return (await log.readAll(positionOf(0), count)).map(({ entry }) => entry);
}

interface Wish {
  readonly leaves?: readonly Hash[];
  readonly size?: number;
  readonly signer?: SignerKey;
  readonly vkey?: string;
  readonly origin?: string;
  readonly extensions?: readonly string[];
}

const leavesOf = (entries: readonly string[]): readonly Hash[] => entries.map((entry) => leafHash(Buffer.from(entry)));

function checkpointOf(
  leaves: readonly Hash[],
  { signer = key, origin = ORIGIN, size = leaves.length, extensions = [] }: Wish = {},
): string {
  return signCheckpoint({ origin, size, root: rootOver(leaves), extensions }, [signer]);
}

async function* blocksOf(entries: readonly string[], leaves: readonly Hash[]): AsyncGenerator<ExportBlock> {
  for (let at = 0; at < entries.length; at += TILE_WIDTH)
    yield { leaves: leaves.slice(at, at + TILE_WIDTH), entries: entries.slice(at, at + TILE_WIDTH) };
}

/** The export of a log, or of one whose leaves or checkpoint are others than its entries make. */
async function exportOf(entries: readonly string[], wish: Wish = {}): Promise<Buffer> {
  const leaves = wish.leaves ?? leavesOf(entries);
  const lines: string[] = [];
  for await (const line of exportLines({
    origin: ORIGIN,
    vkey: wish.vkey ?? (wish.signer ?? key).verifier.text,
    blocks: blocksOf(entries, leaves),
    checkpoint: checkpointOf(leaves, wish),
  }))
    lines.push(line);
  return Buffer.from(lines.join(''));
}

function rootOver(leaves: readonly Hash[]): Hash {
  const tree = new Frontier();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

const faultOf = (verification: Verification): Fault => {
  if (verification.verdict === 'verified') throw new Error('It was verified.');
  return verification.fault;
};

const verify = (bytes: Uint8Array, known: TrustedInputs = { key: key.verifier }): Promise<Verification> =>
  verifyExport([bytes], known);

const faultIn = async (bytes: Uint8Array, known?: TrustedInputs): Promise<Fault> => faultOf(await verify(bytes, known));

const linesIn = (bytes: Buffer): string[] => bytes.toString('utf8').split('\n').slice(0, -1);

const fileOf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

describe('a whole export', () => {
  it.each([0, 1, 2, 255, 256, 257, 600])('of %d entries is verified', async (count) => {
    const entries = await entriesOf(count);
    const verification = await verify(await exportOf(entries));
    expect(verification).toMatchObject({
      verdict: 'verified',
      origin: ORIGIN,
      size: count,
      vkey: key.verifier.text,
      streams: Math.min(3, count),
      recordedAt:
        count === 0
          ? null
          : { first: Date.parse('2026-11-24T10:00:00.007Z'), last: Date.parse('2026-11-24T10:00:00.000Z') + 7 * count },
    });
  });

  it('holds the stored entries byte for byte', async () => {
    const entries = await entriesOf(3);
    expect(linesIn(await exportOf(entries)).slice(2, 5)).toEqual(entries);
  });

  it('is verified whatever chunks it comes in', async () => {
    const bytes = await exportOf(await entriesOf(300));
    for (const size of [1, 7, 1000]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(await verifyExport(chunks, { key: key.verifier })).toMatchObject({ verdict: 'verified', size: 300 });
    }
  });

  it('says what it cannot show, and more of that when less was given', async () => {
    const entries = await entriesOf(5);
    const bytes = await exportOf(entries);
    const unproven = async (known: TrustedInputs): Promise<number> => {
      const verification = await verifyExport([bytes], known);
      return verification.verdict === 'verified' ? verification.unproven.length : 0;
    };
    const checkpoint = checkpointOf(leavesOf(entries).slice(0, 2));
    expect(await unproven({ key: key.verifier, checkpoint })).toBeGreaterThan(3);
    expect(await unproven({ checkpoint })).toBe((await unproven({ key: key.verifier, checkpoint })) + 1);
    expect(await unproven({})).toBe((await unproven({ checkpoint })) + 1);
  });

  it('is verified against any earlier checkpoint', async () => {
    const entries = await entriesOf(300);
    const bytes = await exportOf(entries);
    for (const size of [0, 1, 2, 255, 256, 257, 299, 300]) {
      const checkpoint = checkpointOf(leavesOf(entries).slice(0, size));
      const verification = await verify(bytes, { key: key.verifier, checkpoint });
      expect(verification).toMatchObject({ verdict: 'verified' });
      expect(JSON.stringify(verification)).toContain(`The first ${size} entries are those of the earlier checkpoint`);
    }
  });
});

describe('a checkpoint that carries the digest of stream heads', () => {
  const heads = [
    { stream: 'policy-0', position: 4, revision: 1 },
    { stream: 'policy-1', position: 5, revision: 1 },
    { stream: 'policy-2', position: 3, revision: 0 },
  ];

  it('is verified by the entries', async () => {
    const bytes = await exportOf(await entriesOf(5), { extensions: [headsLine(headsDigest(heads))] });
    expect(JSON.stringify(await verify(bytes))).toContain('The digest of stream heads');
  });

  it('is refused when streams ended elsewhere, or the digest cannot be read', async () => {
    const wrong = [headsLine(headsDigest(heads.slice(1))), 'stream-heads x'];
    for (const line of wrong)
      expect(await faultIn(await exportOf(await entriesOf(5), { extensions: [line] }))).toMatchObject({
        reason: 'heads-differ',
        line: 8,
      });
  });
});

/** Entries of a long export, and how often a bit in it is flipped at random: `FLIPS` for more. */
const LONG = 800;
const FLIPS = Number(process.env['FLIPS'] ?? 200);
const FLIPS_LIMIT_MS = 30_000 + FLIPS * 200;

describe('an export that ends before its checkpoint', () => {
  const endingAt = async (count: number, of: number) => {
    const all = await entriesOf(of);
    const leaves = leavesOf(all);
    const reader: HashReader = {
      hashesAt: async (subtrees) =>
        subtrees.map(({ level, index }) => rootOver(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))),
    };
    const consistency = await consistencyProof(reader, { from: count, to: of });
    const checkpoint = checkpointOf(leaves, { extensions: [headsLine(headsDigest([]))] });
    const entries = all.slice(0, count);
    const lines: string[] = [];
    for await (const line of exportLines({
      origin: ORIGIN,
      vkey: key.verifier.text,
      blocks: blocksOf(entries, leavesOf(entries)),
      checkpoint,
      consistency,
    }))
      lines.push(line);
    return lines;
  };
  const fileOf = (lines: readonly string[]): Buffer[] => [Buffer.from(lines.join(''))];

  it.each([0, 1, 2, 5, 8, 255, 256, 299])('after %d entries is verified by the proof beside it', async (count) => {
    const verification = await verifyExport(fileOf(await endingAt(count, 300)));
    expect(verification).toMatchObject({ verdict: 'verified', size: count });
    expect(verification).toMatchObject({
      proven: expect.arrayContaining([
        expect.stringContaining('the first of the 300 that the checkpoint is signed over'),
      ]),
      unproven: expect.arrayContaining([expect.stringContaining(`positions from ${count + 1} to 300`)]),
    });
  });

  it('is refused when an entry was dropped or changed with its hash, and when the proof was changed', async () => {
    const lines = await endingAt(7, 20);
    const last = lines.at(-1) ?? '';
    const reasonOf = async (changed: readonly string[]) => faultOf(await verifyExport(fileOf(changed))).reason;
    const [cut = ''] = [`${canonicalJson({ checkpoint: String(JSON.parse(last).checkpoint) })}\n`];
    expect(await reasonOf([...lines.slice(0, -1), cut])).toBe('size-differs');
    const other = await endingAt(6, 20);
    expect(await reasonOf([...other.slice(0, -1), last])).toBe('root-differs');
    const parsed: { checkpoint: string; consistency: string[] } = JSON.parse(last);
    const shorter = `${canonicalJson({ ...parsed, consistency: parsed.consistency.slice(1) })}\n`;
    expect(await reasonOf([...lines.slice(0, -1), shorter])).toBe('root-differs');
    const noHash = `${canonicalJson({ ...parsed, consistency: ['no hash'] })}\n`;
    expect(await reasonOf([...lines.slice(0, -1), noHash])).toBe('checkpoint-unreadable');
  });
});

describe('a log that an operator accepted to have been put back', () => {
  const root = Buffer.alloc(32, 5).toString('base64');
  const withRollback = async (): Promise<readonly string[]> => {
    const log = createMemoryEventLog(() => 1_795_000_000_000);
    const event = { id: '00000000-0000-8000-8000-000000000001', key: 'k', type: 'policy.announced', body: '{}' };
    await log.append({ stream: 'policy-a', expected: 'any', events: [event] });
    const body = canonicalJson({ reason: 'The disk was lost.', root, size: 90 });
    const accepted = {
      id: '00000000-0000-8000-8000-000000000002',
      key: 'r',
      type: 'operation.rollback-accepted',
      body,
    };
    await log.append({ stream: 'policy--service', expected: 'any', events: [accepted] });
    return (await log.readAll(positionOf(0), 2)).map(({ entry }) => entry);
  };

  it('says so under what is not proven, as its checkpoint does', async () => {
    const bytes = await exportOf(await withRollback(), { extensions: [`rollback-accepted 2 90 ${root}`] });
    expect(await verifyExport([bytes])).toMatchObject({
      verdict: 'verified',
      unproven: expect.arrayContaining([
        expect.stringMatching(/over 90 entries: at position 2 the operator accepted that it does not/),
      ]),
    });
  });

  it.each([
    ['says of none', []],
    ['says of another', [`rollback-accepted 1 90 ${root}`]],
    ['says of a second one', [`rollback-accepted 2 90 ${root}`, `rollback-accepted 2 91 ${root}`]],
    ['cannot be read', ['rollback-accepted 2 ninety']],
  ])('is refused when its checkpoint %s', async (_what, extensions) => {
    const bytes = await exportOf(await withRollback(), { extensions });
    expect(faultOf(await verifyExport([bytes])).reason).toBe('rollbacks-differ');
  });
});

describe('a changed export', () => {
  it('is not verified when any byte was changed, and says where', async () => {
    const entries = await entriesOf(4);
    const bytes = await exportOf(entries);
    const lines = linesIn(bytes);
    let at = 0;
    for (const [index, line] of lines.entries())
      for (const end = at + Buffer.byteLength(line) + 1; at < end; at += 1)
        for (const flip of [0x01, 0x20, 0x80, 0xff]) {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] ?? 0) ^ flip;
          const fault = await faultIn(changed);
          const isInEntry = index >= 2 && index < 2 + entries.length;
          if (isInEntry) expect(fault).toMatchObject({ position: index - 1, line: index + 1 });
          // What stands for leaves shows at the first entry that they are not of.
          else if (index === 1) expect(fault.position).toBeGreaterThan(0);
          else expect(fault.line).toBe(index + 1);
        }
  });

  it(
    'is not verified when any byte of a long one was changed, and names the entry it was in',
    async () => {
      const entries = await entriesOf(LONG);
      const bytes = await exportOf(entries);
      const lineOf = (at: number): number => bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
      for (let flip = 0; flip < FLIPS; flip += 1) {
        const at = Math.floor(Math.random() * bytes.length);
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(Math.random() * 8));
        const fault = await faultIn(changed);
        const line = linesIn(bytes)[lineOf(at) - 1] ?? '';
        if (line.startsWith('{"body"')) expect({ at, line: fault.line }).toEqual({ at, line: lineOf(at) });
      }
    },
    FLIPS_LIMIT_MS,
  );

  it.each([0, 1, 2])('is not verified without any one byte, or cut anywhere (%#)', async (rest) => {
    const bytes = await exportOf(await entriesOf(3));
    for (let at = rest; at < bytes.length; at += 3) {
      expect(await faultIn(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]))).toHaveProperty('reason');
      expect((await faultIn(bytes.subarray(0, at))).line).toBeGreaterThan(0);
    }
  });

  it('names the first bad position of entries dropped, swapped, doubled and put in', async () => {
    const lines = linesIn(await exportOf(await entriesOf(20)));
    const positionIn = async (changed: readonly string[]): Promise<number | null> =>
      (await faultIn(fileOf(changed))).position;
    const line = (position: number): number => position + 1;
    const entry = (position: number): string => lines[line(position)] ?? '';
    expect(await positionIn(lines.toSpliced(line(7), 1))).toBe(7);
    expect(await positionIn(lines.toSpliced(line(7), 2, entry(8), entry(7)))).toBe(7);
    expect(await positionIn(lines.toSpliced(line(7), 0, entry(6)))).toBe(7);
    expect(await positionIn(lines.toSpliced(line(7), 0, entry(1).replace('event-0', 'event-x')))).toBe(7);
    expect(await positionIn(lines.toSpliced(line(20), 1))).toBe(20);
    expect(await positionIn(lines.toSpliced(line(1), 20))).toBe(1);
    expect(await positionIn(lines.slice(0, line(11)))).toBe(11);
    expect(await positionIn(lines.slice(0, -1))).toBe(21);
  });

  it('says which reason it was', async () => {
    const lines = linesIn(await exportOf(await entriesOf(600)));
    const reasonIn = async (changed: readonly string[]): Promise<string> => (await faultIn(fileOf(changed))).reason;
    expect(await reasonIn([])).toBe('header-unreadable');
    expect(await reasonIn(lines.slice(1))).toBe('header-unreadable');
    expect(await reasonIn(lines.toSpliced(300, 0, ''))).toBe('leaf-differs');
    expect(await reasonIn(lines.toSpliced(1, 257))).toBe('revision-differs');
    expect(await reasonIn(lines.toSpliced(1, 1))).toBe('leaves-unreadable');
    expect(await reasonIn(lines.toSpliced(1, 1, '{"leaves":""}'))).toBe('leaves-unreadable');
    expect(await reasonIn(lines.toSpliced(257, 1))).toBe('entry-missing');
    expect(await reasonIn(lines.toSpliced(603, 1))).toBe('entry-missing');
    expect(await reasonIn(lines.slice(0, 258))).toBe('checkpoint-missing');
    expect(await reasonIn([...lines, ''])).toBe('text-after-checkpoint');
    expect(await reasonIn([...lines, lines.at(-1) ?? ''])).toBe('text-after-checkpoint');
    expect(await reasonIn([...lines.slice(0, 258), lines.at(-1) ?? ''])).toBe('size-differs');
    expect(await reasonIn(['x'.repeat(EXPORT_LINE_LIMIT_BYTES + 1)])).toBe('header-unreadable');
    expect((await faultIn(Buffer.alloc(EXPORT_LINE_LIMIT_BYTES + 1, 65))).reason).toBe('not-lines');
  });

  it('is refused when a block is not full before another', async () => {
    const entries = await entriesOf(4);
    const [whole, half] = [linesIn(await exportOf(entries)), linesIn(await exportOf(entries.slice(0, 2)))];
    const [, rest = ''] = linesIn(await exportOf(entries.slice(2)));
    const lines = [...half.slice(0, 4), rest, ...whole.slice(4)];
    expect(await faultIn(fileOf(lines))).toMatchObject({ reason: 'leaves-unreadable', position: 3 });
  });
});

describe('an export made anew by who has no right to', () => {
  it('is refused when another key signed it', async () => {
    const bytes = await exportOf(await entriesOf(5), { signer: otherKey });
    expect(await faultIn(bytes)).toMatchObject({ reason: 'key-differs', line: 1 });
    expect(await verify(bytes, {})).toMatchObject({ verdict: 'verified' });
  });

  it('is refused when it names the right key and another signed it', async () => {
    const bytes = await exportOf(await entriesOf(5), { signer: otherKey, vkey: key.verifier.text });
    expect(await faultIn(bytes)).toMatchObject({ reason: 'checkpoint-unreadable', line: 8 });
  });

  it('is refused when entries and their listed hashes were changed, though the checkpoint was not', async () => {
    const entries = await entriesOf(5);
    const changed = entries.with(2, (entries[2] ?? '').replace('happened', 'occurred'));
    const lines = linesIn(await exportOf(changed)).with(-1, linesIn(await exportOf(entries)).at(-1) ?? '');
    expect(await faultIn(fileOf(lines))).toMatchObject({ reason: 'root-differs', line: 8 });
    const checkpoint = checkpointOf(leavesOf(entries).slice(0, 2));
    const { message } = await faultIn(fileOf(lines), { key: key.verifier, checkpoint });
    expect(message).toContain('from position 3 to 5');
  });

  it('is refused when the stored hashes are still those that were signed', async () => {
    const entries = await entriesOf(5);
    const changed = entries.with(2, (entries[2] ?? '').replace('happened', 'occurred'));
    const bytes = await exportOf(changed, { leaves: leavesOf(entries) });
    expect(await faultIn(bytes)).toMatchObject({ reason: 'leaf-differs', position: 3, line: 5 });
  });

  it('is refused when the log was rewritten and signed again, given a checkpoint from before', async () => {
    const entries = await entriesOf(9);
    const checkpoint = checkpointOf(leavesOf(entries).slice(0, 6));
    const changed = entries.with(2, (entries[2] ?? '').replace('happened', 'occurred'));
    const bytes = await exportOf(changed);
    expect(await verify(bytes)).toMatchObject({ verdict: 'verified' });
    expect(await faultIn(bytes, { key: key.verifier, checkpoint })).toMatchObject({ reason: 'earlier-root-differs' });
  });

  it('is refused when it was cut to an older signed state, given a newer checkpoint', async () => {
    const entries = await entriesOf(9);
    const bytes = await exportOf(entries.slice(0, 6));
    const checkpoint = checkpointOf(leavesOf(entries));
    expect(await verify(bytes)).toMatchObject({ verdict: 'verified', size: 6 });
    expect(await faultIn(bytes, { key: key.verifier, checkpoint })).toMatchObject({
      reason: 'earlier-checkpoint-beyond',
      position: 7,
    });
  });

  it('is refused when the checkpoint is of another log or another size', async () => {
    const entries = await entriesOf(5);
    const elsewhere = { origin: 'log.example/other' };
    expect(await faultIn(await exportOf(entries, elsewhere))).toMatchObject({ reason: 'origin-differs', line: 1 });
    expect(await faultIn(await exportOf(entries, { size: 6 }))).toMatchObject({ reason: 'size-differs', position: 6 });
    expect(await faultIn(await exportOf(entries, { size: 4 }))).toMatchObject({ reason: 'size-differs', line: 8 });
  });

  it('is refused when the earlier checkpoint is unreadable, of another key or of another log', async () => {
    const entries = await entriesOf(5);
    const bytes = await exportOf(entries);
    const reasonWith = async (checkpoint: string): Promise<string> =>
      (await faultIn(bytes, { key: key.verifier, checkpoint })).reason;
    expect(await reasonWith('')).toBe('earlier-checkpoint-unreadable');
    expect(await reasonWith(checkpointOf([], { signer: otherKey }))).toBe('earlier-checkpoint-unreadable');
    expect(await reasonWith(checkpointOf([], { origin: 'log.example/other' }))).toBe('origin-differs');
    expect(await reasonWith(checkpointOf(leavesOf(['a'])))).toBe('earlier-root-differs');
    expect(
      await reasonWith(signCheckpoint({ origin: ORIGIN, size: 0, root: leafHash(Buffer.of()), extensions: [] }, [key])),
    ).toBe('earlier-root-differs');
  });
});

describe('a log that was wrongly written, though signed', () => {
  const faultAfter = async (
    change: (entry: Record<string, unknown>) => Record<string, unknown>,
    position = 5,
  ): Promise<Fault> => {
    const entries = await entriesOf(9);
    const entry = JSON.parse(entries[position - 1] ?? '') as Record<string, unknown>;
    return faultIn(await exportOf(entries.with(position - 1, canonicalJson(change(entry)))));
  };

  it.each([
    ['revision-differs', { revision: 2 }],
    ['revision-differs', { revision: 0 }],
    ['revision-differs', { stream: 'policy-new' }],
    ['previous-differs', { prev: 1 }],
    ['previous-differs', { prev: 5 }],
    ['time-decreases', { recordedAt: '2026-11-24T10:00:00.027Z' }],
    ['key-repeated', { key: 'event-0' }],
    ['not-an-entry', { v: 3 }],
    ['not-an-entry', { position: 5 }],
  ])('is refused: %s after %p', async (reason, changed) => {
    expect(await faultAfter((entry) => ({ ...entry, ...changed }))).toMatchObject({ reason, position: 5, line: 7 });
  });

  it('is refused: a first entry that names a previous one, a later one that does not', async () => {
    expect(await faultAfter((entry) => ({ ...entry, prev: 1 }), 2)).toMatchObject({ reason: 'previous-differs' });
    expect(await faultAfter(({ prev: _prev, ...entry }) => entry)).toMatchObject({ reason: 'previous-differs' });
  });

  it('is refused: entries that are not canonical', async () => {
    const entries = await entriesOf(3);
    const bytes = await exportOf(entries.with(1, (entries[1] ?? '').replace('"id":', '"id": ')));
    expect(await faultIn(bytes)).toMatchObject({ reason: 'not-an-entry', position: 2 });
  });

  it('may record two entries in one millisecond', async () => {
    const entries = await entriesOf(2);
    const [first = '', second = ''] = entries;
    const bytes = await exportOf([first, second.replace('00.014Z', '00.007Z')]);
    expect(await verify(bytes)).toMatchObject({ verdict: 'verified' });
  });
});
