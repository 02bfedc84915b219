import { base64, bytesOfBase64, bytesOfHex, hexOf, joinBytes, utf8 } from '../primitives/bytes.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import { type CheckSteps, verifyStepwise } from '../primitives/steps.js';
import { type VerifierKey, isKeyName } from './verifier-key.js';

/** Text with signatures (C2SP signed-note). Not to be believed before {@link signersOfStepwise} has named who signed it. */
export interface SignedNote {
  /** Ends in a newline. */
  readonly text: string;
  /** At least one, in the order of the note. */
  readonly signatures: readonly NoteSignature[];
}

/** One line of signature. */
export interface NoteSignature {
  readonly name: string;
  /** The id of the key it claims to be of, in hex. */
  readonly id: string;
  readonly signature: Uint8Array;
}

/** Signs, and says how to verify. */
export interface SignerKey {
  readonly verifier: VerifierKey;
  /** The Ed25519 signature over the text in UTF-8. */
  readonly sign: (text: string) => Uint8Array;
}

/** A note has at most this many signatures, and one of its lines and its text together at most this many bytes. */
export const NOTE_SIGNATURES_LIMIT = 100;
export const NOTE_LIMIT_BYTES = 1_000_000;

const ID_BYTES = 4;

/** Signs a text with each key, in their order. Throws for a text that no note can hold. */
export function signNote(text: string, keys: readonly SignerKey[]): SignedNote {
  const fault = textFault(text);
  if (fault) throw new RangeError(fault);
  if (keys.length === 0) throw new RangeError('A note takes a signature.');
  const signatures = keys.map(({ verifier: { name, id }, sign }) => ({ name, id, signature: sign(text) }));
  return { text, signatures };
}

/** A note as it is stored and served. */
export const formatNote = ({ text, signatures }: SignedNote): string =>
  `${text}\n${signatures.map(formatSignature).join('')}`;

const formatSignature = ({ name, id, signature }: NoteSignature): string =>
  `— ${name} ${base64(joinBytes(bytesOfHex(id), signature))}\n`;

/**
 * Reads a note, strictly: well-formed text without control characters but newlines, an empty line, then only lines of
 * signature. What was read is what {@link formatNote} writes, byte for byte.
 */
export function parseNote(note: string): ParseResult<SignedNote> {
  if (utf8(note).length > NOTE_LIMIT_BYTES) return unreadable(`A note has at most ${NOTE_LIMIT_BYTES} bytes.`);
  const end = note.lastIndexOf('\n\n');
  if (end < 0) return unreadable('The note has no empty line between its text and its signatures.');
  const text = note.slice(0, end + 1);
  const fault = textFault(text);
  if (fault) return unreadable(fault);
  const lines = note.slice(end + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0) return unreadable('The note ends in no line of signature.');
  if (lines.length > NOTE_SIGNATURES_LIMIT)
    return unreadable(`A note has at most ${NOTE_SIGNATURES_LIMIT} signatures; this one has ${lines.length}.`);
  const signatures = lines.map(parseSignature);
  return signatures.every((signature) => signature !== undefined)
    ? read({ text, signatures })
    : unreadable(`Line ${signatures.indexOf(undefined) + 1} of the note's signatures is not one.`);
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name = '', encoded = ''] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = bytesOfBase64(encoded);
  if (!isKeyName(name) || !bytes || bytes.length <= ID_BYTES) return undefined;
  return {
    name,
    id: hexOf(bytes.subarray(0, ID_BYTES)),
    signature: bytes.subarray(ID_BYTES),
  };
}

function textFault(text: string): string | undefined {
  if (!text.endsWith('\n')) return 'The text of a note ends in a newline.';
  if (!text.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(text))
    return 'The text of a note is well-formed Unicode without control characters but newlines.';
  return undefined;
}

/**
 * Which of the known keys signed a note; at least one, or why the note is not to be believed.
 *
 * Signatures of other keys are passed over; one that claims to be of a known key and is not makes the note unreadable,
 * whatever else is signed (C2SP signed-note, "Signatures").
 */
export function* signersOfStepwise(
  { text, signatures }: SignedNote,
  known: readonly VerifierKey[],
): CheckSteps<ParseResult<readonly VerifierKey[]>> {
  const message = utf8(text);
  const signers = new Set<VerifierKey>();
  for (const { name, id, signature } of signatures)
    for (const key of known.filter((one) => one.name === name && one.id === id)) {
      const isRight = yield* verifyStepwise({ publicKey: key.publicKey, message, signature });
      if (!isRight) return unreadable(`The signature of ${name} (${id}) is not over this text.`);
      signers.add(key);
    }
  return signers.size > 0
    ? read([...signers])
    : unreadable(`None of the signatures is of ${known.map(({ name, id }) => `${name} (${id})`).join(' or ')}.`);
}
