import { type KeyObject, createPublicKey, hash, verify } from 'node:crypto';
import { spkiOf } from './ed25519-spki.js';
import type { SyncCryptography } from './steps.js';

/** Cryptography by Node: answers at once. */
export const nodeCryptography: SyncCryptography = {
  hash: (bytes) => hash('sha256', bytes, 'buffer'),
  verify: ({ publicKey, message, signature }) => verify(null, message, keyObjectOf(publicKey), signature),
};

/** To make one takes a third of the time that a signature takes to verify, and most notes are of one key. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>();

function keyObjectOf(publicKey: Uint8Array): KeyObject {
  const known = keyObjects.get(publicKey);
  if (known) return known;
  const made = createPublicKey({ key: Buffer.from(spkiOf(publicKey)), format: 'der', type: 'spki' });
  keyObjects.set(publicKey, made);
  return made;
}
