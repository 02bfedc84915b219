import { type Checkpoint, openCheckpointStepwise } from '../notes/checkpoint.js';
import { listUnprovenRollbacks, rollbacksIn } from '../notes/rollbacks.js';
import { parseVerifierKeyStepwise } from '../notes/verifier-key.js';
import type { CheckSteps } from '../primitives/steps.js';
import { type CheckOutcome, notVerified } from './check-outcome.js';

/** A checkpoint as it is served, and the key that is to have signed it. */
export interface CheckpointToCheck {
  /** The signed note: the text of `GET /v1/audit/checkpoint`. */
  readonly note: string;
  /** The verifier key: the text of `GET /v1/audit/public-key`, or better one known from elsewhere. */
  readonly vkey: string;
}

/** Checks that a checkpoint is signed by the key. */
export function* checkCheckpointStepwise({
  note,
  vkey,
}: CheckpointToCheck): CheckSteps<CheckOutcome<{ readonly checkpoint: Checkpoint }>> {
  const key = yield* parseVerifierKeyStepwise(vkey.trim());
  if (!key.ok) return notVerified('key-unreadable', null, key.message);
  const opened = yield* openCheckpointStepwise(note, key.value);
  if (!opened.ok) return notVerified('checkpoint-unreadable', null, opened.message);
  const rollbacks = rollbacksIn(opened.value.extensions);
  if (!rollbacks.ok) return notVerified('checkpoint-unreadable', null, rollbacks.message);
  return {
    verdict: 'verified',
    checkpoint: opened.value,
    unproven: [
      ...listUnprovenRollbacks(rollbacks.value),
      'That this is the newest checkpoint, and that others were shown the same one: compare it with theirs.',
      'That the log holds what the page shows: the proofs of events and answers show that.',
    ],
  };
}
