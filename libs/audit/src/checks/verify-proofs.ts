import type { Checkpoint } from '../notes/checkpoint.js';
import { nodeCryptography } from '../primitives/node-cryptography.js';
import { runSteps } from '../primitives/steps.js';
import { type CheckpointToCheck, checkCheckpointStepwise } from './check-checkpoint.js';
import { type GrowthToCheck, type SignedGrowth, checkGrowthStepwise } from './check-growth.js';
import { type IncludedEntry, type InclusionToCheck, checkInclusionStepwise } from './check-inclusion.js';
import type { CheckOutcome } from './check-outcome.js';
import { type ProvenInclusion, type TlogProofToCheck, checkTlogProofStepwise } from './tlog-proof.js';

/** Verifies, in Node, that a checkpoint is signed by a key; see {@link checkCheckpointStepwise}. */
export const verifyCheckpoint = (toCheck: CheckpointToCheck): CheckOutcome<{ readonly checkpoint: Checkpoint }> =>
  runSteps(checkCheckpointStepwise(toCheck), nodeCryptography);

/** Verifies, in Node, that an entry is in the signed tree; see {@link checkInclusionStepwise}. */
export const verifyInclusion = (toCheck: InclusionToCheck): CheckOutcome<IncludedEntry> =>
  runSteps(checkInclusionStepwise(toCheck), nodeCryptography);

/** Verifies, in Node, that a log has only grown between two checkpoints; see {@link checkGrowthStepwise}. */
export const verifyGrowth = (toCheck: GrowthToCheck): CheckOutcome<SignedGrowth> =>
  runSteps(checkGrowthStepwise(toCheck), nodeCryptography);

/** Verifies, in Node, a proof that has entry and checkpoint with it; see {@link checkTlogProofStepwise}. */
export const verifyTlogProof = (toCheck: TlogProofToCheck): CheckOutcome<ProvenInclusion> =>
  runSteps(checkTlogProofStepwise(toCheck), nodeCryptography);
