import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { base64, bytesOfBase64, bytesOfHex, hexOf, joinBytes, utf8 } from './bytes.js';
import { nobleCryptography } from './noble-cryptography.js';
import { nodeCryptography } from './node-cryptography.js';
import { type Cryptography, type CheckSteps, awaitSteps, hashStepwise, runSteps, verifyStepwise } from './steps.js';
import { chooseCryptography, webCryptography } from './web-cryptography.js';

const all: readonly (readonly [string, Cryptography])[] = [
  ['Node', nodeCryptography],
  ['WebCrypto', webCryptography(globalThis.crypto.subtle)],
  ['JavaScript', nobleCryptography],
];

/** RFC 8032, section 7.1: tests 1 to 3. */
const SIGNED = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

const flip = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at % bytes.length ? byte ^ 1 : byte));

describe.each(all)('cryptography by %s', (_by, cryptography) => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('hashes %p as FIPS 180-4 says', async (text, hash) => {
    expect(hexOf(await awaitSteps(hashStepwise(utf8(text)), cryptography))).toBe(hash);
  });

  it.each(SIGNED)('believes the signature of %s over "%s" and no other', async (key, text, hex) => {
    const [publicKey, message, signature] = [bytesOfHex(key), bytesOfHex(text), bytesOfHex(hex)];
    const holds = (changed: object): Promise<boolean> =>
      awaitSteps(verifyStepwise({ publicKey, message, signature, ...changed }), cryptography);
    expect(await holds({})).toBe(true);
    expect(await holds({ message: joinBytes(message, Uint8Array.of(0)) })).toBe(false);
    for (const at of [0, 31, 32, 63]) expect(await holds({ signature: flip(signature, at) })).toBe(false);
    expect(await holds({ publicKey: bytesOfHex(SIGNED[key === SIGNED[0][0] ? 1 : 0][0]) })).toBe(false);
    expect(await holds({ signature: signature.subarray(0, 63) })).toBe(false);
    expect(await holds({ signature: new Uint8Array(0) })).toBe(false);
  });

  it('refuses a key that is no point of the curve', async () => {
    const [, message, signature] = SIGNED[0].map(bytesOfHex);
    const signed = {
      publicKey: new Uint8Array(32).fill(0xff),
      message: message ?? utf8(''),
      signature: signature ?? utf8(''),
    };
    expect(await awaitSteps(verifyStepwise(signed), cryptography)).toBe(false);
  });

  it('answers the same as Node for bytes of every length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const hash = await awaitSteps(hashStepwise(bytes), cryptography);
        expect(hexOf(hash)).toBe(hexOf(runSteps(hashStepwise(bytes), nodeCryptography)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('the choice of cryptography', () => {
  it('is that of the browser where it knows Ed25519', async () => {
    const chosen = await chooseCryptography();
    expect(chosen.hash(utf8('a'))).toBeInstanceOf(Promise);
  });

  it.each([
    ['has none, as without a secure context', undefined],
    ['does not know Ed25519', notKnowingEd25519()],
  ])('is JavaScript where the browser %s', async (_why, subtle) => {
    expect(await chooseCryptography({ subtle })).toBe(nobleCryptography);
  });
});

function notKnowingEd25519() {
  const { subtle } = globalThis.crypto;
  const importKey = () => Promise.reject(new DOMException('Unrecognized algorithm', 'NotSupportedError'));
  return { digest: subtle.digest.bind(subtle), verify: subtle.verify.bind(subtle), importKey };
}

describe('a check', () => {
  function* countHashes(times: number): CheckSteps<number> {
    let bytes = 0;
    for (let at = 0; at < times; at += 1) bytes += (yield* hashStepwise(Uint8Array.of(at))).length;
    return bytes;
  }

  it('comes to the same whether answers are there at once or later', async () => {
    expect(runSteps(countHashes(5), nodeCryptography)).toBe(160);
    for (const [, cryptography] of all) expect(await awaitSteps(countHashes(5), cryptography)).toBe(160);
  });

  it('fails where cryptography does', async () => {
    const failing: Cryptography = { hash: () => Promise.reject(new Error('no more')), verify: () => true };
    await expect(awaitSteps(countHashes(1), failing)).rejects.toThrow('no more');
  });
});

describe('base64', () => {
  it('is that of Node, both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(base64(bytes)).toBe(text);
        expect([...(bytesOfBase64(text) ?? [])]).toEqual([...bytes]);
      }),
    );
  });

  it('is read only where it is exactly how the bytes are written', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'AB+/=-_ ü\nQ'), maxLength: 9 });
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = Buffer.from(text, 'base64');
        expect(bytesOfBase64(text) !== undefined).toBe(bytes.toString('base64') === text);
      }),
      { numRuns: 2_000 },
    );
  });
});
