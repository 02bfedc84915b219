import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  BUNDLED_ENTRY_LIMIT_BYTES,
  EntryTooLongError,
  decodeBundle,
  encodeBundle,
  isBundleUnder,
} from './entry-bundle.js';
import { Frontier, leafHash } from './merkle.js';
import { EMPTY_ROOT, type Hash } from './tree-hashes.js';
import { consistencyProof, inclusionProof, rootAt } from './merkle-proofs.js';
import { provesConsistency, provesInclusion } from './merkle-verification.js';
import { TileEdge } from './tile-edge.js';
import { tileHashReader } from './tile-hash-reader.js';
import { bundlePath, parseTilePath, tilePath } from './tile-path.js';
import {
  TILE_WIDTH,
  type Tile,
  decodeTile,
  encodeTile,
  isTileUnder,
  partialTiles,
  rootOfEdge,
  tileHash,
  tileWidth,
  listCompletedTiles,
} from './tiles.js';

const hex = (hash: Hash): string => Buffer.from(hash).toString('hex');
const leafOf = (index: number): Hash => leafHash(Buffer.from(`leaf ${index}`));

describe('the path of a tile', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, '0/000'],
    [{ level: 0, index: 1_234_067, width: 256 }, '0/x001/x234/067'],
    [{ level: 3, index: 1_000, width: 7 }, '3/x001/000.p/7'],
    [{ level: 63, index: 999, width: 255 }, '63/999.p/255'],
    [{ level: 0, index: Number.MAX_SAFE_INTEGER, width: 1 }, '0/x009/x007/x199/x254/x740/991.p/1'],
  ])('of %p is %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual({ kind: 'tile', tile });
  });

  it('of a bundle begins with entries', () => {
    expect(bundlePath({ index: 1_234, width: 9 })).toBe('entries/x001/234.p/9');
    expect(parseTilePath('entries/x001/234.p/9')).toEqual({ kind: 'bundle', bundle: { index: 1_234, width: 9 } });
    expect(parseTilePath('entries/000')).toEqual({ kind: 'bundle', bundle: { index: 0, width: 256 } });
  });

  it('is read as it was written', () => {
    const tiles = fc.record({
      level: fc.integer({ min: 0, max: 63 }),
      index: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(fc.property(tiles, (tile) => expect(parseTilePath(tilePath(tile))).toEqual({ kind: 'tile', tile })));
  });

  it.each([
    '',
    '0',
    '0/',
    '0/0',
    '0/00',
    '0/0000',
    '0/x000/000',
    '0/x000/001',
    '0/x00/001',
    '0/001/002',
    '0/x001/x002',
    '00/000',
    '01/000',
    '64/000',
    '100/000',
    '-1/000',
    '0/000.p/0',
    '0/000.p/256',
    '0/000.p/999',
    '0/000.p/01',
    '0/000.p/',
    '0/000.p',
    '0/000/1',
    '/0/000',
    '0/000/',
    '0/000\n',
    '0/x010/x000/x000/x000/x000/000',
    '0/x001/x000/x000/x000/x000/x000/000',
    'Entries/000',
    'entries/',
    '0/٠٠٠',
  ])('is not %p', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  it.each([
    { level: 0, index: -1, width: 1 },
    { level: 0, index: 2 ** 53, width: 1 },
    { level: 0, index: 0, width: 0 },
    { level: 0, index: 0, width: 257 },
  ])('is not made for %p', (tile) => {
    expect(() => tilePath(tile)).toThrow(RangeError);
  });
});

describe('the tiles of a tree', () => {
  it('of 70,000 leaves are those of the specification', () => {
    expect([...listCompletedTiles({ from: 0, to: 70_000 })]).toHaveLength(273 + 1);
    expect(partialTiles(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
  });

  it('of 256 leaves are a full one and one hash above it', () => {
    expect([...listCompletedTiles({ from: 255, to: 256 })]).toEqual([{ level: 0, index: 0, width: 256 }]);
    expect(partialTiles(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
  });

  it('are completed once each, however the tree grew', () => {
    const grown = fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 6 });
    fc.assert(
      fc.property(grown, (stops) => {
        const sizes = [0, ...stops.toSorted((one, other) => one - other)];
        const step = sizes.flatMap((to, index) => [...listCompletedTiles({ from: sizes[index - 1] ?? 0, to })]);
        const once = [...listCompletedTiles({ from: 0, to: sizes.at(-1) ?? 0 })];
        const names = (tiles: readonly Tile[]): readonly string[] => tiles.map(tilePath).toSorted();
        expect(names(step)).toEqual(names(once));
      }),
    );
  });

  it('have the width that the size gives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (size) => {
        for (const tile of partialTiles(size)) expect(tileWidth(tile, size)).toBe(tile.width);
        expect(tileWidth({ level: 0, index: Math.floor(size / TILE_WIDTH) + 1 }, size)).toBe(0);
      }),
    );
  });
});

