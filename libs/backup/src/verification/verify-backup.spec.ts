import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  Frontier,
  type Hash,
  type SignerKey,
  exportLines,
  headsDigest,
  headsLine,
  leafHash,
  parseSecretKey,
  secretKeyText,
  signCheckpoint,
} from '#audit';
import { commitmentTo } from '#domain';
import { canonicalJson, createMemoryEventLog, positionOf } from '#event-log';
import { filesInMemory } from '../files/backup-files.js';
import { descriptionText } from '../form/description.js';
import { fileNameOf, nameInFile } from '../form/layout.js';
import { MANIFEST, manifestText, parseManifest } from '../form/manifest.js';
import { type BackupVerification, verifyBackup } from './verify-backup.js';

const ORIGIN = 'log.example/policies';
const keyOf = (seed: number): SignerKey => {
  const key = parseSecretKey(secretKeyText(ORIGIN, new Uint8Array(32).fill(seed)));
  if (!key.ok) throw new Error(key.message);
  return key.value;
};
const key = keyOf(1);

const [salt, value] = [Buffer.alloc(16, 7).toString('base64'), 'A. Nonymous'];
const bodies = [
  { title: 'Ferry' },
  { actors: [{ name: { commit: commitmentTo(value, salt) } }] },
  { summary: 'It ended.' },
];

async function entriesOfLog(): Promise<readonly string[]> {
  let now = Date.parse('2026-11-24T10:00:00.000Z');
  const log = createMemoryEventLog(() => (now += 7));
  for (const [index, body] of bodies.entries())
    await log.append({
      stream: 'policy-ferry',
      expected: 'any',
      events: [
        {
          id: `00000000-0000-8000-8000-00000000000${index}`,
          key: `e-${index}`,
          type: 'terms.changed',
          body: canonicalJson(body),
        },
      ],
    });
  return (await log.readAll(positionOf(0), 10)).map(({ entry }) => entry);
}

/** The files of a backup by what they are, before they have names. */
type Contents = Readonly<Record<string, string>>;

function checkpointOver(leaves: readonly Hash[]): { readonly root: Hash; readonly note: string } {
  const tree = new Frontier();
  for (const leaf of leaves) tree.append(leaf);
  const last = leaves.length;
  const heads = last === 0 ? [] : [{ stream: 'policy-ferry', position: last, revision: last - 1 }];
  const extensions = [headsLine(headsDigest(heads))];
  return {
    root: tree.root(),
    note: signCheckpoint({ origin: ORIGIN, size: last, root: tree.root(), extensions }, [key]),
  };
}

/** A backup of a log with three entries, a text beside the second, and a checkpoint over each size. */
async function contentsOf(): Promise<Contents> {
  const entries = await entriesOfLog();
  const leaves = entries.map((entry) => leafHash(Buffer.from(entry)));
  const checkpoints = [0, 1, 2, 3].map((size) => ({ size, ...checkpointOver(leaves.slice(0, size)) }));
  const { root, note } = checkpointOver(leaves);
  const vkey = key.verifier.text;
  const lines: string[] = [];
  const blocks = (async function* () {
    yield { leaves, entries };
  })();
  for await (const line of exportLines({ origin: ORIGIN, vkey, blocks, checkpoint: note })) lines.push(line);
  const rows = (...all: readonly object[]): string => all.map((row) => `${JSON.stringify(row)}\n`).join('');
  return {
    'export-000000000000-last': lines.join(''),
    'checkpoints-000000000000-last': rows(
      ...checkpoints.map((one) => ({
        size: one.size,
        root: `\\x${Buffer.from(one.root).toString('hex')}`,
        note: one.note,
      })),
    ),
    backup: descriptionText({
      position: 3,
      partEntries: 256,
      root: Buffer.from(root).toString('base64'),
      vkey,
      takenAt: '2026-11-24T10:00:01.000Z',
      tables: ['settings', 'checkpoints', 'erasable', 'idempotency-keys', 'citations'],
    }),
    erasable: rows({ position: 2, pointer: '/actors/0/name', salt, value }),
    'idempotency-keys': rows({ idempotency_key: 'asked', position: 2 }),
    settings: rows({ name: 'audit-key', value: vkey }),
    citations: '',
  };
}

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The files as they are written, listed in a MANIFEST as if they had been like that from the start. */
function filesOf(contents: Contents): Map<string, Uint8Array> {
  const listed = Object.entries(contents).map(([name, text]) => {
    const hash = sha256(text);
    return { name: fileNameOf(name, hash), sha256: hash, text };
  });
  return new Map([
    ...listed.map(({ name, text }) => [name, Buffer.from(text)] as const),
    [MANIFEST, Buffer.from(manifestText(listed))],
  ]);
}

const verify = (files: ReadonlyMap<string, Uint8Array>, known = key): Promise<BackupVerification> =>
  verifyBackup(filesInMemory(files), known.verifier);

const reasonOf = (verified: BackupVerification): string =>
  verified.verdict === 'refused' ? verified.fault.reason : verified.verdict;

const change = (contents: Contents, name: string, edit: (text: string) => string): Map<string, Uint8Array> =>
  filesOf({ ...contents, [name]: edit(contents[name] ?? '') });

/** One bit of every byte, another each time; where hashes are listed, every one that leaves a digit or a letter of them. */
const flipsOf = (name: string, bytes: Uint8Array): readonly (readonly [at: number, bits: number])[] =>
  [...bytes].flatMap((_byte, at) =>
    (name === MANIFEST ? [0x01, 0x04, 0x20] : [1 << (at % 8)]).map((bits) => [at, bits] as const),
  );

