/**
 * What a page verifies for its reader: the lines that verify in Node, over WebCrypto or, where there is none, over
 * JavaScript. What folds an answer again is in an entry of its own, for a worker.
 *
 * Reaches no module of Node. Each function answers an outcome, and throws for no input; what is served is taken parsed,
 * as it came, and trusted in nothing.
 */
import { type CheckpointToCheck, checkCheckpointStepwise } from './src/checks/check-checkpoint.js';
import { type SignedGrowth, type GrowthToCheck, checkGrowthStepwise } from './src/checks/check-growth.js';
import { type IncludedEntry, type InclusionToCheck, checkInclusionStepwise } from './src/checks/check-inclusion.js';
import type { CheckOutcome } from './src/checks/check-outcome.js';
import type { Checkpoint } from './src/notes/checkpoint.js';
import { type Cryptography, awaitSteps } from './src/primitives/steps.js';
import { chooseCryptography } from './src/primitives/web-cryptography.js';

export type { CheckFault, CheckFaultReason, CheckOutcome } from './src/checks/check-outcome.js';
export type {
  Checkpoint,
  CheckpointToCheck,
  Cryptography,
  SignedGrowth,
  GrowthToCheck,
  IncludedEntry,
  InclusionToCheck,
};
export { chooseCryptography };

let chosen: Promise<Cryptography> | undefined;
const chooseOnce = (): Promise<Cryptography> => (chosen ??= chooseCryptography());

/** Checks that a checkpoint is signed by a key; answers what it says. */
export const checkCheckpoint = async (
  toCheck: CheckpointToCheck,
  cryptography?: Cryptography,
): Promise<CheckOutcome<{ readonly checkpoint: Checkpoint }>> =>
  awaitSteps(checkCheckpointStepwise(toCheck), cryptography ?? (await chooseOnce()));

/**
 * Checks that an event is in the log that a checkpoint is over and, where it is given, that it is shown as it was
 * recorded: as `GET /v1/events/{key}` answers it.
 */
export async function checkInclusion(
  { shown, ...toCheck }: InclusionToCheck & { readonly shown?: unknown },
  cryptography?: Cryptography,
): Promise<CheckOutcome<IncludedEntry>> {
  const included = await awaitSteps(checkInclusionStepwise(toCheck), cryptography ?? (await chooseOnce()));
  if (included.verdict === 'not-verified' || shown === undefined) return included;
  // Loaded only where it is needed: the domain comes with it.
  const { compareShown } = await import('./src/checks/shown-event.js');
  return compareShown(shown, included);
}

/** Checks that the log has only grown since a checkpoint that was kept: no entry up to it was changed or removed. */
export const checkGrowth = async (
  toCheck: GrowthToCheck,
  cryptography?: Cryptography,
): Promise<CheckOutcome<SignedGrowth>> =>
  awaitSteps(checkGrowthStepwise(toCheck), cryptography ?? (await chooseOnce()));
