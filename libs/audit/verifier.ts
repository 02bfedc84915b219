/**
 * What verifies without the log: offline, from an export or an answer alone. Free of Nest and of databases.
 */
export { readStrictJson } from './src/canonical-text.js';
export { type Checkpoint, openCheckpoint } from './src/checkpoint.js';
export { type VerifierKey, parseVerifierKey } from './src/note-keys.js';
export { type AnswerFault, type AnswerFaultReason, type AnswerVerification, verifyAnswer } from './src/proof-answer.js';
export { type Reading } from './src/reading.js';
export { type Fault, type FaultReason, type Verification } from './src/verification.js';
export { type Known, verifyExport } from './src/verifier.js';
