import { spkiOf } from './ed25519-spki.js';
import type { Cryptography, SignedMessage } from './steps.js';

/** What of WebCrypto is used. */
export type Subtle = Pick<typeof globalThis.crypto.subtle, 'digest' | 'importKey' | 'verify'>;

/** Cryptography by the browser (WebCrypto), and by Node, which has it as well: answers later. */
export const webCryptography = (subtle: Subtle): Cryptography => ({
  // A copy, since WebCrypto takes no bytes that could be shared with another thread.
  hash: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', Uint8Array.from(bytes))),
  verify: async ({ publicKey, message, signature }: SignedMessage) => {
    const key = await importKey(subtle, publicKey).catch(refuseKey);
    return key !== undefined && subtle.verify(ED25519, key, Uint8Array.from(signature), Uint8Array.from(message));
  },
});

const ED25519 = { name: 'Ed25519' };

/** As SPKI: some browsers take no raw keys. */
const importKey = (subtle: Subtle, publicKey: Uint8Array) =>
  subtle.importKey('spki', spkiOf(publicKey), ED25519, false, ['verify']);

/** Some browsers refuse at once what is no key, the others when they verify with it: nothing is signed by it. */
function refuseKey(error: unknown): undefined {
  if (error instanceof DOMException && error.name === 'DataError') return undefined;
  throw error;
}

/**
 * The cryptography of the browser; where it has none, as on a page that is not served securely, or does not know
 * Ed25519, that in JavaScript, which is loaded then.
 */
export async function chooseCryptography(
  // Undefined outside a secure context, whatever the type says.
  { subtle }: { readonly subtle: Subtle | undefined } = globalThis.crypto,
): Promise<Cryptography> {
  if (subtle && (await knowsEd25519(subtle))) return webCryptography(subtle);
  const { nobleCryptography } = await import('./noble-cryptography.js');
  return nobleCryptography;
}

async function knowsEd25519(subtle: Subtle): Promise<boolean> {
  try {
    await importKey(subtle, BASE_POINT);
    return true;
  } catch {
    return false;
  }
}

/** The encoding of the curve's base point, which is a public key (RFC 8032, section 5.1). */
const BASE_POINT = new Uint8Array(32).fill(0x66).fill(0x58, 0, 1);