describe('tiles and bundles as bytes', () => {
  const hashes = Array.from({ length: TILE_WIDTH }, (_, index) => leafOf(index));

  it('are read as they were written', () => {
    for (const width of [1, 2, 255, 256])
      expect(decodeTile(encodeTile(hashes.slice(0, width)))?.map(hex)).toEqual(hashes.slice(0, width).map(hex));
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(entries, (bundle) => {
        expect(decodeBundle(encodeBundle(bundle))?.map(hex)).toEqual(bundle.map(hex));
        expect(decodeBundle(encodeBundle(bundle).subarray(0, -1))?.length).not.toBe(bundle.length);
      }),
    );
  });

  it('are refused when they are not whole', () => {
    expect([0, 31, 33, 257 * 32].map((length) => decodeTile(new Uint8Array(length)))).toEqual(Array(4).fill(undefined));
    expect([[], [0], [0, 1], [0, 0, 0]].map((bytes) => decodeBundle(Uint8Array.from(bytes)))).toEqual(
      Array(4).fill(undefined),
    );
    expect(decodeBundle(new Uint8Array(257 * 2))).toBeUndefined();
  });

  it('say the length of an entry in two bytes, the higher first', () => {
    expect(hex(encodeBundle([Buffer.alloc(0x0102, 7)])).slice(0, 6)).toBe('010207');
  });

  it('hold the longest entry that recording takes, and refuse a longer one rather than cut it', () => {
    const longest = Buffer.alloc(BUNDLED_ENTRY_LIMIT_BYTES, 65);
    expect(decodeBundle(encodeBundle([longest]))).toEqual([longest]);
    expect(() => encodeBundle([longest, Buffer.alloc(BUNDLED_ENTRY_LIMIT_BYTES + 1)])).toThrow(
      new EntryTooLongError(1),
    );
  });

  it('belong together only when every entry hashes to its leaf', () => {
    const entries = [Buffer.from('a'), Buffer.from('b')];
    const tile = entries.map(leafHash);
    expect(isBundleUnder(tile, entries)).toBe(true);
    expect(isBundleUnder(tile, entries.toReversed())).toBe(false);
    expect(isBundleUnder(tile, entries.slice(1))).toBe(false);
    expect(isBundleUnder(tile.slice(1), entries)).toBe(false);
  });

  it('stand under a hash of the level above only when full', () => {
    const parent = tileHash(hashes);
    expect(isTileUnder(parent, hashes)).toBe(true);
    expect(isTileUnder(parent, hashes.toReversed())).toBe(false);
    expect(isTileUnder(parent, hashes.slice(1))).toBe(false);
    expect(() => tileHash(hashes.slice(1))).toThrow(RangeError);
  });
});

describe('the edge of a tree', () => {
  const LARGEST = 66_000;
  const edge = new TileEdge();
  const frontier = new Frontier();
  const stored = new Map<string, readonly Hash[]>();
  const roots = new Map<number, Hash>([[0, EMPTY_ROOT]]);
  const leaves: Hash[] = [];
  const stops = [1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, LARGEST];
  for (let size = 1; size <= LARGEST; size += 1) {
    const leaf = leafOf(size);
    leaves.push(leaf);
    frontier.append(leaf);
    for (const { tile, hashes } of edge.append(leaf)) stored.set(tilePath(tile), hashes);
    if (stops.includes(size)) {
      roots.set(size, frontier.root());
      if (hex(edge.root()) !== hex(frontier.root())) throw new Error(`another root at ${size}`);
      for (const { tile, hashes } of edge.partial()) stored.set(tilePath(tile), hashes);
    }
  }

  const readerAt = (size: number) =>
    tileHashReader(
      {
        tilesAt: async (tiles) =>
          tiles.map((tile) => {
            const found = stored.get(tilePath(tile));
            if (!found) throw new Error(`no tile ${tilePath(tile)}`);
            return found;
          }),
      },
      size,
    );

  it('gives out each full tile once, when it is full', () => {
    const full = [...stored.keys()].filter((path) => !path.includes('.p/')).toSorted();
    expect(full).toEqual([...listCompletedTiles({ from: 0, to: LARGEST })].map(tilePath).toSorted());
  });

  it('has the root of its partial tiles', () => {
    expect(hex(rootOfEdge(new TileEdge().partial().map(({ hashes }) => hashes)))).toBe(hex(EMPTY_ROOT));
    expect(hex(edge.root())).toBe(hex(frontier.root()));
  });

  it('goes on from its partial tiles', () => {
    const half = new TileEdge();
    for (const leaf of leaves.slice(0, 700)) half.append(leaf);
    const on = new TileEdge({ size: half.size, partial: half.partial() });
    for (const leaf of leaves.slice(700, 65_537)) on.append(leaf);
    expect(hex(on.root())).toBe(hex(roots.get(65_537) ?? EMPTY_ROOT));
    expect(() => new TileEdge({ size: 700, partial: [] })).toThrow(RangeError);
  });

  it.each(stops)('serves roots and proofs from stored tiles at %d', async (size) => {
    const reader = readerAt(size);
    const root = roots.get(size) ?? EMPTY_ROOT;
    expect(hex(await rootAt(reader, size))).toBe(hex(root));
    for (const index of new Set([0, Math.floor(size / 2), Math.floor(size / 3), size - 1])) {
      const proof = await inclusionProof(reader, { index, size });
      expect(provesInclusion(proof, { index, size, leaf: leaves[index] ?? EMPTY_ROOT, root })).toBe(true);
    }
    for (const [from, fromRoot] of roots) {
      if (from > size) continue;
      const proof = await consistencyProof(reader, { from, to: size });
      expect(provesConsistency(proof, { from, to: size, fromRoot, toRoot: root })).toBe(true);
    }
  });

  it('does not take a tile that is too narrow', async () => {
    const narrow = tileHashReader({ tilesAt: async (tiles) => tiles.map(() => leaves.slice(0, 5)) }, 6);
    await expect(rootAt(narrow, 6)).rejects.toThrow(RangeError);
  });

  it('has no subtree that is not complete', async () => {
    await expect(readerAt(257).hashesAt([{ level: 1, index: 128 }])).rejects.toThrow(RangeError);
  });
});
