import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type VerifierKey, readVerifierKey, secretKeyText } from '#audit';
import { type BackupFiles, BackupFolder, filesInMemory, restoreBackup, takeBackup, verifyBackup } from '#backup';
import { openPool } from '#postgres';
import { carriedTables, tablesLeftOut } from '../../../libs/backup/src/form/carried-tables.js';
import { type TestDatabase, createTestDatabase } from '../../support/databases/database.js';
import { eventually } from '../../support/eventually.js';
import { linesIn, parseCsv } from '../cli/outputs.js';
import { inProcess } from '../cli/running-ptl.js';
import { manyEvents } from '../../support/events/many-events.js';
import {
  type TestApplication,
  auditKeyOf,
  clientOf,
  parseLines,
  runApplication,
  startOn,
} from '../running-application.js';
import { sampleEvent } from '../writes/sample-event.js';
import { allRows, rowsOf, targetTemplate } from './log-rows.js';

const LIMIT_MS = 60_000;

let application: TestApplication;
let folder: string;
const databases: TestDatabase[] = [];

/** Runs `ptl` on a database, with the key of the log that was backed up unless another is given. */
const ptlOn = (databaseUrl: string, given: readonly string[], keyFile = auditKeyOf(application.databaseUrl)) =>
  inProcess(given, { DATABASE_URL: databaseUrl, AUDIT_KEY_FILE: keyFile });

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase(targetTemplate);
  databases.push(database);
  return database;
}

const signedSize = async (client: Pick<TestApplication, 'get'>): Promise<number> =>
  (await client.get<{ readonly audit: { readonly size: number } }>('/readyz')).body.audit.size;

async function filesIn(directory: string): Promise<Map<string, Buffer>> {
  const names = await readdir(directory);
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name))] as const)));
}

const registration = { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' };
const keyed = { 'idempotency-key': 'asked-once' };
const secret = { actors: [{ name: 'A. Nonymous', kind: 'person', private: true }], note: 'An aside.' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ptl-backup-'));
  application = await runApplication({ LOG_LEVEL: 'silent' });
  await application.importLines(parseLines('../worked-example/events.ndjson'));
  await application.post('/v1/policies', registration);
  await application.post('/v1/policies/ferry/events', sampleEvent('hidden', secret), keyed);
  await application.post('/v1/citations', {
    url: '/v1/policies/harbour-toll?knownAt=2024-10-10&validAt=2024-07-15&recordedAt=@10',
  });
}, LIMIT_MS);
afterAll(async () => {
  await application.stop();
  await Promise.all(databases.map((database) => database.drop()));
  await rm(folder, { recursive: true, force: true });
});

const small = (): string => join(folder, 'small');

