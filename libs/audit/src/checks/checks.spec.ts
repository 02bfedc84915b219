import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '#event-log/canonical';
import { checkCheckpoint, checkGrowth, checkInclusion } from '../../browser.js';
import { Frontier, leafHash } from '../merkle/merkle.js';
import { type HashReader, consistencyProof, inclusionProof } from '../merkle/merkle-proofs.js';
import type { Hash } from '../merkle/tree-hashes.js';
import { type Checkpoint, signCheckpoint } from '../notes/checkpoint.js';
import { parseSecretKey, secretKeyText } from '../notes/note-keys.js';
import { rollbackLine } from '../notes/rollbacks.js';
import type { SignerKey } from '../notes/signed-note.js';
import { base64 } from '../primitives/bytes.js';
import { nobleCryptography } from '../primitives/noble-cryptography.js';
import { nodeCryptography } from '../primitives/node-cryptography.js';
import type { Cryptography } from '../primitives/steps.js';
import { webCryptography } from '../primitives/web-cryptography.js';
import type { CheckOutcome } from './check-outcome.js';

const cryptographies: readonly (readonly [string, Cryptography])[] = [
  ['Node', nodeCryptography],
  ['WebCrypto', webCryptography(globalThis.crypto.subtle)],
  ['JavaScript', nobleCryptography],
];

interface Golden {
  readonly entry: Readonly<Record<string, unknown>>;
  readonly reads: Readonly<Record<string, unknown>>;
}

