/**
 * What a worker of a page verifies: an answer with its proof, by the lines of `ptl verify`. Reaches no module of Node.
 */
import type { AnswerVerification } from './src/answer/answer-check.js';
import { type AnswerToCheck, checkAnswerStepwise } from './src/answer/check-answer.js';
import { type Cryptography, awaitSteps } from './src/primitives/steps.js';
import { chooseCryptography } from './src/primitives/web-cryptography.js';

export type { AnswerFault, AnswerFaultReason, AnswerVerification } from './src/answer/answer-check.js';
export type { AnswerToCheck };

/**
 * Checks that an answer follows from all entries of its policy: they are in the signed log, whole and unchanged, and
 * folded again here they come to what the answer shows.
 *
 * Takes time that grows with the policy's entries: for a worker.
 */
export const checkAnswer = async (toCheck: AnswerToCheck, cryptography?: Cryptography): Promise<AnswerVerification> =>
  awaitSteps(checkAnswerStepwise(toCheck), cryptography ?? (await chooseCryptography()));
