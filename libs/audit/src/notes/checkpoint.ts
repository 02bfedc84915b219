import { type Hash, HASH_BYTES, isTreeSize } from '../merkle/tree-hashes.js';
import { base64, bytesOfBase64 } from '../primitives/bytes.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import type { CheckSteps } from '../primitives/steps.js';
import { type SignerKey, formatNote, parseNote, signNote, signersOfStepwise } from './signed-note.js';
import type { VerifierKey } from './verifier-key.js';

/** The state of the log at one size, as it is signed (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Names the log. */
  readonly origin: string;
  /** The number of leaves, which is the log's last position then. */
  readonly size: number;
  readonly root: Hash;
  /** Further lines, opaque; usually none. */
  readonly extensions: readonly string[];
}

/** The text of a checkpoint that is signed. Throws for an origin or an extension that is not one whole line. */
export function checkpointText({ origin, size, root, extensions }: Checkpoint): string {
  if (!isTreeSize(size) || root.length !== HASH_BYTES)
    throw new RangeError(`No tree has ${size} leaves and this root.`);
  const lines = [origin, String(size), base64(root), ...extensions];
  if (lines.some((line) => !isLine(line)))
    throw new RangeError('Each part of a checkpoint is a line that is not empty.');
  return lines.map((line) => `${line}\n`).join('');
}

/** Reads the text of a checkpoint, strictly: what was read is what {@link checkpointText} writes, byte for byte. */
export function parseCheckpointText(text: string): ParseResult<Checkpoint> {
  const lines = text.split('\n');
  if (lines.pop() !== '') return unreadable('A checkpoint ends in a newline.');
  const [origin = '', size = '', root = '', ...extensions] = lines;
  if (![origin, ...extensions].every(isLine)) return unreadable('A line of the checkpoint is empty or not plain text.');
  if (!/^(0|[1-9]\d*)$/.test(size) || !isTreeSize(Number(size)))
    return unreadable(`The checkpoint's second line is the number of leaves; "${size.slice(0, 40)}" is none.`);
  const hash = bytesOfBase64(root);
  if (hash?.length !== HASH_BYTES) return unreadable('The third line of the checkpoint is not a hash in base64.');
  return read({ origin, size: Number(size), root: hash, extensions });
}

/** A signed checkpoint as it is stored and served. */
export const signCheckpoint = (checkpoint: Checkpoint, keys: readonly SignerKey[]): string =>
  formatNote(signNote(checkpointText(checkpoint), keys));

/** Reads a signed checkpoint; its key must have signed it. */
export function* openCheckpointStepwise(note: string, key: VerifierKey): CheckSteps<ParseResult<Checkpoint>> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const signers = yield* signersOfStepwise(parsed.value, [key]);
  return signers.ok ? parseCheckpointText(parsed.value.text) : signers;
}

const isLine = (line: string): boolean => line !== '' && line.isWellFormed() && !/[\u0000-\u001f]/.test(line);
