import { joinBytes } from './bytes.js';

/** What comes before an Ed25519 public key in SubjectPublicKeyInfo (RFC 8410, section 4). */
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/** An Ed25519 public key as SubjectPublicKeyInfo: the one form that every browser and Node import. */
export const spkiOf = (publicKey: Uint8Array): Uint8Array<ArrayBuffer> => joinBytes(SPKI_PREFIX, publicKey);
