import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '#event-log/canonical';
import { leafHash, nodeHash } from '../merkle/merkle.js';
import { signCheckpoint } from '../notes/checkpoint.js';
import { parseSecretKey, secretKeyText } from '../notes/note-keys.js';
import { parseTlogProof, tlogProofText } from './tlog-proof.js';
import { verifyTlogProof } from './verify-proofs.js';

const ORIGIN = 'log.example/policies';
const key = parseSecretKey(secretKeyText(ORIGIN, new Uint8Array(32).fill(1)));
if (!key.ok) throw new Error(key.message);
const { verifier } = key.value;

/** Entries as they are stored for ever. */
const golden = readFileSync(new URL('../../../../test/golden/stored-events.ndjson', import.meta.url), 'utf8')
  .split('\n')
  .slice(0, 3)
  .map((line): { readonly entry: { readonly key: string } } => JSON.parse(line))
  .map(({ entry }) => ({ key: entry.key, text: canonicalJson(entry) }));
const entries = golden.map(({ text: entry }) => entry);
const [one, two, three] = entries.map((entry) => leafHash(Buffer.from(entry)));
if (!one || !two || !three) throw new Error('There are three leaves.');
const note = signCheckpoint({ origin: ORIGIN, size: 3, root: nodeHash(nodeHash(one, two), three), extensions: [] }, [
  key.value,
]);
const proof = { index: 1, hashes: [one, three], entry: entries[1] ?? '', note };
const text = tlogProofText(proof);
const verify = (given: string, vkey = verifier.text) => {
  const outcome = verifyTlogProof({ text: given, vkey });
  return outcome.verdict === 'verified' ? `at ${outcome.position}` : outcome.fault.reason;
};

describe('a tlog-proof', () => {
  it('has the lines of C2SP tlog-proof, with the entry as extra data', () => {
    const lines = text.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'c2sp.org/tlog-proof@v1',
      `extra ${Buffer.from(entries[1] ?? '').toString('base64')}`,
      'index 1',
    ]);
    expect(lines.slice(3, 6)).toEqual([Buffer.from(one).toString('base64'), Buffer.from(three).toString('base64'), '']);
    expect(lines.slice(6).join('\n')).toBe(note);
    expect(parseTlogProof(text)).toEqual({ ok: true, value: proof });
  });

  it('shows by itself that an entry is in the signed log', () => {
    expect(verifyTlogProof({ text, vkey: verifier.text })).toMatchObject({
      verdict: 'verified',
      position: 2,
      entry: { key: golden[1]?.key },
      origin: ORIGIN,
      size: 3,
    });
  });

  it('shows nothing when any of it was changed', () => {
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'A' ? 'B' : 'A';
      expect({ at, found: verify(text.slice(0, at) + other + text.slice(at + 1)) }).not.toEqual({ at, found: 'at 2' });
      expect({ at, found: verify(text.slice(0, at)) }).not.toEqual({ at, found: 'at 2' });
    }
    expect(verify(tlogProofText({ ...proof, index: 0 }))).toBe('not-included');
    expect(verify(tlogProofText({ ...proof, entry: entries[0] ?? '' }))).toBe('not-included');
    expect(verify(tlogProofText({ ...proof, hashes: [three, one] }))).toBe('not-included');
    expect(verify(tlogProofText({ ...proof, hashes: [one, three, three] }))).toBe('not-included');
    expect(verify(text.replace('index 1', 'index 01'))).toBe('proof-unreadable');
  });

  it('is believed for its own key alone', () => {
    const other = parseSecretKey(secretKeyText(ORIGIN, new Uint8Array(32).fill(2)));
    expect(other.ok && verify(text, other.value.verifier.text)).toBe('checkpoint-unreadable');
  });
});
