import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Erasable,
  REGISTERED,
  endOfDay,
  fromStored,
  parseEventBody,
  parseInstant,
  policyStream,
  position,
  registrationKey,
  toStoredBody,
} from '#domain';
import { type LogEntry, canonicalJson, createMemoryEventLog, positionOf } from '#event-log';
import { type Coordinate, finish } from '#temporal';
import { type AnswerDocument, type ProvenEntry, foldShown } from './answer-document.js';
import { answerDocument } from './make-answer.js';
import type { Question } from './question.js';
import { recountAll } from './recount/recount-all.js';
import { type ShownRows, showRecount } from './recount/recount.js';
import { signCheckpoint } from '../notes/checkpoint.js';
import { leafHash } from '../merkle/merkle.js';
import type { Hash } from '../merkle/tree-hashes.js';
import { type HashReader, inclusionProof, rootAt } from '../merkle/merkle-proofs.js';
import { parseSecretKey, secretKeyText } from '../notes/note-keys.js';
import { verifyAnswer } from './answer-verifier.js';
import { base64 } from '../primitives/bytes.js';
import { HeadsTree } from '../merkle/heads-tree.js';
import type { StreamHead } from '../merkle/stream-head.js';
import { headsDigest, provesHead } from '../notes/stream-heads.js';
import { checkAnswer } from '../../browser-fold.js';
import { nobleCryptography } from '../primitives/noble-cryptography.js';
import { nodeCryptography } from '../primitives/node-cryptography.js';
import { webCryptography } from '../primitives/web-cryptography.js';
import { headsIn, headsLine } from '../notes/heads-line.js';
import { subtreeHash } from '../merkle/tiles.js';

const ZONE = 'Europe/London';
const key = (() => {
  const parsed = parseSecretKey(secretKeyText('log.example', new Uint8Array(32).fill(3)));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
})();

const file = (name: string): string =>
  readFileSync(new URL(`../../../../test/worked-example/${name}`, import.meta.url), 'utf8');

interface Example {
  readonly states: readonly {
    readonly policy: string;
    readonly about: string;
    readonly coordinate: { readonly knownAt: string; readonly validAt: string; readonly recordedUpTo?: string };
    readonly state: object;
  }[];
}

const example: Example = JSON.parse(file('answers.json'));

/** What is asked of the log, and which rows are shown of it. */
interface AskedOf extends ShownRows {
  readonly size?: number;
  readonly question?: Question;
}

const FIRST = '2024-01-31T00:00:00.000Z';

/** A log with the worked example, and one more event with texts that can be erased. */
class ExampleLog {
  readonly erasable = new Map<string, readonly Erasable[]>();
  entries: readonly LogEntry[] = [];

  async fill(): Promise<void> {
    let [now, salts] = [Date.parse('2026-11-24T10:00:00Z'), 0];
    const log = createMemoryEventLog(() => (now += 1));
    const append = (stream: string, event: { key: string; type: string; body: string }) =>
      log.append({
        stream,
        expected: 'any',
        events: [{ ...event, id: `id-of-${event.key}`, erasable: this.erasable.get(event.key) ?? [] }],
      });
    for (const line of [...file('events.ndjson').trim().split('\n'), JSON.stringify(WITH_TEXTS)]) {
      const input = JSON.parse(line) as { policy: { slug: string } | string };
      if (typeof input.policy === 'object') {
        const { slug } = input.policy;
        const body = canonicalJson(input.policy);
        await append(policyStream(slug), { key: registrationKey(slug), type: REGISTERED, body });
        continue;
      }
      const parsed = parseEventBody(input, ZONE);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
      const salt = () => Buffer.from(`salt ${(salts += 1)}`).toString('base64');
      const { body, erasable } = toStoredBody(parsed.body, salt);
      this.erasable.set(parsed.body.key, erasable);
      const { key: name, type } = parsed.body;
      await append(policyStream(parsed.body.policy), { key: name, type, body: canonicalJson(body) });
    }
    this.entries = await log.readAll(positionOf(0), 1000);
  }

