import { type EntryContent, readEntryText } from '../log-check/entry-text.js';
import { provesInclusionStepwise } from '../merkle/path-verification.js';
import { type Hash, leafHashStepwise } from '../merkle/tree-hashes.js';
import type { Checkpoint } from '../notes/checkpoint.js';
import { bytesOfBase64, utf8 } from '../primitives/bytes.js';
import type { CheckSteps } from '../primitives/steps.js';
import { type CheckOutcome, notVerified } from './check-outcome.js';

/** An entry, and the proof that it is in the log. */
export interface InclusionToCheck {
  /** The answer of `GET /v1/audit/proof/inclusion`, parsed. */
  readonly proof: unknown;
  /** A checkpoint that was checked, over as many entries as the proof is. */
  readonly checkpoint: Pick<Checkpoint, 'size' | 'root'>;
}

/** An entry that is in the log, and where. */
export interface IncludedEntry {
  readonly position: number;
  readonly entry: EntryContent;
}

/**
 * Checks that an entry is in the signed tree.
 *
 * The entry is hashed here, and its path must lead to the root of the checkpoint; the leaf and the root that the proof
 * names are not looked at.
 */
export function* checkInclusionStepwise({
  proof,
  checkpoint,
}: InclusionToCheck): CheckSteps<CheckOutcome<IncludedEntry>> {
  const read = readInclusionProof(proof);
  if (!read) return notVerified('proof-unreadable', null, 'The answer is not a proof of inclusion.');
  const { index, size, hashes, entry } = read;
  const position = index + 1;
  if (size !== checkpoint.size)
    return notVerified(
      'proof-unreadable',
      position,
      `The proof is over ${size} entries, the checkpoint over ${checkpoint.size}.`,
    );
  const bytes = utf8(entry);
  const leaf = yield* leafHashStepwise(bytes);
  const isIncluded = yield* provesInclusionStepwise(hashes, { index, size, leaf, root: checkpoint.root });
  if (!isIncluded) return notVerified('not-included', position, 'The entry is not a leaf of the signed tree there.');
  const content = readEntryText(bytes);
  if (!content.ok) return notVerified('not-an-entry', position, content.message);
  return { verdict: 'verified', position, entry: content.value, unproven: NOT_COMPARED };
}

const NOT_COMPARED = ['That the event is shown as its entry says.'];

/** No path is longer: a hash for each level of the largest tree. */
const PATH_LIMIT = 64;

interface InclusionProof {
  readonly index: number;
  readonly size: number;
  readonly hashes: readonly Hash[];
  readonly entry: string;
}

function readInclusionProof(proof: unknown): InclusionProof | undefined {
  if (typeof proof !== 'object' || proof === null) return undefined;
  const { index, size, hashes, entry }: Readonly<Record<string, unknown>> = { ...proof };
  const path = readHashes(hashes);
  return typeof index === 'number' && typeof size === 'number' && typeof entry === 'string' && path
    ? { index, size, hashes: path, entry }
    : undefined;
}

/** The hashes of a proof, from base64; undefined for what is not a list of them. */
export function readHashes(texts: unknown): readonly Hash[] | undefined {
  if (!Array.isArray(texts) || texts.length > PATH_LIMIT) return undefined;
  const hashes = texts.flatMap((text: unknown) => (typeof text === 'string' ? (bytesOfBase64(text) ?? []) : []));
  return hashes.length === texts.length ? hashes : undefined;
}
