import type { Pool } from 'pg';
import type { VerifierKey } from '#audit';
import { type BackupFiles, filesInMemory, restoreBackup } from '#backup';
import { MANIFEST } from '../../../libs/backup/src/form/manifest.js';
import type { Proof } from '../proofs/proofs.js';
import { remainsOfLog } from './stored-rows.js';

type Files = ReadonlyMap<string, Uint8Array>;

/** A small backup, and an empty database into which it could be restored. */
export interface DamageGround {
  readonly files: Files;
  readonly key: VerifierKey;
  readonly pool: Pool;
  readonly url: string;
}

/** A backup that is not as it was written, and what was done to it. */
interface Damaged {
  readonly what: string;
  readonly files: BackupFiles;
}

/** So often it is looked whether anything was stored; a restore that stores something makes the next refuse for that. */
const LOOK_EACH = 200;

/** Each damage is refused, for what it is, and nothing is stored. */
async function refusesEach(claim: string, ground: DamageGround, all: Iterable<Damaged>): Promise<Proof> {
  const { pool, key } = ground;
  const against: string[] = [];
  let count = 0;
  for (const { what, files } of all) {
    count += 1;
    const outcome = await restoreBackup({ files, pool, key, onProgress: () => undefined }).catch(
      (error: unknown) => ({ outcome: 'thrown', error }) as const,
    );
    if (outcome.outcome === 'thrown') against.push(`${what}: ${String(outcome.error)}`);
    else if (outcome.outcome !== 'refused') against.push(`${what} was restored`);
    else if (outcome.fault.reason === 'not-empty') against.push(`${what} came upon what was stored before it`);
    if (count % LOOK_EACH === 0) against.push(...(await remainsOfLog(ground.url)));
  }
  return {
    claim: `${count} ${claim}, and nothing is stored`,
    against: [...against, ...(await remainsOfLog(ground.url))],
  };
}

/** Every byte of every file, with one bit of it changed. */
export const everyByteCounts = (ground: DamageGround): Promise<Proof> =>
  refusesEach('backups with one byte changed, each byte of a backup once, are refused', ground, flipped(ground.files));

function* flipped(files: Files): Generator<Damaged> {
  for (const [name, bytes] of files)
    for (let at = 0; at < bytes.length; at += 1)
      yield {
        what: `${name} with byte ${at} changed`,
        files: filesInMemory(new Map(files).set(name, changed(bytes, at))),
      };
}

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
  return copy;
}

/** As above, but the byte changes once the files were verified: when they are read again to be stored. */
export const everyByteCountsLater = (ground: DamageGround, opensToVerify: number, each: number): Promise<Proof> =>
  refusesEach(
    'backups with one byte changed after they were verified are refused',
    ground,
    flippedLater(ground.files, opensToVerify, each),
  );

function* flippedLater(files: Files, opensToVerify: number, each: number): Generator<Damaged> {
  for (const [name, bytes] of files) {
    // Neither is read a second time.
    if (name === MANIFEST || name.startsWith('backup.')) continue;
    for (let at = 0; at < bytes.length; at += each) {
      const later = filesInMemory(new Map(files).set(name, changed(bytes, at)));
      let opened = 0;
      const open: BackupFiles['open'] = (file) =>
        ((opened += 1) > opensToVerify ? later : filesInMemory(files)).open(file);
      yield { what: `${name} with byte ${at} changed later`, files: { open } };
    }
  }
}

/** How often files are opened until a backup is verified. */
export async function countOpens(files: Files, verify: (files: BackupFiles) => Promise<unknown>): Promise<number> {
  let opened = 0;
  await verify({
    open: (file) => {
      opened += 1;
      return filesInMemory(files).open(file);
    },
  });
  return opened;
}

/** Files that are missing, cut short at any length, longer, renamed, or in the place of another; lines of the list likewise. */
export const everyFileCounts = (ground: DamageGround): Promise<Proof> =>
  refusesEach(
    'backups with a file missing, shorter, longer, renamed or exchanged, or another list, are refused',
    ground,
    otherwise(ground.files),
  );

function* otherwise(files: Files): Generator<Damaged> {
  const given = (what: string, change: (copy: Map<string, Uint8Array>) => void): Damaged => {
    const copy = new Map(files);
    change(copy);
    return { what, files: filesInMemory(copy) };
  };
  for (const [name, bytes] of files) {
    yield given(`without ${name}`, (copy) => copy.delete(name));
    for (let length = 0; length < bytes.length; length += 1)
      yield given(`${name} cut at ${length}`, (copy) => copy.set(name, bytes.subarray(0, length)));
    for (const more of [' ', '\n', '{}\n'])
      yield given(`${name} with more`, (copy) => copy.set(name, Buffer.concat([bytes, Buffer.from(more)])));
    yield given(`${name} renamed`, (copy) => {
      copy.delete(name);
      copy.set(name.replace(/\.[0-9a-f]{16}/, '.0123456789abcdef').replace(MANIFEST, 'MANIFEST.old'), bytes);
    });
    for (const [other, its] of files)
      if (!Buffer.from(its).equals(bytes))
        yield given(`${name} in the place of ${other}`, (copy) => copy.set(other, bytes).set(name, its));
  }
  yield* otherLists(files);
}

function* otherLists(files: Files): Generator<Damaged> {
  const lines = Buffer.from(files.get(MANIFEST) ?? [])
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '');
  const listed = (what: string, changedLines: readonly string[]): Damaged => ({
    what,
    files: filesInMemory(new Map(files).set(MANIFEST, Buffer.from(changedLines.map((line) => `${line}\n`).join('')))),
  });
  for (const [index, line] of lines.entries()) {
    yield listed(`a list without line ${index}`, lines.toSpliced(index, 1));
    yield listed(`a list with line ${index} twice`, lines.toSpliced(index, 0, line));
    const renamed = line.replace(/\.[0-9a-f]{16}/, '.0123456789abcdef');
    yield listed(`a list with another name at line ${index}`, lines.with(index, renamed));
  }
  yield listed('a list in another order', lines.toReversed());
}