  reader(): HashReader {
    const leaves = this.entries.map(({ entry }) => leafHash(Buffer.from(entry)));
    return {
      hashesAt: async (subtrees) =>
        subtrees.map(({ level, index }) => subtreeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))),
    };
  }

  heads(size: number): readonly StreamHead[] {
    const heads = new Map<string, StreamHead>();
    for (const { stream, position: at, revision } of this.entries.slice(0, size))
      heads.set(stream, { stream, position: at, revision });
    return [...heads.values()];
  }

  async answer(
    policy: string,
    at: Coordinate,
    { size = this.entries.length, question, ...rows }: AskedOf = { first: 1, length: 0 },
  ): Promise<AnswerDocument> {
    const stream = policyStream(policy);
    const own = this.entries.slice(0, size).filter((entry) => entry.stream === stream);
    const heads = this.heads(size);
    const head = new HeadsTree(heads).proofOf(stream);
    if (!head) throw new Error(`no head of ${stream}`);
    const events = own
      .filter(({ type }) => type !== REGISTERED)
      .map((entry) => fromStored({ ...entry, position: position(entry.position) }));
    return answerDocument({
      policy,
      at,
      question,
      shown: question ? showRecount(finish(recountAll({ policy, question, events, at })), rows) : foldShown(events, at),
      entries: await Promise.all(own.map((entry) => this.#proven(entry, size))),
      head: { index: head.index, hashes: head.hashes.map(base64) },
      checkpoint: await this.checkpoint(size, [headsLine(headsDigest(heads))]),
      vkey: key.verifier.text,
    });
  }

  async checkpoint(size: number, extensions: readonly string[]): Promise<string> {
    const root = await rootAt(this.reader(), size);
    return signCheckpoint({ origin: 'log.example', size, root, extensions }, [key]);
  }

  async #proven({ position: at, entry, key: name }: LogEntry, size: number): Promise<ProvenEntry> {
    const hashes = await inclusionProof(this.reader(), { index: at - 1, size });
    return {
      position: at,
      entry,
      hashes: hashes.map(base64),
      erasable: (this.erasable.get(name) ?? []).map((text) => ({ ...text })),
    };
  }
}

const WITH_TEXTS = {
  key: 'toll-objection-with-texts',
  type: 'position.stated',
  policy: 'harbour-toll',
  occurred: '2024-11-01',
  publishedAt: '2024-11-02',
  summary: 'Someone was against it.',
  stance: 'oppose',
  epistemic: 'reported',
  note: 'Told on the telephone.',
  actors: [{ name: 'Somebody Quiet', kind: 'person', private: true }],
  sources: [{ publisher: 'Harbour Gazette', title: 'Report', publishedAt: '2024-11-02', genre: 'news' }],
};

const log = new ExampleLog();
const read = (text: string) => parseInstant(text) ?? endOfDay(text, ZONE);
const latest = (): Coordinate => ({
  recorded: position(log.entries.length),
  knownAt: read('2026-01-01'),
  validAt: read('2026-01-01'),
});

beforeAll(() => log.fill());

const reasonOf = (answer: unknown): string => {
  const verification = verifyAnswer(answer, key.verifier);
  return verification.verdict === 'verified' ? 'verified' : verification.fault.reason;
};

describe('an answer with its proof', () => {
  it.each(example.states.map((each) => [`${each.policy}: ${each.about}`, each] as const))(
    'is verified, and folded anew: %s',
    async (_about, { policy, coordinate, state }) => {
      const recorded =
        log.entries.find((entry) => entry.key === coordinate.recordedUpTo)?.position ?? log.entries.length;
      const at = { recorded: position(recorded), knownAt: read(coordinate.knownAt), validAt: read(coordinate.validAt) };
      const verification = verifyAnswer(JSON.parse(JSON.stringify(await log.answer(policy, at))), key.verifier);
      expect(verification).toMatchObject({ verdict: 'verified', policy, shown: { state } });
    },
  );

  it('shows texts that can be erased, while they are there', async () => {
    const answer = await log.answer('harbour-toll', latest());
    expect(reasonOf(answer)).toBe('verified');
    expect(canonicalJson(answer.shown)).toContain('Somebody Quiet');
    expect(reasonOf(withText(answer, 'Somebody Else'))).toBe('commitment-differs');
  });

  it('is verified at an older checkpoint', async () => {
    expect(
      reasonOf(
        await log.answer('harbour-toll', { ...latest(), recorded: position(9) }, { size: 9, first: 1, length: 0 }),
      ),
    ).toBe('verified');
  });

  it('says when a text may have been left out', async () => {
    const answer = await log.answer('harbour-toll', latest());
    expect(JSON.stringify(verifyAnswer(answer, key.verifier))).not.toContain('left out.');
    // What is erased makes another answer, so it has to be shown as erased too.
    expect(reasonOf(withText(answer, null))).toBe('shown-differs');
    for (const erasable of [[], [{ pointer: '/note', value: null }]]) {
      const entries = answer.entries.map((entry) =>
        entry.entry.includes('"note":') ? { ...entry, erasable: [...withoutNote(entry), ...erasable] } : entry,
      );
      expect(JSON.stringify(verifyAnswer({ ...answer, entries }, key.verifier))).toContain('left out.');
    }
  });
});

