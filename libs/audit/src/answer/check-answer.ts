import { readStrictJson } from '../log-check/canonical-text.js';
import { parseVerifierKeyStepwise } from '../notes/verifier-key.js';
import { utf8 } from '../primitives/bytes.js';
import type { CheckSteps } from '../primitives/steps.js';
import { type AnswerFaultReason, type AnswerVerification, verifyAnswerStepwise } from './answer-check.js';
import { recountEvents } from './recount/recount-events.js';

/** An answer that carries its proof, and the key that is to have signed it. */
export interface AnswerToCheck {
  /** The text of an answer with `proof=true`, as it came: a state, or a list of events. */
  readonly text: string;
  /** The verifier key that the reader knows; without it the answer's own is taken. */
  readonly vkey?: string;
}

/** Verifies an answer from its text, and by the key that the reader knows where there is one. */
export function* checkAnswerStepwise({ text, vkey }: AnswerToCheck): CheckSteps<AnswerVerification> {
  const json = readStrictJson(utf8(text));
  if (!json.ok) return unreadableAnswer('answer-unreadable', json.message);
  if (vkey === undefined) return yield* verifyAnswerStepwise(json.value, { recount: recountEvents });
  const key = yield* parseVerifierKeyStepwise(vkey.trim());
  return key.ok
    ? yield* verifyAnswerStepwise(json.value, { key: key.value, recount: recountEvents })
    : unreadableAnswer('key-differs', `The key that was given cannot be read. ${key.message}`);
}

const unreadableAnswer = (reason: AnswerFaultReason, message: string): AnswerVerification => ({
  verdict: 'not-verified',
  fault: { reason, position: null, message },
});
