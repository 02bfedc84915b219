import { type KeyObject, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { base64 } from '../primitives/bytes.js';
import { nodeCryptography } from '../primitives/node-cryptography.js';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import { runSteps } from '../primitives/steps.js';
import type { SignerKey } from './signed-note.js';
import {
  ED25519_KIND,
  KEY_BYTES,
  type VerifierKey,
  isKeyName,
  parseKeyParts,
  verifierKeyStepwise,
} from './verifier-key.js';

/** A secret key's text begins so, and goes on like a verifier key with the seed in the public key's place. */
const SECRET_PREFIX = 'PRIVATE+KEY+';

/** What comes before the seed in a PKCS #8 key (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The text of a secret key made from 32 random bytes: what a key file holds. Throws for a name that no key can have. */
export function secretKeyText(name: string, seed: Uint8Array): string {
  if (!isKeyName(name)) throw new RangeError(`"${name}" cannot name a key: it takes no white space and no plus.`);
  if (seed.length !== KEY_BYTES) throw new RangeError(`A key is made from ${KEY_BYTES} random bytes.`);
  const { id } = verifierKeyOf(name, privateKeyOf(seed));
  return `${SECRET_PREFIX}${name}+${id}+${base64(Uint8Array.of(ED25519_KIND, ...seed))}`;
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
  const verifier = verifierKeyOf(name, secret);
  if (verifier.id !== id) return unreadable('The key was changed: its id is that of another key.');
  return read({ verifier, sign: (note) => sign(null, Buffer.from(note, 'utf8'), secret) });
}

const verifierKeyOf = (name: string, secret: KeyObject): VerifierKey =>
  runSteps(verifierKeyStepwise(name, publicBytes(secret)), nodeCryptography);

const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });

const publicBytes = (secret: KeyObject): Uint8Array =>
  Buffer.from(createPublicKey(secret).export({ format: 'jwk' }).x ?? '', 'base64url');
