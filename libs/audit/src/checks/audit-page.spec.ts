import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { verifyCheckpoint, verifyGrowth } from './verify-proofs.js';

/** The example of docs/audit.md. */
interface Example {
  readonly entries: readonly string[];
  readonly leaves: readonly string[];
  readonly vkey: string;
  readonly earlier: string;
  readonly later: string;
  readonly inclusion: readonly { readonly index: number; readonly size: number; readonly hashes: readonly string[] }[];
  readonly consistency: object;
}

const page = readFileSync(new URL('../../../../docs/audit.md', import.meta.url), 'utf8');
const [, json = ''] = /```json\n(\{\n {2}"entries".*?)```/s.exec(page) ?? [];
const example: Example = JSON.parse(json);

// A verifier as the page describes it, from the cryptography of Node alone.

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');
const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaf = (entry: string): Buffer => sha256(Buffer.of(0), Buffer.from(entry));
const node = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);

function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return node(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

function open(note: string, vkey: string) {
  const [, name = '', id = '', key = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? [];
  const end = note.indexOf('\n\n') + 1;
  const [text, signature] = [note.slice(0, end), bytesOf(/^— \S+ (\S+)$/m.exec(note)?.[1] ?? '')];
  const x = bytesOf(key).subarray(1).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const isOwn =
    sha256(Buffer.from(`${name}\n`), bytesOf(key)).toString('hex', 0, 4) === id &&
    signature.toString('hex', 0, 4) === id &&
    note.includes(`\n— ${name} `);
  const [, size = '', root = ''] = text.split('\n');
  return {
    isSigned: isOwn && verify(null, Buffer.from(text), publicKey, signature.subarray(4)),
    size: Number(size),
    root,
  };
}

function climb(start: Buffer, { index, size, hashes }: Example['inclusion'][number]): string | undefined {
  let [at, last, hash] = [index, size - 1, start];
  for (const beside of hashes.map(bytesOf)) {
    const isLeft = at % 2 === 1 || at === last;
    hash = isLeft ? node(beside, hash) : node(hash, beside);
    if (isLeft) while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash.toString('base64') : undefined;
}

describe('a verifier written from docs/audit.md', () => {
  const leaves = example.entries.map(leaf);

  it('hashes entries to the leaves, and these to the signed roots', () => {
    expect(leaves.map((each) => each.toString('base64'))).toEqual(example.leaves);
    for (const note of [example.earlier, example.later]) {
      const { isSigned, size, root } = open(note, example.vkey);
      expect({ isSigned, root }).toEqual({ isSigned: true, root: rootOf(leaves.slice(0, size)).toString('base64') });
      expect(open(note.replace(/\n[23]\n/, '\n4\n'), example.vkey).isSigned).toBe(false);
    }
  });

  it('climbs from each leaf to the root, and from no other', () => {
    const { root } = open(example.later, example.vkey);
    for (const proof of example.inclusion) {
      const found = leaves.map((each) => climb(each, proof) === root);
      expect(found).toEqual(leaves.map((_, index) => index === proof.index));
    }
  });

  it('agrees with this program', () => {
    const { vkey, earlier, later, consistency } = example;
    expect(verifyCheckpoint({ note: later, vkey }).verdict).toBe('verified');
    expect(verifyGrowth({ earlier, later, proof: consistency, vkey }).verdict).toBe('verified');
  });
});
