import { type Hash, HASH_BYTES, isTreeSize } from '../merkle/tree-hashes.js';
import { base64, bytesOfBase64, utf8 } from '../primitives/bytes.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import type { CheckSteps } from '../primitives/steps.js';
import { checkCheckpointStepwise } from './check-checkpoint.js';
import { type IncludedEntry, checkInclusionStepwise, readHashes } from './check-inclusion.js';
import { type CheckOutcome, notVerified } from './check-outcome.js';

/** An entry with all that shows it to be in a signed log, as one text (C2SP tlog-proof). */
export interface TlogProof {
  /** Place among the leaves, from 0. */
  readonly index: number;
  /** From the leaf's neighbour up. */
  readonly hashes: readonly Hash[];
  /** The entry, as the extra data of the proof: nothing signs that line, but its hash must be the leaf's. */
  readonly entry: string;
  /** The signed checkpoint. */
  readonly note: string;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';

/** True for a text that begins like a proof of this form. */
export const seemsTlogProof = (beginning: string): boolean => beginning.startsWith(`${FIRST_LINE}\n`);

/** The text of a proof, with the entry in it, so that nothing else is needed but the key. */
export const tlogProofText = ({ index, hashes, entry, note }: TlogProof): string =>
  [FIRST_LINE, `extra ${base64(utf8(entry))}`, `index ${index}`, ...hashes.map(base64), '', note].join('\n');

/** Reads a proof that has the entry with it. */
export function parseTlogProof(text: string): ParseResult<TlogProof> {
  const end = text.indexOf('\n\n');
  const [first, extra = '', indexLine = '', ...paths] = text.slice(0, Math.max(0, end)).split('\n');
  if (first !== FIRST_LINE) return unreadable(`A proof begins with the line ${FIRST_LINE}.`);
  const bytes = bytesOfBase64(/^extra (\S+)$/.exec(extra)?.[1] ?? '!');
  if (!bytes) return unreadable('The second line of the proof is not its entry: "extra" and base64.');
  const index = /^index (0|[1-9]\d*)$/.exec(indexLine)?.[1];
  if (index === undefined || !isTreeSize(Number(index)))
    return unreadable('The third line of the proof is not "index" and the place of the entry.');
  const hashes = readHashes(paths);
  if (!hashes || hashes.some(({ length }) => length !== HASH_BYTES))
    return unreadable('A line before the checkpoint is not a hash in base64.');
  return read({ index: Number(index), hashes, entry: new TextDecoder().decode(bytes), note: text.slice(end + 2) });
}

/** A proof as it is served, and the key that is to have signed its checkpoint. */
export interface TlogProofToCheck {
  readonly text: string;
  readonly vkey: string;
}

/** An entry that is in a signed log, and the checkpoint over it. */
export interface ProvenInclusion extends IncludedEntry {
  readonly origin: string;
  readonly size: number;
}

/** Checks a proof by itself: the signature of its checkpoint, and the path of its entry to that root. */
export function* checkTlogProofStepwise({ text, vkey }: TlogProofToCheck): CheckSteps<CheckOutcome<ProvenInclusion>> {
  const proof = parseTlogProof(text);
  if (!proof.ok) return notVerified('proof-unreadable', null, proof.message);
  const { index, hashes, entry, note } = proof.value;
  const signed = yield* checkCheckpointStepwise({ note, vkey });
  if (signed.verdict === 'not-verified') return signed;
  const { origin, size } = signed.checkpoint;
  const included = yield* checkInclusionStepwise({
    proof: { index, size, hashes: hashes.map(base64), entry },
    checkpoint: signed.checkpoint,
  });
  return included.verdict === 'verified' ? { ...included, origin, size } : included;
}
