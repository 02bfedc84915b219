import { nodeCryptography } from '../primitives/node-cryptography.js';
import type { ParseResult } from '../primitives/parse-result.js';
import { runSteps } from '../primitives/steps.js';
import { type Checkpoint, openCheckpointStepwise } from './checkpoint.js';
import { type SignedNote, signersOfStepwise } from './signed-note.js';
import { type VerifierKey, parseVerifierKeyStepwise } from './verifier-key.js';

/** Reads a verifier key: `{name}+{id}+{base64 of kind and public key}`. */
export const parseVerifierKey = (text: string): ParseResult<VerifierKey> =>
  runSteps(parseVerifierKeyStepwise(text), nodeCryptography);

/** Which of the known keys signed a note; at least one, or why not. See {@link signersOfStepwise}. */
export const signersOf = (note: SignedNote, known: readonly VerifierKey[]): ParseResult<readonly VerifierKey[]> =>
  runSteps(signersOfStepwise(note, known), nodeCryptography);

/** Reads a signed checkpoint; its key must have signed it. */
export const openCheckpoint = (note: string, key: VerifierKey): ParseResult<Checkpoint> =>
  runSteps(openCheckpointStepwise(note, key), nodeCryptography);
