import { canonicalJson } from '#event-log/canonical';
import { type Hash, HASH_BYTES, isTreeSize, leafHash } from './merkle.js';
import { type HashReader, inclusionProof, rootAt } from './merkle-proofs.js';
import { provesInclusion } from './merkle-verification.js';
import { type Reading, base64, bytesOfBase64, read, unreadable } from './reading.js';
import { subtreeHash } from './tiles.js';

/** The last entry of a stream, at some size of the log. */
export interface StreamHead {
  readonly stream: string;
  readonly position: number;
  readonly revision: number;
}

/** The digest of all stream heads at one size of the log: a Merkle tree over them. */
export interface HeadsDigest {
  readonly streams: number;
  readonly root: Hash;
}

/** That a stream ended so: its place among the heads and the hashes that lead to their root. */
export interface HeadProof {
  readonly index: number;
  readonly hashes: readonly Hash[];
}

/**
 * The digest of all stream heads, in any order; each stream once.
 *
 * Leaves are the heads' canonical JSON, `{"position":…,"revision":…,"stream":…}`, in order of the streams' UTF-16 code
 * units; tree and hashes are those of RFC 6962. With it a checkpoint says where each stream ended, so that a chain of
 * entries back from there is seen to be whole, and not cut short.
 */
export async function headsDigest(heads: readonly StreamHead[]): Promise<HeadsDigest> {
  const leaves = inOrder(heads).map(headLeaf);
  return { streams: leaves.length, root: await rootAt(readerOf(leaves), leaves.length) };
}

/** The proof of one stream's head; undefined for a stream that is not among them. */
export async function headProof(heads: readonly StreamHead[], stream: string): Promise<HeadProof | undefined> {
  const ordered = inOrder(heads);
  const index = ordered.findIndex((head) => head.stream === stream);
  if (index < 0) return undefined;
  const leaves = ordered.map(headLeaf);
  return { index, hashes: await inclusionProof(readerOf(leaves), { index, size: leaves.length }) };
}

/** True when the proof shows that the stream ended so where the digest was made. */
export const provesHead = ({ index, hashes }: HeadProof, head: StreamHead, { streams, root }: HeadsDigest): boolean =>
  provesInclusion(hashes, { index, size: streams, leaf: headLeaf(head), root });

const HEADS_LINE = 'stream-heads';

/** The extension line with which a checkpoint carries the digest: `stream-heads {streams} {root in base64}`. */
export const headsLine = ({ streams, root }: HeadsDigest): string => `${HEADS_LINE} ${streams} ${base64(root)}`;

/** Reads the digest from a checkpoint's extension lines; undefined when none is of it, unreadable when one is not right. */
export function headsIn(extensions: readonly string[]): Reading<HeadsDigest | undefined> {
  const [line, ...more] = extensions.filter((extension) => extension.split(' ')[0] === HEADS_LINE);
  if (line === undefined) return read(undefined);
  const [, streams = '', encoded = '', ...rest] = line.split(' ');
  const root = bytesOfBase64(encoded);
  const isWhole = more.length === 0 && rest.length === 0 && /^(0|[1-9]\d*)$/.test(streams);
  return isWhole && isTreeSize(Number(streams)) && root?.length === HASH_BYTES
    ? read({ streams: Number(streams), root })
    : unreadable('The line of the stream heads is not one number of streams and one hash.');
}

const headLeaf = ({ stream, position, revision }: StreamHead): Hash =>
  leafHash(Buffer.from(canonicalJson({ position, revision, stream }), 'utf8'));

const inOrder = (heads: readonly StreamHead[]): readonly StreamHead[] =>
  heads.toSorted((one, other) => (one.stream < other.stream ? -1 : 1));

const readerOf = (leaves: readonly Hash[]): HashReader => ({
  hashesAt: async (subtrees) =>
    subtrees.map(({ level, index }) => subtreeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))),
});
