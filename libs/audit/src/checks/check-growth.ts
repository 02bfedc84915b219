import { provesConsistencyStepwise } from '../merkle/path-verification.js';
import type { Checkpoint } from '../notes/checkpoint.js';
import { rollbacksIn } from '../notes/rollbacks.js';
import type { CheckSteps } from '../primitives/steps.js';
import { checkCheckpointStepwise } from './check-checkpoint.js';
import { readHashes } from './check-inclusion.js';
import { type CheckOutcome, notVerified } from './check-outcome.js';

/** Two checkpoints of a log, and the proof that the later tree begins with the earlier. */
export interface GrowthToCheck {
  /** The signed note that was kept. */
  readonly earlier: string;
  /** The signed note of now. */
  readonly later: string;
  /** The answer of `GET /v1/audit/proof/consistency` from the one size to the other, parsed; none is needed for equal sizes. */
  readonly proof?: unknown;
  /** The verifier key that was kept with the earlier checkpoint. */
  readonly vkey: string;
}

/** The two checkpoints, both signed by the key. */
export interface SignedGrowth {
  readonly earlier: Checkpoint;
  readonly later: Checkpoint;
}

/** Checks that a log has only grown from one checkpoint to another: nothing that was in it was changed or removed. */
export function* checkGrowthStepwise({
  earlier,
  later,
  proof,
  vkey,
}: GrowthToCheck): CheckSteps<CheckOutcome<SignedGrowth>> {
  const first = yield* checkCheckpointStepwise({ note: earlier, vkey });
  if (first.verdict === 'not-verified') return first;
  const last = yield* checkCheckpointStepwise({ note: later, vkey });
  if (last.verdict === 'not-verified') return last;
  const growth = { earlier: first.checkpoint, later: last.checkpoint };
  return (
    findContradiction(growth) ??
    (yield* checkProof(growth, proof)) ?? {
      verdict: 'verified',
      ...growth,
      unproven: ['That others were shown the same log: compare checkpoints with theirs.'],
    }
  );
}

type NotVerified = ReturnType<typeof notVerified>;

/** What needs no proof to be seen. */
function findContradiction({ earlier, later }: SignedGrowth): NotVerified | undefined {
  if (earlier.origin !== later.origin)
    return notVerified(
      'other-log',
      null,
      `The earlier checkpoint is of ${earlier.origin}, the later of ${later.origin}.`,
    );
  if (earlier.size > later.size)
    return notVerified(
      'log-shrunk',
      later.size + 1,
      `The log had ${earlier.size} entries, and now has ${later.size}.${explainRollback({ earlier, later })}`,
    );
  return undefined;
}

function* checkProof({ earlier, later }: SignedGrowth, proof: unknown): CheckSteps<NotVerified | undefined> {
  const [from, to] = [earlier.size, later.size];
  const hashes = from === to ? [] : readConsistency(proof, { from, to });
  if (!hashes)
    return notVerified(
      'proof-unreadable',
      null,
      `The answer is not a proof of consistency from ${from} to ${to} entries.`,
    );
  const claim = { from, to, fromRoot: earlier.root, toRoot: later.root };
  const isShown = yield* provesConsistencyStepwise(hashes, claim);
  return isShown
    ? undefined
    : notVerified(
        'log-rewritten',
        null,
        `The first ${from} entries are not shown to be those of the earlier checkpoint: one of them was changed or removed, or the proof is wrong.${explainRollback({ earlier, later })}`,
      );
}

function readConsistency(proof: unknown, { from, to }: { readonly from: number; readonly to: number }) {
  if (typeof proof !== 'object' || proof === null) return undefined;
  const read: Readonly<Record<string, unknown>> = { ...proof };
  return read['from'] === from && read['to'] === to ? readHashes(read['hashes']) : undefined;
}

/** Where the operator accepted openly that the log does not go on from where it was, says so. */
function explainRollback({ earlier, later }: SignedGrowth): string {
  const rollbacks = rollbacksIn(later.extensions);
  const accepted = rollbacks.ok ? rollbacks.value.find(({ size }) => size >= earlier.size) : undefined;
  return accepted
    ? ` At position ${accepted.position} the operator accepted that the log was restored to an older state; the entry there gives the reason.`
    : '';
}
