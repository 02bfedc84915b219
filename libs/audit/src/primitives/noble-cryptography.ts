import { hashes, verify } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import type { SyncCryptography } from './steps.js';

hashes.sha512 = sha512;

/** Cryptography in JavaScript alone: for pages that are not served securely, which browsers give none of their own. */
export const nobleCryptography: SyncCryptography = {
  hash: sha256,
  // As WebCrypto and Node decide, and not as consensus over signatures would (ZIP 215).
  verify: ({ publicKey, message, signature }) => verify(signature, message, publicKey, { zip215: false }),
};
