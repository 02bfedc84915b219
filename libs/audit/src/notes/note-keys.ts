import { type KeyObject, createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import { type ParseResult, base64, bytesOfBase64, read, unreadable } from '../merkle/parse-result.js';

/** Verifies signatures of one key. */
export interface VerifierKey {
  /** Says whose key it is; it is in the notes that it signs. */
  readonly name: string;
  /** The first four bytes of the hash of name, kind and public key, in hex. */
  readonly id: string;
  /** The key as text: `{name}+{id}+{base64 of kind and public key}` (C2SP signed-note, "vkey"). */
  readonly text: string;
  /** True when the signature is this key's over the text. */
  readonly verifies: (text: string, signature: Uint8Array) => boolean;
}

/** Signs, and says how to verify. */
export interface SignerKey {
  readonly verifier: VerifierKey;
  /** The Ed25519 signature over the text in UTF-8. */
  readonly sign: (text: string) => Uint8Array;
}

/** The only kind of key there is here: Ed25519 as C2SP signed-note has it. */
const ED25519 = 1;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** A secret key's text begins so, and goes on like a verifier key with the seed in the public key's place. */
const SECRET_PREFIX = 'PRIVATE+KEY+';

/** What comes before the seed in a PKCS #8 key (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** True for what can be a key's name: no white space, no plus, no control characters. */
export const isKeyName = (name: string): boolean =>
  name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);

/** The text of a secret key made from 32 random bytes: what a key file holds. Throws for a name that no key can have. */
export function secretKeyText(name: string, seed: Uint8Array): string {
  if (!isKeyName(name)) throw new RangeError(`"${name}" cannot name a key: it takes no white space and no plus.`);
  if (seed.length !== KEY_BYTES) throw new RangeError(`A key is made from ${KEY_BYTES} random bytes.`);
  const id = keyId(name, publicBytes(privateKeyOf(seed)));
  return `${SECRET_PREFIX}${name}+${id}+${base64(Uint8Array.of(ED25519, ...seed))}`;
}

/**
 * Reads a secret key: `PRIVATE+KEY+{name}+{id}+{base64 of kind and seed}`, as Go's `sumdb/note` writes it, and at most
 * one newline at its end.
 */
export function parseSecretKey(text: string): ParseResult<SignerKey> {
  const line = text.replace(/\n$/, '');
  if (!line.startsWith(SECRET_PREFIX)) return unreadable(`A secret key begins with ${SECRET_PREFIX}.`);
  const parts = parseKeyParts(line.slice(SECRET_PREFIX.length));
  if (!parts.ok) return parts;
  const { name, id, bytes } = parts.value;
  const secret = privateKeyOf(bytes);
  const known = publicBytes(secret);
  if (keyId(name, known) !== id) return unreadable('The key was changed: its id is that of another key.');
  return read({
    verifier: verifierKeyOf(name, known),
    sign: (note) => sign(null, Buffer.from(note, 'utf8'), secret),
  });
}

/** Reads a verifier key: `{name}+{id}+{base64 of kind and public key}`. */
export function parseVerifierKey(text: string): ParseResult<VerifierKey> {
  const parts = parseKeyParts(text);
  if (!parts.ok) return parts;
  const { name, id, bytes } = parts.value;
  return keyId(name, bytes) === id
    ? read(verifierKeyOf(name, bytes))
    : unreadable('The key was changed: its id is that of another key.');
}

interface KeyParts {
  readonly name: string;
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Base64 may have a plus in it, so only the first two part the text. */
function parseKeyParts(text: string): ParseResult<KeyParts> {
  const [, name = '', id = '', encoded = ''] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/s.exec(text) ?? [];
  if (!isKeyName(name)) return unreadable('A key is {name}+{id}+{key}: a name, eight hex digits, and base64.');
  const [kind, ...bytes] = bytesOfBase64(encoded) ?? [];
  return kind === ED25519 && bytes.length === KEY_BYTES
    ? read({ name, id, bytes: Uint8Array.from(bytes) })
    : unreadable('The key is not an Ed25519 key in base64.');
}

function verifierKeyOf(name: string, bytes: Uint8Array): VerifierKey {
  const id = keyId(name, bytes);
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(bytes).toString('base64url') },
    format: 'jwk',
  });
  return {
    name,
    id,
    text: `${name}+${id}+${base64(Uint8Array.of(ED25519, ...bytes))}`,
    verifies: (text, signature) =>
      signature.length === SIGNATURE_BYTES && verify(null, Buffer.from(text, 'utf8'), key, signature),
  };
}

/** C2SP signed-note: the hash over name, newline, kind and public key; its first four bytes. */
const keyId = (name: string, bytes: Uint8Array): string =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), Uint8Array.of(ED25519), bytes]), 'hex').slice(0, 8);

const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });

const publicBytes = (secret: KeyObject): Uint8Array =>
  Buffer.from(createPublicKey(secret).export({ format: 'jwk' }).x ?? '', 'base64url');
