/**
 * What verifies without the log: offline, from an export or an answer alone. Free of Nest and of databases.
 */
export { readStrictJson } from './src/log-check/canonical-text.js';
export { type Checkpoint } from './src/notes/checkpoint.js';
export { openCheckpoint, parseVerifierKey } from './src/notes/note-verification.js';
export { type VerifierKey } from './src/notes/verifier-key.js';
export { type AnswerFault, type AnswerFaultReason, type AnswerVerification } from './src/answer/answer-check.js';
export { verifyAnswer } from './src/answer/answer-verifier.js';
export { type ParseResult } from './src/primitives/parse-result.js';
export { type Fault, type Verification } from './src/export/verification.js';
export { type TrustedInputs, verifyExport } from './src/export/export-verifier.js';
export { type CheckFault } from './src/checks/check-outcome.js';
export { seemsTlogProof } from './src/checks/tlog-proof.js';
export { verifyCheckpoint, verifyGrowth, verifyInclusion, verifyTlogProof } from './src/checks/verify-proofs.js';
