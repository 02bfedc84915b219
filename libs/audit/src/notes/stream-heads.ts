import { nodeCryptography } from '../primitives/node-cryptography.js';
import { runSteps } from '../primitives/steps.js';
import { HeadsTree } from '../merkle/heads-tree.js';
import { type HeadProof, type HeadsDigest, type StreamHead, provesHeadStepwise } from '../merkle/stream-head.js';

/**
 * The digest of all stream heads, in any order; each stream once.
 *
 * Leaves are the heads' canonical JSON, `{"position":…,"revision":…,"stream":…}`, in order of the streams' UTF-16 code
 * units; tree and hashes are those of RFC 6962. With it a checkpoint says where each stream ended, so that a chain of
 * entries back from there is seen to be whole, and not cut short.
 */
export const headsDigest = (heads: readonly StreamHead[]): HeadsDigest => new HeadsTree(heads).digest();

/** True when the proof shows that the stream ended so where the digest was made. */
export const provesHead = (proof: HeadProof, head: StreamHead, digest: HeadsDigest): boolean =>
  runSteps(provesHeadStepwise(proof, head, digest), nodeCryptography);
