import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Frontier, leafHash, nodeHash } from './merkle.js';
import { EMPTY_ROOT, type Hash } from './tree-hashes.js';
import { type HashReader, consistencyProof, inclusionProof, rootAt } from './merkle-proofs.js';
import { provesConsistency, provesInclusion } from './merkle-verification.js';

const bytes = (hex: string): Hash => Buffer.from(hex, 'hex');
const hex = (hash: Hash): string => Buffer.from(hash).toString('hex');

/** The leaves, roots and proofs with which implementations of Certificate Transparency are tested. */
const REFERENCE_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const REFERENCE_ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const REFERENCE_INCLUSIONS = [
  { index: 0, size: 1, hashes: [] },
  {
    index: 0,
    size: 8,
    hashes: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    index: 5,
    size: 8,
    hashes: [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  { index: 2, size: 3, hashes: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
  {
    index: 1,
    size: 5,
    hashes: [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
];
const REFERENCE_CONSISTENCIES = [
  { from: 1, to: 1, hashes: [] },
  {
    from: 1,
    to: 8,
    hashes: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    from: 6,
    to: 8,
    hashes: [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  {
    from: 2,
    to: 5,
    hashes: [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
];

/** RFC 6962, section 2.1, word for word: the oracle. */
function naiveRoot(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return nth(leaves, 0);
  const split = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  return nodeHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

function naivePath(index: number, leaves: readonly Hash[]): readonly Hash[] {
  if (leaves.length === 1) return [];
  const split = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  return index < split
    ? [...naivePath(index, leaves.slice(0, split)), naiveRoot(leaves.slice(split))]
    : [...naivePath(index - split, leaves.slice(split)), naiveRoot(leaves.slice(0, split))];
}

const readerOf = (leaves: readonly Hash[]): HashReader => ({
  hashesAt: async (subtrees) =>
    subtrees.map(({ level, index }) => {
      const covered = leaves.slice(index * 2 ** level, (index + 1) * 2 ** level);
      if (covered.length !== 2 ** level) throw new Error('asked for an incomplete subtree');
      return naiveRoot(covered);
    }),
});

const LARGEST = 70;
const leaves = Array.from({ length: LARGEST }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));
const roots = Array.from({ length: LARGEST + 1 }, (_, size) => naiveRoot(leaves.slice(0, size)));
const reader = readerOf(leaves);
const sizes = leaves.map((_, index) => index + 1);

describe('the reference tree of Certificate Transparency', () => {
  const reference = REFERENCE_LEAVES.map((leaf) => leafHash(bytes(leaf)));

  it('has the published roots', () => {
    const frontier = new Frontier();
    const found = [hex(frontier.root())];
    for (const leaf of reference) {
      frontier.append(leaf);
      found.push(hex(frontier.root()));
    }
    expect(found).toEqual(REFERENCE_ROOTS);
  });

  it.each(REFERENCE_INCLUSIONS)(
    'has the published inclusion proof of $index in $size',
    async ({ index, size, hashes }) => {
      const proof = await inclusionProof(readerOf(reference), { index, size });
      expect(proof.map(hex)).toEqual(hashes);
      const claim = { index, size, leaf: nth(reference, index), root: bytes(nth(REFERENCE_ROOTS, size)) };
      expect(provesInclusion(hashes.map(bytes), claim)).toBe(true);
    },
  );

  it.each(REFERENCE_CONSISTENCIES)(
    'has the published consistency proof of $from to $to',
    async ({ from, to, hashes }) => {
      expect((await consistencyProof(readerOf(reference), { from, to })).map(hex)).toEqual(hashes);
      const claim = { from, to, fromRoot: bytes(nth(REFERENCE_ROOTS, from)), toRoot: bytes(nth(REFERENCE_ROOTS, to)) };
      expect(provesConsistency(hashes.map(bytes), claim)).toBe(true);
    },
  );
});

describe('the frontier', () => {
  it('has the root that the definition gives, at every size', () => {
    const frontier = new Frontier();
    for (const size of sizes) {
      frontier.append(nth(leaves, size - 1));
      expect(hex(frontier.root())).toBe(hex(nth(roots, size)));
      expect(frontier.size).toBe(size);
    }
  });

  it('goes on from where it was put down, at every size', () => {
    for (const size of sizes) {
      const before = new Frontier();
      for (const leaf of leaves.slice(0, size)) before.append(leaf);
      const after = new Frontier({ size: before.size, hashes: before.hashes });
      for (const leaf of leaves.slice(size)) after.append(leaf);
      expect(hex(after.root())).toBe(hex(nth(roots, LARGEST)));
    }
  });

  it.each([
    [3, 1],
    [0, 1],
    [-1, 0],
    [1.5, 1],
    [2 ** 53, 1],
  ])('is not taken up at size %d with %d hashes', (size, count) => {
    expect(() => new Frontier({ size, hashes: leaves.slice(0, count) })).toThrow(RangeError);
  });
});

describe('proofs', () => {
  it('read the root at every size', async () => {
    for (const [size, root] of roots.entries()) expect(hex(await rootAt(reader, size))).toBe(hex(root));
  });

  it('of inclusion are those of the definition and hold, for every leaf at every size', async () => {
    for (const size of sizes)
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(reader, { index, size });
        expect(proof.map(hex)).toEqual(naivePath(index, leaves.slice(0, size)).map(hex));
        expect(provesInclusion(proof, { index, size, leaf: nth(leaves, index), root: nth(roots, size) })).toBe(true);
      }
  });

  it('of consistency hold between every two sizes', async () => {
    for (const to of [0, ...sizes])
      for (let from = 0; from <= to; from += 1) {
        const proof = await consistencyProof(reader, { from, to });
        expect(provesConsistency(proof, { from, to, fromRoot: nth(roots, from), toRoot: nth(roots, to) })).toBe(true);
      }
  });

  it('are asked for in one batch', async () => {
    let batches = 0;
    const counting: HashReader = { hashesAt: (subtrees) => ((batches += 1), reader.hashesAt(subtrees)) };
    await inclusionProof(counting, { index: 3, size: 69 });
    await consistencyProof(counting, { from: 7, to: 69 });
    expect(batches).toBe(2);
  });

  it.each([
    [5, 5],
    [-1, 5],
    [0.5, 5],
    [0, 0],
  ])('of leaf %d in a tree of %d are refused', async (index, size) => {
    await expect(inclusionProof(reader, { index, size })).rejects.toThrow(RangeError);
  });

  it('that a larger tree begins a smaller one are refused', async () => {
    await expect(consistencyProof(reader, { from: 6, to: 5 })).rejects.toThrow(RangeError);
  });
});

describe('what a proof does not show', () => {
  const places = fc
    .integer({ min: 1, max: LARGEST })
    .chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }));

  it('is another leaf, index or root, nor anything with a hash changed, dropped or added', async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.nat(), fc.nat(255), async ({ index, size }, at, flip) => {
        const proof = await inclusionProof(reader, { index, size });
        const claim = { index, size, leaf: nth(leaves, index), root: nth(roots, size) };
        expect(provesInclusion(proof, { ...claim, leaf: flipped(claim.leaf, at, flip) })).toBe(false);
        expect(provesInclusion(proof, { ...claim, root: flipped(claim.root, at, flip) })).toBe(false);
        expect(provesInclusion([...proof, claim.root], claim)).toBe(false);
        expect(provesInclusion([claim.root, ...proof], claim)).toBe(false);
        expect(provesInclusion(proof, { ...claim, index: size })).toBe(false);
        expect(provesInclusion(proof, { ...claim, index: -1 })).toBe(false);
        for (const other of sizes.map((one) => one - 1).filter((one) => one !== index && one < size))
          expect(provesInclusion(proof, { ...claim, index: other })).toBe(false);
        if (proof.length === 0) return;
        expect(provesInclusion(proof.slice(1), claim)).toBe(false);
        expect(provesInclusion(proof.slice(0, -1), claim)).toBe(false);
        expect(provesInclusion(withFlip(proof, at, flip), claim)).toBe(false);
      }),
    );
  });

  it('is that another tree begins this one', async () => {
    const pairs = fc
      .integer({ min: 1, max: LARGEST })
      .chain((to) => fc.record({ to: fc.constant(to), from: fc.integer({ min: 0, max: to }) }));
    await fc.assert(
      fc.asyncProperty(pairs, fc.nat(), fc.nat(255), async ({ from, to }, at, flip) => {
        const proof = await consistencyProof(reader, { from, to });
        const claim = { from, to, fromRoot: nth(roots, from), toRoot: nth(roots, to) };
        expect(provesConsistency(proof, { ...claim, fromRoot: flipped(claim.fromRoot, at, flip) })).toBe(false);
        if (from > 0)
          expect(provesConsistency(proof, { ...claim, toRoot: flipped(claim.toRoot, at, flip) })).toBe(false);
        expect(provesConsistency([...proof, claim.toRoot], claim)).toBe(false);
        expect(provesConsistency([claim.toRoot, ...proof], claim)).toBe(false);
        if (from < to) expect(provesConsistency(proof, { ...claim, from: to, to: from })).toBe(false);
        if (proof.length === 0) return;
        expect(provesConsistency(proof.slice(1), claim)).toBe(false);
        expect(provesConsistency(proof.slice(0, -1), claim)).toBe(false);
        expect(provesConsistency(withFlip(proof, at, flip), claim)).toBe(false);
      }),
    );
  });

  it('is anything, when a hash has another length', () => {
    expect(provesInclusion([], { index: 0, size: 1, leaf: bytes('00'), root: bytes('00') })).toBe(false);
    expect(provesConsistency([], { from: 1, to: 1, fromRoot: bytes('00'), toRoot: bytes('00') })).toBe(false);
  });
});

function nth<Item>(list: ArrayLike<Item>, index: number): Item {
  const item = list[index];
  if (item === undefined) throw new Error(`There is no item ${index}.`);
  return item;
}

/** A byte changed, certainly. */
function flipped(hash: Hash, at: number, flip: number): Hash {
  const changed = Buffer.from(hash);
  changed[at % 32] = nth(changed, at % 32) ^ (flip || 1);
  return changed;
}

const withFlip = (proof: readonly Hash[], at: number, flip: number): readonly Hash[] =>
  proof.map((hash, index) => (index === at % proof.length ? flipped(hash, at, flip) : hash));