describe.each([
  ['Node', nodeCryptography],
  ['WebCrypto', webCryptography(globalThis.crypto.subtle)],
  ['JavaScript', nobleCryptography],
])('an answer in a browser, with cryptography by %s', (_by, cryptography) => {
  it.each<[string, string, number | null, (answer: AnswerDocument) => object]>([
    ['as it came', 'verified', null, () => ({})],
    ['an entry changed', 'not-included', 5, ({ entries }) => ({ entries: entries.map(worse) })],
    [
      'a path changed',
      'not-included',
      1,
      ({ entries }) => ({ entries: entries.map((one) => ({ ...one, hashes: [] })) }),
    ],
    ['an entry left out', 'chain-broken', 5, ({ entries }) => ({ entries: entries.toSpliced(2, 1) })],
    ['the last left out', 'not-the-last', 10, ({ entries }) => ({ entries: entries.slice(0, -1) })],
    ['a text changed', 'commitment-differs', 19, (answer) => withText(answer, 'Somebody Else')],
    ['another state shown', 'shown-differs', null, () => ({ shown: {} })],
    [
      'another signature',
      'checkpoint-unreadable',
      null,
      ({ checkpoint }) => ({ checkpoint: `${checkpoint.slice(0, -9)}AAAAAAA=\n` }),
    ],
  ])('is told as in Node: %s', async (_what, reason, place, change) => {
    const answer = await log.answer('harbour-toll', latest());
    const text = JSON.stringify({ ...answer, ...change(answer) });
    const outcome = await checkAnswer({ text, vkey: key.verifier.text }, cryptography);
    expect(outcome).toEqual(verifyAnswer(JSON.parse(text), key.verifier));
    const told = outcome.verdict === 'verified' ? ['verified', null] : [outcome.fault.reason, outcome.fault.position];
    expect(told).toEqual([reason, place]);
  });

  it('is refused by another key, and where it or the key cannot be read', async () => {
    const text = JSON.stringify(await log.answer('harbour-toll', latest()));
    const other = secretKeyText('log.example', new Uint8Array(32).fill(4));
    const parsed = parseSecretKey(other);
    const reasonBy = async (vkey: string | undefined, told = text): Promise<string> => {
      const outcome = await checkAnswer({ text: told, ...(vkey === undefined ? {} : { vkey }) }, cryptography);
      return outcome.verdict === 'verified' ? 'verified' : outcome.fault.reason;
    };
    expect(await reasonBy(undefined)).toBe('verified');
    expect(await reasonBy(parsed.ok ? parsed.value.verifier.text : '')).toBe('key-differs');
    expect(await reasonBy('no key')).toBe('key-differs');
    expect(await reasonBy(key.verifier.text, text.slice(0, -1))).toBe('answer-unreadable');
    expect(await reasonBy(key.verifier.text, `{"policy":"a",${text.slice(1)}`)).toBe('answer-unreadable');
  });
});

