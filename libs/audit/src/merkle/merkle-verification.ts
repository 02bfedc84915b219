import { nodeCryptography } from '../primitives/node-cryptography.js';
import { runSteps } from '../primitives/steps.js';
import {
  type ConsistencyClaim,
  type InclusionClaim,
  provesConsistencyStepwise,
  provesInclusionStepwise,
} from './path-verification.js';
import type { Hash } from './tree-hashes.js';

/** True when the proof shows the claim; see {@link provesInclusionStepwise}. */
export const provesInclusion = (proof: readonly Hash[], claim: InclusionClaim): boolean =>
  runSteps(provesInclusionStepwise(proof, claim), nodeCryptography);

/** True when the proof shows the claim; see {@link provesConsistencyStepwise}. */
export const provesConsistency = (proof: readonly Hash[], claim: ConsistencyClaim): boolean =>
  runSteps(provesConsistencyStepwise(proof, claim), nodeCryptography);
