import { base64, bytesOfBase64, hexOf, joinBytes, utf8 } from '../primitives/bytes.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import { type CheckSteps, hashStepwise } from '../primitives/steps.js';

/** A key that signatures are verified with. */
export interface VerifierKey {
  /** Says whose key it is; it is in the notes that it signs. */
  readonly name: string;
  /** The first four bytes of the hash of name, kind and public key, in hex. */
  readonly id: string;
  /** The key as text: `{name}+{id}+{base64 of kind and public key}` (C2SP signed-note, "vkey"). */
  readonly text: string;
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
}

/** The only kind of key there is here: Ed25519 as C2SP signed-note has it. */
export const ED25519_KIND = 1;

/** The length of a key, and of what it is made from. */
export const KEY_BYTES = 32;

/** True for what can be a key's name: no white space, no plus, no control characters. */
export const isKeyName = (name: string): boolean =>
  name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);

/** Reads a verifier key: `{name}+{id}+{base64 of kind and public key}`. */
export function* parseVerifierKeyStepwise(text: string): CheckSteps<ParseResult<VerifierKey>> {
  const parts = parseKeyParts(text);
  if (!parts.ok) return parts;
  const key = yield* verifierKeyStepwise(parts.value.name, parts.value.bytes);
  return key.id === parts.value.id ? read(key) : unreadable('The key was changed: its id is that of another key.');
}

/** The verifier key of a name and a public key. */
export function* verifierKeyStepwise(name: string, publicKey: Uint8Array): CheckSteps<VerifierKey> {
  const kindAndKey = joinBytes(Uint8Array.of(ED25519_KIND), publicKey);
  // C2SP signed-note: the hash over name, newline, kind and public key; its first four bytes.
  const id = hexOf(yield* hashStepwise(joinBytes(utf8(`${name}\n`), kindAndKey))).slice(0, 8);
  return { name, id, text: `${name}+${id}+${base64(kindAndKey)}`, publicKey };
}

/** The parts of a key's text. */
export interface KeyParts {
  readonly name: string;
  readonly id: string;
  /** Of a verifier key the public key, of a secret key the seed. */
  readonly bytes: Uint8Array;
}

/** Parts the text of a key. Base64 may have a plus in it, so only the first two part the text. */
export function parseKeyParts(text: string): ParseResult<KeyParts> {
  const [, name = '', id = '', encoded = ''] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/s.exec(text) ?? [];
  if (!isKeyName(name)) return unreadable('A key is {name}+{id}+{key}: a name, eight hex digits, and base64.');
  const [kind, ...bytes] = bytesOfBase64(encoded) ?? [];
  return kind === ED25519_KIND && bytes.length === KEY_BYTES
    ? read({ name, id, bytes: Uint8Array.from(bytes) })
    : unreadable('The key is not an Ed25519 key in base64.');
}
