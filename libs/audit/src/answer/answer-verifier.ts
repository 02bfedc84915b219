import type { VerifierKey } from '../notes/verifier-key.js';
import { nodeCryptography } from '../primitives/node-cryptography.js';
import { runSteps } from '../primitives/steps.js';
import { type AnswerVerification, verifyAnswerStepwise } from './answer-check.js';
import { recountAll } from './recount/recount-all.js';

/** Verifies an answer that carries its proof, in Node; see {@link verifyAnswerStepwise}. */
export const verifyAnswer = (json: unknown, key?: VerifierKey): AnswerVerification =>
  runSteps(verifyAnswerStepwise(json, { key, recount: recountAll }), nodeCryptography);