describe('ptl backup and ptl restore', () => {
  it(
    'restore the log elsewhere: every row, every answer, repeats, and what signs it',
    async () => {
      const head = await application.head();
      const backup = await ptlOn(application.databaseUrl, ['backup', small()]);
      expect(backup).toMatchObject({ code: 0, said: '' });
      expect(backup.out).toMatch(new RegExp(`^backed up and verified: ${head} entries, root \\S{44}; `));
      const again = (format: string) => ptlOn(application.databaseUrl, ['backup', small(), '--no-verify', format]);
      const [json, ndjson, csv] = [await again('--json'), await again('--ndjson'), await again('--csv')];
      expect(JSON.parse(json.out)).toMatchObject({ position: head, unsigned: 0, files: {}, verified: false });
      expect(linesIn(ndjson.out)).toMatchObject([{ position: head, 'files.written': expect.any(Number) }]);
      expect(parseCsv(csv.out)).toEqual([Object.keys(linesIn(ndjson.out)[0] ?? {}), expect.any(Array)]);
      const target = await emptyDatabase();
      expect(await ptlOn(target.url, ['restore', small()])).toMatchObject({
        code: 0,
        out: expect.stringContaining(`restored and verified: ${head} entries, root`),
      });
      expect(await allRows(target.url)).toEqual(await allRows(application.databaseUrl));

      // A copy, since what is signed elsewhere from here on must not count for the log that goes on.
      const keyFile = join(folder, 'copied.key');
      await cp(auditKeyOf(application.databaseUrl), keyFile);
      const restored = await startOn(target.url, { AUDIT_KEY_FILE: keyFile });
      try {
        const client = clientOf(restored.url);
        for (const path of pinnedPaths(head))
          expect(await answered(client, path)).toEqual(await answered(application, path));
        const repeat = await client.post('/v1/policies/ferry/events', sampleEvent('hidden', secret), keyed);
        expect([repeat.status, repeat.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
        expect(await client.post('/v1/policies/ferry/events', sampleEvent('next'))).toMatchObject({
          body: { position: head + 1 },
        });
        await eventually('the next is signed', async () => (await signedSize(client)) === head + 1);
        expect((await client.get('/readyz')).body).toMatchObject({ audit: { state: 'following', error: null } });
      } finally {
        await restored.stop();
      }
    },
    LIMIT_MS,
  );
});

describe('a restore that must not be', () => {
  const refused = async (url: string, given: readonly string[], keyFile?: string) => {
    const before = await allRows(url);
    const outcome = await ptlOn(url, ['restore', ...given], keyFile);
    expect(await allRows(url)).toEqual(before);
    expect(outcome.out).toBe('');
    return [outcome.code, outcome.said] as const;
  };

  it('is refused with a sentence and an exit code, and stores nothing', async () => {
    const { url } = await emptyDatabase();
    const another = join(folder, 'another.key');
    await writeFile(another, `${secretKeyText('policy-timeline/another', new Uint8Array(32).fill(9))}\n`, {
      mode: 0o600,
    });
    const text = (pattern: RegExp): unknown => expect.stringMatching(pattern);
    expect(await refused(application.databaseUrl, [small()])).toEqual([
      4,
      text(/^Nothing was restored\. The log of this database has \d+ entries/),
    ]);
    expect(await refused(url, [small()], another)).toEqual([4, text(/the key here is policy-timeline\/another/)]);
    expect(await refused(url, [small()], join(folder, 'absent.key'))).toEqual([
      3,
      text(/is in no backup: put its file there first/),
    ]);
    expect(await refused(url, [join(folder, 'nowhere')])).toEqual([3, text(/There is no MANIFEST/)]);
    expect(await refused(url, [small(), '--key', 'nonsense'])).toEqual([2, text(/^--key is not a verifier key/)]);
    const damaged = join(folder, 'damaged');
    await cp(small(), damaged, { recursive: true });
    const [file = ''] = (await readdir(damaged)).filter((name) => name.startsWith('idempotency'));
    await writeFile(join(damaged, file), (await readFile(join(damaged, file), 'utf8')).replace('asked', 'asket'));
    expect(await refused(url, [damaged])).toEqual([
      1,
      text(/^Nothing was restored\. The file idempotency-keys\.\w+\.ndjson is not as it was written/),
    ]);
    const tried = (...format: readonly string[]) =>
      ptlOn('postgres://nobody@127.0.0.1:1/none', ['restore', small(), '--dry-run', ...format]);
    expect(await tried()).toMatchObject({ code: 0, said: '' });
    const [json, ndjson, csv] = [await tried('--json'), await tried('--ndjson'), await tried('--csv')];
    const verified = { position: await application.head(), root: expect.any(String), stored: false };
    expect([JSON.parse(json.out), linesIn(ndjson.out), parseCsv(csv.out)[0]]).toEqual([
      verified,
      [verified],
      Object.keys(verified),
    ]);
  });

  it('is refused where the database has rows of its own, and where it cannot be reached', async () => {
    const { url } = await emptyDatabase();
    await rowsOf(url, "INSERT INTO log.settings (name, value) VALUES ('time-zone', 'Asia/Tokyo')");
    expect(await refused(url, [small()])).toEqual([
      4,
      expect.stringContaining('log.settings of this database has rows'),
    ]);
    const away = await ptlOn('postgres://nobody@127.0.0.1:1/none', ['restore', small()]);
    expect(away).toMatchObject({ code: 5, said: expect.stringContaining('Nothing was restored.') });
  });

  it('leaves nothing when it is cut off at any file, or its connection is, and then succeeds', async () => {
    const { url } = await emptyDatabase();
    const pool = openPool({ url, name: 'restore', onIdleError: () => undefined });
    const bytes = await filesIn(small());
    const key = await readVerifierKey(auditKeyOf(application.databaseUrl));
    if (!key) throw new Error('There is no key.');
    const restore = (files: BackupFiles) => restoreBackup({ files, pool, key, onProgress: () => undefined });
    const before = await allRows(url);
    const opens = await opensToVerify(bytes, key);
    let total = 0;
    const cutOffAt = (at: number, how: () => Promise<void>) => {
      let count = 0;
      return watched(bytes, async () => {
        count += 1;
        total = count;
        if (count === at) await how();
      });
    };
    const interrupted = async (): Promise<void> => {
      throw new Error('cut off');
    };
    const killed = async (): Promise<void> =>
      void (await rowsOf(
        application.databaseUrl,
        `SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = '${basename(new URL(url).pathname)}'`,
      ));
    // What is verified first is opened first; in the transaction, the entries and each table follow.
    const last = opens + 1 + carriedTables.length;
    for (let at = opens + 1; at <= last; at += 1)
      await expect(restore(cutOffAt(at, at % 2 === 0 ? killed : interrupted))).rejects.toThrow();
    expect(await allRows(url)).toEqual(before);
    const other = Buffer.from('{"name":"time-zone","value":"Asia/Tokyo"}\n');
    const others = new Map([...bytes].map(([name, one]) => [name, name.startsWith('settings') ? other : one]));
    const changed = await restore(othersSecond(bytes, others, opens));
    expect(changed).toMatchObject({ outcome: 'refused', fault: { reason: 'file-altered' } });
    expect(await allRows(url)).toEqual(before);
    expect(await restore(cutOffAt(0, interrupted))).toMatchObject({ outcome: 'restored' });
    expect(total).toBe(last);
    await pool.end();
    expect(await allRows(url)).toEqual(await allRows(application.databaseUrl));
  });

  it('is refused, and stores nothing, wherever one byte changes after the files were verified', async () => {
    const { url } = await emptyDatabase();
    const pool = openPool({ url, name: 'restore', onIdleError: () => undefined });
    const bytes = await filesIn(small());
    const key = await readVerifierKey(auditKeyOf(application.databaseUrl));
    if (!key) throw new Error('There is no key.');
    const before = await allRows(url);
    const opens = await opensToVerify(bytes, key);
    const changed = [...bytes].filter(([name]) => !/^(MANIFEST|backup\.)/.test(name)).flatMap(changedAtPlaces);
    for (const { name, at, content } of changed) {
      const files = othersSecond(bytes, new Map(bytes).set(name, content), opens);
      const outcome = await restoreBackup({ files, pool, key, onProgress: () => undefined });
      const message: unknown = expect.stringMatching(/ is not as it was written: .* changed before it was stored: /);
      expect({ name, at, ...outcome }).toEqual({
        ...{ name, at, outcome: 'refused' },
        fault: { reason: 'file-altered', message },
      });
    }
    // For a moment only: then all files verify again.
    let count = 0;
    const briefly: BackupFiles = {
      open: async (name) =>
        (count += 1) === opens + 1 ? [Buffer.from('{"v":nonsense}\n')] : filesInMemory(bytes).open(name),
    };
    expect(await restoreBackup({ files: briefly, pool, key, onProgress: () => undefined })).toMatchObject({
      outcome: 'refused',
      fault: { reason: 'file-altered', message: expect.stringContaining('Line 1 of the export is not an entry.') },
    });
    expect(await allRows(url)).toEqual(before);
    await pool.end();
  });
});

/** A file with one byte changed: of the first line’s form, name and value, in the middle, and the last. */
function changedAtPlaces([name, bytes]: readonly [string, Buffer]) {
  const places = new Set([0, 2, bytes.indexOf(':') + 2, bytes.length >> 1, bytes.length - 1]);
  return [...places]
    .filter((at) => at >= 0 && at < bytes.length)
    .map((at) => {
      const content = Buffer.from(bytes);
      content[at] = (content[at] ?? 0) ^ 1;
      return { name, at, content };
    });
}

/** Files that tell when one is opened. */
const watched = (bytes: ReadonlyMap<string, Uint8Array>, onOpen: (name: string) => Promise<void>): BackupFiles => ({
  open: async (name) => {
    await onOpen(name);
    return filesInMemory(bytes).open(name);
  },
});

/** How often files are opened until a backup is verified. */
async function opensToVerify(bytes: ReadonlyMap<string, Uint8Array>, key: VerifierKey): Promise<number> {
  let opens = 0;
  const counted = watched(bytes, async () => void (opens += 1));
  expect(await verifyBackup(counted, key)).toMatchObject({ verdict: 'verified' });
  return opens;
}

/** Files that are others once they were verified, by so many opens. */
function othersSecond(
  bytes: ReadonlyMap<string, Uint8Array>,
  others: ReadonlyMap<string, Uint8Array>,
  opens: number,
): BackupFiles {
  let count = 0;
  return { open: (name) => filesInMemory((count += 1) > opens ? others : bytes).open(name) };
}

describe('a backup of a log that goes on', () => {
  const take = (directory: string, databaseUrl = application.databaseUrl) => {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 3 });
    const folderOf = new BackupFolder(join(folder, directory));
    const options = { folder: folderOf, now: Date.now, onProgress: () => undefined, partEntries: 256 };
    return takeBackup({ pool, ...options }).finally(() => pool.end());
  };
  const taken = async (directory: string) => {
    const outcome = await take(directory);
    if (outcome.outcome === 'refused') throw new Error(outcome.message);
    expect(await verifyBackup(new BackupFolder(join(folder, directory)))).toMatchObject({ verdict: 'verified' });
    return outcome.taken;
  };

  it('is of one position while others write, and a later one adds what came after', async () => {
    const events = manyEvents(300);
    const writing = application.importLines(events);
    const during = await taken('growing');
    await writing;
    const first = await taken('growing');
    expect(first.position).toBe(await application.head());
    // What was recorded while it was taken is for the next one, and nothing to complain of.
    expect(during.unsigned).toBe(0);
    expect(during.position).toBeLessThanOrEqual(first.position);
    const before = await filesIn(join(folder, 'growing'));
    await application.post('/v1/policies/ferry/events', sampleEvent('one-more'));
    await rowsOf(application.databaseUrl, 'DELETE FROM log.erasable');
    const second = await taken('growing');
    expect(second).toMatchObject({ position: first.position + 1, unsigned: 0, files: { kept: 2 } });
    const after = await filesIn(join(folder, 'growing'));
    const kept = [...after.keys()].filter((name) => before.has(name)).map((name) => name.replace(/\..*/, ''));
    expect(kept).toEqual(
      expect.arrayContaining(['export-000000000000-000000000256', 'checkpoints-000000000000-000000000256', 'settings']),
    );
    // What was erased meanwhile is in no file any more.
    expect(Buffer.concat([...before.values()]).toString()).toContain('A. Nonymous');
    expect(Buffer.concat([...after.values()]).toString()).not.toContain('A. Nonymous');
    const target = await emptyDatabase();
    expect(await ptlOn(target.url, ['restore', join(folder, 'growing')])).toMatchObject({ code: 0 });
    const entries = 'SELECT * FROM log.events ORDER BY position';
    expect(await rowsOf(target.url, entries)).toEqual(await rowsOf(application.databaseUrl, entries));
  });

  it('is not put into a folder of another log, nor of anything else, nor where one cannot be read', async () => {
    const other = join(folder, 'other');
    await cp(join(folder, 'growing'), other, { recursive: true });
    const target = await emptyDatabase();
    expect(await take('other', target.url)).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('Nothing of this log is signed'),
    });
    await ptlOn(target.url, ['restore', small()]);
    expect(await take('other', target.url)).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('not one of this log'),
    });
    await writeFile(join(other, 'MANIFEST'), 'nonsense');
    expect(await take('other')).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('cannot be continued'),
    });
    await writeFile(join(other, 'holiday.jpg'), '');
    expect(await take('other')).toMatchObject({ outcome: 'refused', message: expect.stringContaining('holiday.jpg') });
  });

  it('leaves the earlier one as it was where the disk is full, and the next one leaves no scraps', async () => {
    class FullFolder extends BackupFolder {
      override async commit(): Promise<void> {
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      }
    }
    const path = join(folder, 'growing');
    const pool = new pg.Pool({ connectionString: application.databaseUrl, max: 3 });
    await application.post('/v1/policies/ferry/events', sampleEvent('yet-one-more'));
    const before = await readFile(join(path, 'MANIFEST'), 'utf8');
    const request = { pool, now: Date.now, onProgress: () => undefined };
    await expect(takeBackup({ ...request, folder: new FullFolder(path) })).rejects.toThrow('no space');
    await writeFile(join(path, '.draft-left'), 'half');
    expect(await readFile(join(path, 'MANIFEST'), 'utf8')).toBe(before);
    expect(await verifyBackup(new BackupFolder(path))).toMatchObject({ verdict: 'verified' });
    await takeBackup({ ...request, folder: new BackupFolder(path) });
    await pool.end();
    const listed = (await readFile(join(path, 'MANIFEST'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.slice(66));
    expect((await readdir(path)).sort()).toEqual(['MANIFEST', ...listed].sort());
  });
});

it('carries every table of a database, or leaves it out on purpose', async () => {
  const tables = await rowsOf(
    application.databaseUrl,
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'public', 'read', 'read_next', 'read_old', 'read_check')`,
  );
  const names = tables.map((row) => (typeof row === 'object' && row !== null ? Reflect.get(row, 'name') : ''));
  expect(names.sort()).toEqual([...carriedTables.map(({ table }) => table), ...Object.keys(tablesLeftOut)].sort());
});

/** Addresses pinned on all three times: one for every policy, and every list, at several positions. */
const pinnedPaths = (head: number): readonly string[] =>
  [10, Math.floor(head / 2), head].flatMap((at) =>
    [
      '/v1/policies/harbour-toll',
      '/v1/policies/harbour-toll/timeline',
      '/v1/events',
      '/v1/figures',
      '/v1/facts',
      '/v1/actors',
    ].map((path) => `${path}?recordedAt=@${at}&knownAt=2026-01-01&validAt=2025-01-01`),
  );

async function answered(client: Pick<TestApplication, 'get'>, path: string): Promise<unknown> {
  const { status, body } = await client.get<object>(path);
  return { status, ...body, url: undefined, meta: undefined };
}
