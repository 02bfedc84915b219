import { base64, bytesOfBase64 } from '../primitives/bytes.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import type { HeadsDigest } from '../merkle/stream-head.js';
import { HASH_BYTES, isTreeSize } from '../merkle/tree-hashes.js';

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