describe('an answer that leaves something out or puts something in', () => {
  const changed = async (change: (answer: AnswerDocument) => object): Promise<string> => {
    const answer = await log.answer('harbour-toll', latest());
    return reasonOf({ ...answer, ...change(answer) });
  };

  it.each([
    ['the last entry', 'not-the-last', (answer: AnswerDocument) => ({ entries: answer.entries.slice(0, -1) })],
    ['the first entry', 'chain-broken', (answer: AnswerDocument) => ({ entries: answer.entries.slice(1) })],
    ['an entry between', 'chain-broken', (answer: AnswerDocument) => ({ entries: answer.entries.toSpliced(2, 1) })],
    ['all entries', 'answer-unreadable', () => ({ entries: [] })],
  ])('is refused without %s', async (_what, reason, change) => {
    expect(await changed(change)).toBe(reason);
  });

  it('is refused with entries swapped, doubled, changed or of another policy', async () => {
    const other = (await log.answer('ferry-pact', latest())).entries;
    expect(await changed(({ entries }) => ({ entries: swapped(entries) }))).toBe('chain-broken');
    expect(await changed(({ entries }) => ({ entries: [...entries, ...entries.slice(-1)] }))).toBe('chain-broken');
    expect(await changed(({ entries }) => ({ entries: [...entries, ...other.slice(-1)] }))).toBe('other-stream');
    expect(await changed(() => ({ entries: other }))).toBe('other-stream');
    expect(await changed(({ entries }) => ({ entries: entries.map(worse) }))).toBe('not-included');
    expect(await changed(({ entries }) => ({ entries: entries.map((each) => ({ ...each, hashes: [] })) }))).toBe(
      'not-included',
    );
    expect(await changed(() => ({ policy: 'ferry-pact' }))).toBe('other-stream');
  });

  it('is refused when it shows other than its entries come to', async () => {
    expect(await changed(() => ({ shown: { state: {}, uncertain: [] } }))).toBe('shown-differs');
    expect(await changed(() => ({ shownHash: base64(new Uint8Array(32)) }))).toBe('shown-differs');
    expect(await changed(({ at }) => ({ at: { ...at, knownAt: '2024-01-31T00:00:00.000Z' } }))).toBe('shown-differs');
    expect(await changed(({ at }) => ({ at: { ...at, recorded: 3 } }))).toBe('shown-differs');
    for (const fold of [1, 3]) expect(await changed(() => ({ fold }))).toBe('fold-unknown');
  });

  it('is refused when its checkpoint is another, of another key, or says nothing of stream heads', async () => {
    const size = log.entries.length;
    const without = await log.checkpoint(size, []);
    const broken = await log.checkpoint(size, ['stream-heads 2']);
    const older = (
      await log.answer('harbour-toll', { ...latest(), recorded: position(9) }, { size: 9, first: 1, length: 0 })
    ).checkpoint;
    expect(await changed(() => ({ checkpoint: without }))).toBe('no-stream-heads');
    expect(await changed(() => ({ checkpoint: broken }))).toBe('no-stream-heads');
    expect(await changed(() => ({ checkpoint: older }))).toBe('beyond-checkpoint');
    expect(await changed(({ checkpoint }) => ({ checkpoint: checkpoint.replace('log.', 'lag.') }))).toBe(
      'checkpoint-unreadable',
    );
    const heads = log.heads(size).map((head) => ({ ...head, revision: head.revision - 1 }));
    const wrong = await log.checkpoint(size, [headsLine(headsDigest(heads))]);
    expect(await changed(() => ({ checkpoint: wrong }))).toBe('not-the-last');
  });

  it('is refused when it is not of the form', async () => {
    for (const wrong of [null, 1, [], {}, { format: 'policy-timeline-export' }])
      expect(reasonOf(wrong)).toBe('answer-unreadable');
    expect(await changed(() => ({ more: 1 }))).toBe('answer-unreadable');
    expect(await changed(() => ({ version: 2 }))).toBe('answer-unreadable');
    expect(await changed(({ at }) => ({ at: { ...at, validAt: '2024-01-31' } }))).toBe('answer-unreadable');
  });
});

