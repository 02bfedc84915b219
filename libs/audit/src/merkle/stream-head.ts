import { canonicalJson } from '#event-log/canonical';
import { utf8 } from '../primitives/bytes.js';
import type { CheckSteps } from '../primitives/steps.js';
import { provesInclusionStepwise } from './path-verification.js';
import { type Hash, leafHashStepwise } from './tree-hashes.js';

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

/** The proof of a stream's head: its index among the heads and the hashes that lead to their root. */
export interface HeadProof {
  readonly index: number;
  readonly hashes: readonly Hash[];
}

/** The entry that a stream's head is in the tree of heads: its canonical JSON, `{"position":…,"revision":…,"stream":…}`. */
export const headBytes = ({ stream, position, revision }: StreamHead): Uint8Array =>
  utf8(canonicalJson({ position, revision, stream }));

/** True when the proof shows that the stream ended so where the digest was made. */
export function* provesHeadStepwise(
  { index, hashes }: HeadProof,
  head: StreamHead,
  { streams, root }: HeadsDigest,
): CheckSteps<boolean> {
  const leaf = yield* leafHashStepwise(headBytes(head));
  return yield* provesInclusionStepwise(hashes, { index, size: streams, leaf, root });
}