/** A log with an event of every type, as it is stored for ever, and each as answers show it. */
const golden: readonly Golden[] = readFileSync(
  new URL('../../../../test/golden/stored-events.ndjson', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const entries = golden.map(({ entry }) => canonicalJson(entry));
const leaves = entries.map((entry) => leafHash(Buffer.from(entry)));
const SIZE = entries.length;

const shownAt = (index: number): Readonly<Record<string, unknown>> => {
  const { entry, reads } = golden[index] ?? { entry: {}, reads: {} };
  const { id, key, revision, recordedAt } = entry;
  // Answers have a renamed field under both of its names.
  const renamed = 'embargoed' in reads ? { forthcoming: reads['embargoed'] } : {};
  return {
    ...reads,
    ...renamed,
    id,
    key,
    position: index + 1,
    revision,
    recordedAt,
    knownFrom: recordedAt,
    linkedFrom: [],
  };
};

const treeOver = (some: readonly Hash[]): Hash => {
  const tree = new Frontier();
  for (const leaf of some) tree.append(leaf);
  return tree.root();
};
const readerOf = (some: readonly Hash[]): HashReader => ({
  hashesAt: async (subtrees) =>
    subtrees.map(({ level, index }) => treeOver(some.slice(index * 2 ** level, (index + 1) * 2 ** level))),
});

const ORIGIN = 'log.example/policies';
const keyOf = (seed: number): SignerKey => {
  const key = parseSecretKey(secretKeyText(ORIGIN, new Uint8Array(32).fill(seed)));
  if (!key.ok) throw new Error(key.message);
  return key.value;
};
const [key, otherKey] = [keyOf(1), keyOf(2)];
const vkey = key.verifier.text;

const checkpointOf = (some: readonly Hash[], more: Partial<Checkpoint> = {}): Checkpoint => ({
  origin: ORIGIN,
  size: some.length,
  root: treeOver(some),
  extensions: [],
  ...more,
});
const noteOf = (some: readonly Hash[], more: Partial<Checkpoint> = {}, signer = key): string =>
  signCheckpoint(checkpointOf(some, more), [signer]);

async function inclusionAt(index: number, size = SIZE) {
  const hashes = await inclusionProof(readerOf(leaves), { index, size });
  return { index, size, hashes: hashes.map(base64), entry: entries[index] ?? '', leafHash: '', root: '' };
}

async function growthFrom(from: number, to = SIZE, some = leaves) {
  return { from, to, hashes: (await consistencyProof(readerOf(some), { from, to })).map(base64) };
}

const reasonOf = (outcome: CheckOutcome<object>) =>
  outcome.verdict === 'verified' ? 'verified' : [outcome.fault.reason, outcome.fault.position];

const flipBit = (text: string, at: number): string => {
  const bytes = Buffer.from(text);
  bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ 1;
  return bytes.toString('utf8');
};
const flipHash = (text: string): string =>
  base64(Buffer.from(text, 'base64').map((byte, at) => (at === 7 ? byte ^ 4 : byte)));

describe.each(cryptographies)('with cryptography by %s', (_by, cryptography) => {
  describe('a checkpoint', () => {
    it('is what the key signed', async () => {
      const outcome = await checkCheckpoint({ note: noteOf(leaves), vkey: `${vkey}\n` }, cryptography);
      expect(outcome).toMatchObject({ verdict: 'verified', checkpoint: { origin: ORIGIN, size: SIZE } });
    });

    it('is not believed when any of its bytes was changed', async () => {
      const note = noteOf(leaves);
      for (let at = 0; at < Buffer.byteLength(note); at += 11)
        expect(reasonOf(await checkCheckpoint({ note: flipBit(note, at), vkey }, cryptography))).toEqual([
          'checkpoint-unreadable',
          null,
        ]);
    });

    it('is not believed when another key of that name signed it', async () => {
      const note = noteOf(leaves, {}, otherKey);
      expect(reasonOf(await checkCheckpoint({ note, vkey }, cryptography))).toEqual(['checkpoint-unreadable', null]);
      const mistyped = flipBit(vkey, vkey.length - 3);
      expect(reasonOf(await checkCheckpoint({ note, vkey: mistyped }, cryptography))).toEqual(['key-unreadable', null]);
    });

    it('says where the operator accepted a rollback', async () => {
      const extensions = [rollbackLine({ position: 5, size: 9, root: base64(treeOver([])) })];
      const outcome = await checkCheckpoint({ note: noteOf(leaves, { extensions }), vkey }, cryptography);
      expect(outcome.verdict === 'verified' && outcome.unproven[0]).toContain('at position 5 the operator accepted');
      const wrong = noteOf(leaves, { extensions: ['rollback-accepted 5'] });
      expect(reasonOf(await checkCheckpoint({ note: wrong, vkey }, cryptography))).toEqual([
        'checkpoint-unreadable',
        null,
      ]);
    });
  });

  describe('an event', () => {
    const checkpoint = checkpointOf(leaves);

    it('of every type is in the log, and shown as it was recorded', async () => {
      for (const index of golden.keys()) {
        if (golden[index]?.entry['type'] === 'policy.registered') continue;
        const toCheck = { proof: await inclusionAt(index), checkpoint, shown: shownAt(index) };
        expect(await checkInclusion(toCheck, cryptography)).toMatchObject({ verdict: 'verified', position: index + 1 });
      }
    });

    it('is refused when it names another recorder than its entry, and need not name any', async () => {
      for (const { index, by } of [
        { index: 12, by: undefined },
        { index: golden.findIndex(({ entry }) => entry['v'] === 2), by: '7TkQ2mZr0c' },
      ]) {
        const check = async (recordedBy?: string) => {
          const shown = { ...shownAt(index), ...(recordedBy === undefined ? {} : { recordedBy }) };
          return checkInclusion({ proof: await inclusionAt(index), checkpoint, shown }, cryptography);
        };
        expect((await check()).verdict).toBe('verified');
        expect((await check(by)).verdict).toBe('verified');
        expect(reasonOf(await check('another'))).toEqual(['shown-differs', index + 1]);
      }
    });

    it('is not in the log when its entry, its place or a hash on its path was changed', async () => {
      const proof = await inclusionAt(12);
      const reasons = async (changed: object) =>
        reasonOf(await checkInclusion({ proof: { ...proof, ...changed }, checkpoint }, cryptography));
      for (let at = 0; at < proof.entry.length; at += 37)
        expect(await reasons({ entry: flipBit(proof.entry, at) })).toEqual(['not-included', 13]);
      for (const at of proof.hashes.keys())
        expect(
          await reasons({ hashes: proof.hashes.map((text, each) => (each === at ? flipHash(text) : text)) }),
        ).toEqual(['not-included', 13]);
      expect(await reasons({ index: 13 })).toEqual(['not-included', 14]);
      expect(await reasons({ hashes: proof.hashes.slice(1) })).toEqual(['not-included', 13]);
      expect(await reasons({ size: SIZE - 1 })).toEqual(['proof-unreadable', 13]);
      expect(await reasons({ hashes: ['no hash'] })).toEqual(['proof-unreadable', null]);
      expect(reasonOf(await checkInclusion({ proof: null, checkpoint }, cryptography))).toEqual([
        'proof-unreadable',
        null,
      ]);
    });

    it('is not in another log', async () => {
      const other = checkpointOf([...leaves.slice(0, -1), leafHash(Buffer.from('{}'))]);
      const toCheck = { proof: await inclusionAt(12), checkpoint: other };
      expect(reasonOf(await checkInclusion(toCheck, cryptography))).toEqual(['not-included', 13]);
    });

    it('is no event where another text is in the tree', async () => {
      const proof = { index: 0, size: 1, hashes: [], entry: '{"a":1}' };
      const toCheck = { proof, checkpoint: checkpointOf([leafHash(Buffer.from(proof.entry))]) };
      expect(reasonOf(await checkInclusion(toCheck, cryptography))).toEqual(['not-an-entry', 1]);
    });
  });

  describe('a log', () => {
    it('has grown between any two sizes', async () => {
      for (const from of [0, 1, 2, 31, 32, 33, SIZE - 1, SIZE]) {
        const toCheck = {
          earlier: noteOf(leaves.slice(0, from)),
          later: noteOf(leaves),
          proof: await growthFrom(from),
        };
        expect(reasonOf(await checkGrowth({ ...toCheck, vkey }, cryptography))).toBe('verified');
      }
    });

    it('was rewritten when an entry from before is another now', async () => {
      const rewritten = leaves.map((leaf, index) => (index === 3 ? leafHash(Buffer.from('{}')) : leaf));
      for (const from of [4, 16, 33, SIZE]) {
        const toCheck = {
          earlier: noteOf(leaves.slice(0, from)),
          later: noteOf(rewritten),
          proof: await growthFrom(from, SIZE, rewritten),
        };
        expect(reasonOf(await checkGrowth({ ...toCheck, vkey }, cryptography))).toEqual(['log-rewritten', null]);
      }
    });

    it('has not grown where it is smaller, another, signed by another key, or the proof is of other sizes', async () => {
      const [earlier, later] = [noteOf(leaves.slice(0, 20)), noteOf(leaves)];
      const proof = await growthFrom(20);
      const reasons = async (changed: object) =>
        reasonOf(await checkGrowth({ earlier, later, proof, vkey, ...changed }, cryptography));
      expect(await reasons({ earlier: later, later: earlier })).toEqual(['log-shrunk', 21]);
      expect(await reasons({ later: noteOf(leaves, { origin: 'log.example/other' }) })).toEqual(['other-log', null]);
      expect(await reasons({ later: noteOf(leaves, {}, otherKey) })).toEqual(['checkpoint-unreadable', null]);
      expect(await reasons({ earlier: noteOf(leaves.slice(0, 20), {}, otherKey) })).toEqual([
        'checkpoint-unreadable',
        null,
      ]);
      expect(await reasons({ proof: await growthFrom(19) })).toEqual(['proof-unreadable', null]);
      expect(await reasons({ proof: undefined })).toEqual(['proof-unreadable', null]);
      expect(await reasons({ proof: { ...proof, hashes: proof.hashes.map(flipHash) } })).toEqual([
        'log-rewritten',
        null,
      ]);
    });

    it('names the accepted rollback where it does not go on from where it was', async () => {
      const restored = [...leaves.slice(0, 10), leafHash(Buffer.from('{}'))];
      const extensions = [rollbackLine({ position: 11, size: 20, root: base64(treeOver(leaves.slice(0, 20))) })];
      const outcome = await checkGrowth(
        { earlier: noteOf(leaves.slice(0, 20)), later: noteOf(restored, { extensions }), vkey },
        cryptography,
      );
      expect(outcome).toMatchObject({ verdict: 'not-verified', fault: { reason: 'log-shrunk', position: 12 } });
      expect(outcome.verdict === 'not-verified' && outcome.fault.message).toContain(
        'At position 11 the operator accepted',
      );
    });
  });
});

describe('an event that is shown otherwise than it was recorded', () => {
  const checkpoint = checkpointOf(leaves);
  const index = golden.findIndex(({ reads }) => 'note' in reads && Array.isArray(reads['actors']));
  const shown = shownAt(index);

  async function outcomeOf(changed: object) {
    return checkInclusion({ proof: await inclusionAt(index), checkpoint, shown: { ...shown, ...changed } });
  }

  it.each([
    ['another summary', { summary: 'Something else.' }, '/summary'],
    ['another position', { position: 1 }, '/position'],
    ['another time of recording', { recordedAt: '2020-01-01T00:00:00.000Z' }, '/recordedAt'],
    ['a field that was not recorded', { stance: 'oppose', status: 'scrapped' }, '/'],
    ['a field left out', { summary: undefined }, '/summary'],
    ['another date', { occurred: '2020-01-01' }, '/occurred'],
    ['another publication', { publishedAt: '2020-01-01' }, '/publishedAt'],
    ['an actor left out', { actors: [] }, '/actors/0'],
    ['what is no text in place of a committed one', { note: ['a'] }, '/note'],
  ])('is named by the field: %s', async (_what, changed, pointer) => {
    const outcome = await outcomeOf(changed);
    expect(outcome).toMatchObject({ verdict: 'not-verified', fault: { reason: 'shown-differs', position: index + 1 } });
    expect(outcome.verdict === 'not-verified' && outcome.fault.message).toContain(`at ${pointer}`);
  });

  it('is not found in what the entry only commits to, and that is said', async () => {
    const outcome = await outcomeOf({ note: 'Another note.' });
    expect(outcome.verdict === 'verified' && outcome.unproven.join()).toContain('/note');
  });

  it('is compared by its body as first recorded once it was corrected, and that is said', async () => {
    const { id, key: eventKey, position, revision, recordedAt, ...recordedAs } = shown;
    const place = { id, key: eventKey, position, revision, recordedAt };
    const corrected = { ...shown, summary: 'Corrected.', recordedAs: { ...recordedAs, key: eventKey } };
    const proof = await inclusionAt(index);
    const outcome = await checkInclusion({ proof, checkpoint, shown: corrected });
    expect(outcome.verdict === 'verified' && outcome.unproven[0]).toContain('corrections since');
    const lied = { ...corrected, ...place, recordedAs: { ...recordedAs, key: eventKey, summary: 'Never said.' } };
    expect(reasonOf(await checkInclusion({ proof, checkpoint, shown: lied }))).toEqual(['shown-differs', index + 1]);
  });

  it('is no object', async () => {
    const proof = await inclusionAt(index);
    for (const nothing of [null, 'text', []])
      expect(reasonOf(await checkInclusion({ proof, checkpoint, shown: nothing }))).toEqual([
        'shown-differs',
        index + 1,
      ]);
  });
});