describe('a whole backup', () => {
  it('is verified, with the key that it must be signed with or with its own', async () => {
    const files = filesOf(await contentsOf());
    expect(reasonOf(await verify(files))).toBe('verified');
    expect(reasonOf(await verifyBackup(filesInMemory(files)))).toBe('verified');
  });

  it('is verified without the texts that were erased', async () => {
    expect(reasonOf(await verify(change(await contentsOf(), 'erasable', () => '')))).toBe('verified');
  });

  it('is listed as sha256sum lists files', async () => {
    const text = Buffer.from(filesOf(await contentsOf()).get(MANIFEST) ?? []).toString();
    expect(text.split('\n')[0]).toMatch(/^[0-9a-f]{64} {2}backup\.[0-9a-f]{16}\.json$/);
    expect(parseManifest(Buffer.from(text))).toHaveLength(7);
  });
});

describe('a backup that is not as it was written', () => {
  it('is refused with any byte of it changed', async () => {
    const files = filesOf(await contentsOf());
    const passed: string[] = [];
    for (const [name, bytes] of files)
      for (const [at, bits] of flipsOf(name, bytes)) {
        bytes[at] = (bytes[at] ?? 0) ^ bits;
        if (reasonOf(await verify(files)) === 'verified') passed.push(`${name} ${at} ${bits}`);
        bytes[at] = (bytes[at] ?? 0) ^ bits;
      }
    expect(passed).toEqual([]);
    expect(reasonOf(await verify(files))).toBe('verified');
  });

  it('is refused without any of its files, or with one cut short', async () => {
    const files = filesOf(await contentsOf());
    for (const [name, bytes] of files) {
      const without = new Map(files);
      without.delete(name);
      expect(reasonOf(await verify(without))).toBe(name === MANIFEST ? 'no-backup' : 'file-missing');
      const cut = reasonOf(await verify(new Map(files).set(name, bytes.subarray(0, -1))));
      if (bytes.length > 0) expect(cut).toBe('file-altered');
    }
  });

  it('is refused without any line of the MANIFEST, with one doubled, and with one for another file', async () => {
    const files = filesOf(await contentsOf());
    const listed = parseManifest(files.get(MANIFEST) ?? Buffer.of()) ?? [];
    const withManifest = (text: string) => verify(new Map(files).set(MANIFEST, Buffer.from(text)));
    for (const file of listed)
      expect(reasonOf(await withManifest(manifestText(listed.filter((other) => other !== file))))).toBe('incomplete');
    const text = manifestText(listed);
    expect(reasonOf(await withManifest(text + text))).toBe('file-altered');
    const more = { name: 'events.0123456789abcdef.ndjson', sha256: sha256('') };
    expect(reasonOf(await withManifest(manifestText([...listed, more])))).toBe('incomplete');
    expect(reasonOf(await withManifest(''))).toBe('file-altered');
  });
});

describe('a backup whose MANIFEST was made to fit', () => {
  it('is refused with any byte of the export changed', async () => {
    const contents = await contentsOf();
    const text = Buffer.from(contents['export-000000000000-last'] ?? '', 'latin1');
    const passed: number[] = [];
    for (let at = 0; at < text.length; at += 3) {
      const changed = Buffer.from(text);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const files = change(contents, 'export-000000000000-last', () => changed.toString('latin1'));
      if (reasonOf(await verify(files)) === 'verified') passed.push(at);
    }
    expect(passed).toEqual([]);
  });

  it.each<[what: string, name: string, from: string | RegExp, to: string]>([
    ['a text that is not what its entry commits to', 'erasable', 'Nonymous', 'Somebody'],
    ['a text beside another entry', 'erasable', '"position":2', '"position":1'],
    ['a text beside no entry', 'erasable', '"position":2', '"position":9'],
    ['a text elsewhere in its entry', 'erasable', '/actors/0', '/actors/1'],
    ['a text that is no row', 'erasable', '{', '['],
    ['a checkpoint of another size', 'checkpoints-000000000000-last', '"size":1', '"size":2'],
    ['a checkpoint with another root beside it', 'checkpoints-000000000000-last', /x[0-9a-f]{4}/, 'x0000'],
    ['a checkpoint with another note', 'checkpoints-000000000000-last', 'log.example', 'log.exemple'],
    ['an idempotency key of no entry', 'idempotency-keys', '"position":2', '"position":4'],
    ['a setting that names another key', 'settings', key.verifier.text, keyOf(2).verifier.text],
    ['a setting of where the log is kept', 'settings', 'audit-key', 'log'],
    ['a description of another root', 'backup', /"root":".{4}/, '"root":"AAAA'],
    ['a description of another position', 'backup', '"position":3', '"position":2'],
  ])('is refused with %s', async (_what, name, from, to) => {
    const contents = await contentsOf();
    const files = change(contents, name, (text) => text.replace(from, to));
    expect(files).not.toEqual(filesOf(contents));
    expect(reasonOf(await verify(files))).toBe('content-differs');
  });

  it('says that a newer version wrote it, by its form or by a table that this one does not know', async () => {
    const contents = await contentsOf();
    for (const [from, to] of [
      ['"version":1', '"version":2'],
      ['"citations"', '"opinions"'],
    ] as const)
      expect(reasonOf(await verify(change(contents, 'backup', (text) => text.replace(from, to))))).toBe('newer-form');
  });

  it('is refused by who has another key', async () => {
    expect(reasonOf(await verify(filesOf(await contentsOf()), keyOf(2)))).toBe('key-differs');
  });
});

describe('the names of files', () => {
  it.each([
    ['export-000000000000-000000016384', 'export-000000000000-000000016384'],
    ['export-000000016384-last', 'export-000000016384-last'],
    ['idempotency-keys', 'idempotency-keys'],
  ])('say what is in them: %s', (name, said) => {
    expect(nameInFile(fileNameOf(name, sha256('content')))).toBe(said);
  });
});
