import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Checkpoint, checkpointText, parseCheckpointText, signCheckpoint } from './checkpoint.js';
import { leafHash } from '../merkle/merkle.js';
import { EMPTY_ROOT } from '../merkle/tree-hashes.js';
import { parseSecretKey, secretKeyText } from './note-keys.js';
import { openCheckpoint, parseVerifierKey, signersOf } from './note-verification.js';
import { NOTE_SIGNATURES_LIMIT, type SignerKey, formatNote, parseNote, signNote } from './signed-note.js';
import type { VerifierKey } from './verifier-key.js';
import type { ParseResult } from '../primitives/parse-result.js';

function valueOf<What>(reading: ParseResult<What>): What {
  if (!reading.ok) throw new Error(reading.message);
  return reading.value;
}

/** Published examples: of C2SP signed-note and tlog-checkpoint, and of Go's sumdb/note. */
const C2SP_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const C2SP_NOTE =
  'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
const C2SP_POEM =
  'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n';
const C2SP_CHECKPOINT =
  'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
const PETER_SECRET = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const PETER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const ENOCH_KEY = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

const peter: SignerKey = valueOf(parseSecretKey(PETER_SECRET));
const enoch: VerifierKey = valueOf(parseVerifierKey(ENOCH_KEY));
const enochSigner: SignerKey = valueOf(parseSecretKey(secretKeyText('EnochRoot', new Uint8Array(32))));

