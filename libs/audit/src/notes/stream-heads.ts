import { type HeadProof, type HeadsDigest, HeadsTree, type StreamHead, headLeaf } from '../merkle/heads-tree.js';
import { HASH_BYTES, isTreeSize } from '../merkle/merkle.js';
import { provesInclusion } from '../merkle/merkle-verification.js';
import { type ParseResult, base64, bytesOfBase64, read, unreadable } from '../merkle/parse-result.js';

/**
 * The digest of all stream heads, in any order; each stream once.
 *
 * Leaves are the heads' canonical JSON, `{"position":…,"revision":…,"stream":…}`, in order of the streams' UTF-16 code
 * units; tree and hashes are those of RFC 6962. With it a checkpoint says where each stream ended, so that a chain of
 * entries back from there is seen to be whole, and not cut short.
 */
export const headsDigest = (heads: readonly StreamHead[]): HeadsDigest => new HeadsTree(heads).digest();

/** True when the proof shows that the stream ended so where the digest was made. */
export const provesHead = ({ index, hashes }: HeadProof, head: StreamHead, { streams, root }: HeadsDigest): boolean =>
  provesInclusion(hashes, { index, size: streams, leaf: headLeaf(head), root });

const HEADS_LINE = 'stream-heads';

/** The extension line with which a checkpoint carries the digest: `stream-heads {streams} {root in base64}`. */
export const headsLine = ({ streams, root }: HeadsDigest): string => `${HEADS_LINE} ${streams} ${base64(root)}`;

/** Reads the digest from a checkpoint's extension lines; undefined when none is of it, unreadable when one is not right. */
export function headsIn(extensions: readonly string[]): ParseResult<HeadsDigest | undefined> {
  const [line, ...more] = extensions.filter((extension) => extension.split(' ')[0] === HEADS_LINE);
  if (line === undefined) return read(undefined);
  const [, streams = '', encoded = '', ...rest] = line.split(' ');
  const root = bytesOfBase64(encoded);
  const isWhole = more.length === 0 && rest.length === 0 && /^(0|[1-9]\d*)$/.test(streams);
  return isWhole && isTreeSize(Number(streams)) && root?.length === HASH_BYTES
    ? read({ streams: Number(streams), root })
    : unreadable('The line of the stream heads is not one number of streams and one hash.');
}
