/** The audit: the log as a Merkle tree, its signed checkpoints, proofs, and exports that verify themselves. */
export {
  ANSWER_ENTRIES_LIMIT,
  type AnswerDocument,
  type ProvenEntry,
  answerSchema,
  parseAnswer,
} from './answer/answer-document.js';
export { type Question } from './answer/question.js';
export { type AnswerParts, answerDocument } from './answer/make-answer.js';
export { acceptRollback } from './anchor/accept-rollback.js';
export { type Audit, type AuditHealth, type AuditStatus } from './audit.js';
export { type Checkpoint, checkpointText, parseCheckpointText, signCheckpoint } from './notes/checkpoint.js';
export { type EntryContent, readEntryText } from './log-check/entry-text.js';
export {
  BUNDLED_ENTRY_LIMIT_BYTES,
  EntryTooLongError,
  decodeBundle,
  encodeBundle,
  isBundleUnder,
} from './merkle/entry-bundle.js';
export { type ExportBlock, type ExportContent, type ExportHeader, exportLines } from './export/export-file.js';
export { type ExportedEntry, exportedEntries } from './export/exported-entries.js';
export { LineFaultError, splitLines } from './export/export-lines.js';
export { HeadsTree } from './merkle/heads-tree.js';
export { Frontier, leafHash, nodeHash } from './merkle/merkle.js';
export { type HashReader, type Subtree, consistencyProof, inclusionProof, rootAt } from './merkle/merkle-proofs.js';
export { provesConsistency, provesInclusion } from './merkle/merkle-verification.js';
export { type ConsistencyClaim, type InclusionClaim } from './merkle/path-verification.js';
export { type HeadProof, type HeadsDigest, type StreamHead } from './merkle/stream-head.js';
export { EMPTY_ROOT, type Hash, sameHash } from './merkle/tree-hashes.js';
export { parseSecretKey, secretKeyText } from './notes/note-keys.js';
export { openCheckpoint, parseVerifierKey, signersOf } from './notes/note-verification.js';
export { type VerifierKey } from './notes/verifier-key.js';
export { type AnswerFault, type AnswerFaultReason, type AnswerVerification } from './answer/answer-check.js';
export { verifyAnswer } from './answer/answer-verifier.js';
export { type ParseResult } from './primitives/parse-result.js';
export {
  type NoteSignature,
  type SignedNote,
  type SignerKey,
  formatNote,
  parseNote,
  signNote,
} from './notes/signed-note.js';
export { headsIn, headsLine } from './notes/heads-line.js';
export { headsDigest, provesHead } from './notes/stream-heads.js';
export { type FilledTile, TileEdge } from './merkle/tile-edge.js';
export { type TileReader, tileHashReader } from './merkle/tile-hash-reader.js';
export { type Bundle, type TileName, bundlePath, parseTilePath, tilePath } from './merkle/tile-path.js';
export {
  TILE_WIDTH,
  type Tile,
  decodeTile,
  encodeTile,
  isTileUnder,
  partialTiles,
  rootOfEdge,
  tileHash,
  tileWidth,
  listCompletedTiles,
} from './merkle/tiles.js';
export { type Fault, type Verification } from './export/verification.js';
export { type TrustedInputs, verifyExport } from './export/export-verifier.js';
export {
  type AuditRecord,
  type ConsistencyAnswer,
  type InclusionAnswer,
  type ProofOutcome,
  type ProofRefusal,
} from './record/audit-record.js';
export { type ExportOutcome } from './record/log-export.js';
export { type SignedPrefix, readSignedPrefix } from './record/signed-prefix.js';
export { type ExportReplay, replayExport } from './replay/replay-export.js';
export { type ScratchDatabase, withScratchLog } from './replay/scratch-log.js';
export { type Finding, type FoundRow, type SelfCheckReport, selfCheckReport } from './self-check/report.js';
export { findTexts } from './self-check/stored-findings.js';
export { type SelfCheckVerdict } from './self-check/status.js';
export { ContradictionError } from './signer/growing-tree.js';
export { readVerifierKey } from './signer/key-file.js';
export { restoreTree } from './signer/restore-tree.js';
export { auditDataSource, migrateAudit } from './store/migrations.js';
export { type TreeState } from './store/tree-state.js';
export { type AuditSetting, openAudit } from './open-audit.js';