describe('keys', () => {
  it('are those of the published examples', () => {
    expect(peter.verifier.text).toBe(PETER_KEY);
    expect(valueOf(parseVerifierKey(PETER_KEY))).toMatchObject({
      name: 'PeterNeumann',
      id: 'c74f20a3',
      text: PETER_KEY,
    });
    expect(enochSigner.verifier.text).toBe(ENOCH_KEY);
  });

  it('are read from their file as they were written', () => {
    const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(seeds, (seed) => {
        const text = secretKeyText('log.example/policies', seed);
        const key = valueOf(parseSecretKey(`${text}\n`));
        const verifier = valueOf(parseVerifierKey(key.verifier.text));
        const { signatures } = signNote('a\n', [key]);
        expect(signersOf({ text: 'a\n', signatures }, [verifier]).ok).toBe(true);
        expect(signersOf({ text: 'b\n', signatures }, [verifier]).ok).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('are refused when any character was changed', () => {
    for (const [text, parse] of [
      [PETER_KEY, parseVerifierKey],
      [PETER_SECRET, parseSecretKey],
    ] as const)
      for (let at = 0; at < text.length; at += 1)
        for (const other of ['A', 'b', '0', '+', ' ', '\n', '=', 'ü'].filter((one) => one !== text[at]))
          expect(parse(text.slice(0, at) + other + text.slice(at + 1)).ok).toBe(false);
  });

  it.each([
    '',
    'a+c74f20a3',
    'a b+c74f20a3+AA==',
    `${PETER_KEY}\n`,
    `${PETER_KEY}=`,
    PETER_KEY.replace('c74f', 'C74F'),
  ])('are not read from %p', (text) => {
    expect(parseVerifierKey(text).ok).toBe(false);
  });

  it.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\nb', 'a\u0000', '\ud800'])('are not named %p', (name) => {
    expect(() => secretKeyText(name, new Uint8Array(32))).toThrow(RangeError);
  });

  it('are not made from too few bytes', () => {
    expect(() => secretKeyText('a', new Uint8Array(31))).toThrow(RangeError);
  });
});

describe('signed notes', () => {
  it.each([C2SP_NOTE, C2SP_POEM, C2SP_CHECKPOINT, `${GO_TEXT}\n${PETER_LINE}${ENOCH_LINE}`])(
    'are written as they were read: %#',
    (note) => {
      expect(formatNote(valueOf(parseNote(note)))).toBe(note);
    },
  );

  it('part the text at the last empty line', () => {
    expect(valueOf(parseNote(C2SP_POEM)).text).toContain('sole:\n\ned è');
  });

  it('are signed as the published example is', () => {
    expect(formatNote(signNote(GO_TEXT, [peter, enochSigner]))).toBe(`${GO_TEXT}\n${PETER_LINE}${ENOCH_LINE}`);
  });

  it('name who signed them', () => {
    const example = valueOf(parseVerifierKey(C2SP_KEY));
    expect(valueOf(signersOf(valueOf(parseNote(C2SP_NOTE)), [example]))).toEqual([example]);
    const note = valueOf(parseNote(`${GO_TEXT}\n${PETER_LINE}${ENOCH_LINE}`));
    expect(valueOf(signersOf(note, [peter.verifier, enoch]))).toEqual([peter.verifier, enoch]);
    expect(valueOf(signersOf(note, [enoch]))).toEqual([enoch]);
    expect(signersOf(note, [example]).ok).toBe(false);
    expect(signersOf(note, []).ok).toBe(false);
  });

  it('are not believed when a known key signed another text, whoever else signed', () => {
    const forged = signNote('other\n', [peter]).signatures;
    const { signatures } = signNote(GO_TEXT, [enochSigner]);
    const note = { text: GO_TEXT, signatures: [...signatures, ...forged] };
    expect(signersOf(note, [enoch, peter.verifier]).ok).toBe(false);
    expect(signersOf(note, [enoch]).ok).toBe(true);
  });

  it('are not believed when any byte was changed', () => {
    const bytes = Buffer.from(`${GO_TEXT}\n${PETER_LINE}`);
    for (let at = 0; at < bytes.length; at += 1)
      for (const flip of [1, 0x20, 0x80]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        const note = parseNote(changed.toString('utf8'));
        expect(note.ok && signersOf(note.value, [peter.verifier]).ok).toBe(false);
      }
  });

  it.each([
    ['nothing', ''],
    ['no empty line', `a\n${PETER_LINE}`],
    ['no signature', 'a\n\n'],
    ['a last line without its end', `a\n\n${PETER_LINE.trimEnd()}`],
    ['a line that is no signature', `a\n\n${PETER_LINE}b\n`],
    ['a carriage return', `a\r\n\n${PETER_LINE}`],
    ['a control character', `a\u0000\n\n${PETER_LINE}`],
    ['a lone surrogate', `\ud800\n\n${PETER_LINE}`],
    ['a hyphen for the dash', `a\n\n${PETER_LINE.replace('—', '-')}`],
    ['two spaces', `a\n\n${PETER_LINE.replace(' P', '  P')}`],
    ['base64 without its padding', `a\n\n${PETER_LINE.replace('=', '')}`],
    ['base64 with other last bits', `a\n\n${PETER_LINE.replace('M=', 'N=')}`],
    ['a signature of an id alone', 'a\n\n— a AAAAAA==\n'],
    ['too many signatures', `a\n\n${PETER_LINE.repeat(NOTE_SIGNATURES_LIMIT + 1)}`],
  ])('are not read with %s', (_what, note) => {
    expect(parseNote(note).ok).toBe(false);
  });

  it.each(['', 'a', 'a\t\n', '\ud800\n'])('are not made of %p', (text) => {
    expect(() => signNote(text, [peter])).toThrow(RangeError);
  });

  it('are not made without a key', () => {
    expect(() => signNote('a\n', [])).toThrow(RangeError);
  });
});

describe('checkpoints', () => {
  const checkpoint: Checkpoint = {
    origin: 'log.example/policies',
    size: 41,
    root: leafHash(Buffer.of(1)),
    extensions: [],
  };

  it('are read as the published example says', () => {
    const { text } = valueOf(parseNote(C2SP_CHECKPOINT));
    const parsed = valueOf(parseCheckpointText(text));
    expect(parsed).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163, extensions: [] });
    expect(checkpointText(parsed)).toBe(text);
  });

  it('are read as they were signed', () => {
    const whole = { ...checkpoint, extensions: ['more of it'] };
    const opened = valueOf(openCheckpoint(signCheckpoint(whole, [peter]), peter.verifier));
    expect({ ...opened, root: [...opened.root] }).toEqual({ ...whole, root: [...whole.root] });
    expect(openCheckpoint(signCheckpoint(whole, [peter]), enoch).ok).toBe(false);
  });

  it.each([
    ['', 'no lines'],
    ['a\n1\n', 'no root'],
    [`a\n01\n${root()}\n`, 'a leading zero'],
    [`a\n-1\n${root()}\n`, 'a size below 0'],
    [`a\n1.0\n${root()}\n`, 'a size that is not whole'],
    [`a\n9007199254740992\n${root()}\n`, 'a size beyond what can be counted'],
    [`\n1\n${root()}\n`, 'no origin'],
    [`a\n1\n${root()}\n\n`, 'an empty line'],
    [`a\n1\n${root()}\nb`, 'an end without a newline'],
    [`a\n1\n${root().slice(0, -4)}\n`, 'a root too short'],
    [`a\n1\n${root()} \n`, 'a space at the end'],
    [`a\r\n1\n${root()}\n`, 'a carriage return'],
  ])('are not read from %p: %s', (text) => {
    expect(parseCheckpointText(text).ok).toBe(false);
  });

  it.each([
    { ...checkpoint, origin: '' },
    { ...checkpoint, origin: 'a\nb' },
    { ...checkpoint, size: -1 },
    { ...checkpoint, root: new Uint8Array(31) },
    { ...checkpoint, extensions: [''] },
  ])('are not made of %p', (wrong) => {
    expect(() => checkpointText(wrong)).toThrow(RangeError);
  });
});

function root(): string {
  return Buffer.from(EMPTY_ROOT).toString('base64');
}