describe('an answer to a question other than the state', () => {
  const timeline: Question = { of: 'events', order: 'recorded', records: true, retracted: true };

  it('is told in browsers as in Node where it lists events', async () => {
    const answer = await log.answer('harbour-toll', latest(), { question: timeline, first: 2, length: 3 });
    const told = await checkAnswer({ text: JSON.stringify(answer), vkey: key.verifier.text });
    expect(told).toEqual(verifyAnswer(answer, key.verifier));
    expect(told).toMatchObject({
      verdict: 'verified',
      question: 'events with order "recorded", records true, retracted true',
      proven: expect.arrayContaining([expect.stringMatching(/these rows: 2 to 4 of \d+\./)]),
    });
  });

  it.each<Question>([
    { of: 'figures' },
    { of: 'positions', all: true },
    { of: 'negotiations' },
    { of: 'difference', from: { recorded: 4, knownAt: FIRST, validAt: FIRST } },
  ])('is told in Node alone where it is of $of', async (question) => {
    const answer = await log.answer('harbour-toll', latest(), { question, first: 1, length: 100 });
    expect(reasonOf(answer)).toBe('verified');
    const told = await checkAnswer({ text: JSON.stringify(answer), vkey: key.verifier.text });
    expect(told).toMatchObject({ verdict: 'not-verified', fault: { reason: 'question-unknown' } });
  });

  it('is refused when it shows other rows, or others of them, than the entries give', async () => {
    const answer = await log.answer('harbour-toll', latest(), { question: timeline, first: 1, length: 3 });
    const { shown } = answer;
    const reasonWith = (changes: object): string => {
      const forged = { ...Object(shown), ...changes };
      const shownHash = base64(nodeCryptography.hash(Buffer.from(canonicalJson(forged))));
      return reasonOf({ ...answer, shown: forged, shownHash });
    };
    expect(reasonWith({})).toBe('verified');
    expect(reasonWith({ first: 2 })).toBe('shown-differs');
    expect(reasonWith({ first: 0 })).toBe('shown-differs');
    expect(reasonWith({ count: 3 })).toBe('shown-differs');
    expect(reasonWith({ items: [] })).toBe('verified');
    expect(reasonWith({ items: [{ key: 'toll-announced' }] })).toBe('shown-differs');
  });
});

describe('the digest of stream heads', () => {
  const heads = Array.from({ length: 20 }, (_, index) => ({
    stream: `policy-${index}`,
    position: index + 1,
    revision: 0,
  }));

  it('is the same in any order, and proves each head and no other', async () => {
    const digest = headsDigest(heads);
    expect(headsDigest(heads.toReversed())).toEqual(digest);
    for (const head of heads) {
      const proof = new HeadsTree(heads).proofOf(head.stream);
      if (!proof) throw new Error('no proof');
      expect(provesHead(proof, head, digest)).toBe(true);
      expect(provesHead(proof, { ...head, position: head.position + 1 }, digest)).toBe(false);
      expect(provesHead(proof, { ...head, revision: 1 }, digest)).toBe(false);
      expect(provesHead({ ...proof, index: proof.index ^ 1 }, head, digest)).toBe(false);
    }
    expect(new HeadsTree(heads).proofOf('policy-none')).toBeUndefined();
  });

  it('is read from the line that a checkpoint carries', async () => {
    const digest = headsDigest(heads);
    const root = hexOf(digest.root);
    const found = headsIn(['other line', headsLine(digest)]);
    expect(found.ok && found.value && { ...found.value, root: hexOf(found.value.root) }).toEqual({ streams: 20, root });
    expect(headsIn(['other line'])).toEqual({ ok: true, value: undefined });
    const wrong = ['stream-heads', 'stream-heads 1', 'stream-heads 01 AAAA', `${headsLine(digest)} x`];
    for (const line of wrong) expect(headsIn([line]).ok).toBe(false);
    expect(headsIn([headsLine(digest), headsLine(digest)]).ok).toBe(false);
  });
});

const hexOf = (hash: Hash): string => Buffer.from(hash).toString('hex');

function swapped<Item>([one, two, ...rest]: readonly Item[]): readonly Item[] {
  return [two, one, ...rest].filter((item) => item !== undefined);
}

const worse = (entry: ProvenEntry, index: number): ProvenEntry =>
  index === 3 ? { ...entry, entry: entry.entry.replace('"v":1', '"v":2') } : entry;

const withoutNote = ({ erasable }: ProvenEntry): ProvenEntry['erasable'] =>
  erasable.filter(({ pointer }) => pointer !== '/note');

/** The answer with another text, or none, in place of the private name. */
const withText = (answer: AnswerDocument, value: string | null): object => ({
  ...answer,
  entries: answer.entries.map((entry) => ({
    ...entry,
    erasable: entry.erasable.map((text) => {
      if (!text.pointer.startsWith('/actors')) return text;
      return value === null ? { pointer: text.pointer, value } : { ...text, value };
    }),
  })),
});
