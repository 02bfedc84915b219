import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../../../../test/support/eventually.js';
import { packageFolder, runnableBinaries } from './binaries.js';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.js';
import { serviceUser, succeeds } from './service-user.js';

const isRoot = process.getuid?.() === 0;
const root = join(import.meta.dirname, '../../../..');

describe('the embedded server', () => {
  let folder: string;
  let started: EmbeddedPostgres[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ptl-spec-'));
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
    const settings = { shared_buffers: '16MB' };
    const server = await startEmbeddedPostgres({
      dataFolder: folder,
      settings,
      log: ignore,
      onLoss: ignore,
      ...options,
    });
    started.push(server);
    return server;
  }

  it('keeps its data when it is started again', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS number');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'SELECT number FROM kept')).toEqual([{ number: 7 }]);
  });

  it('writes through to the disk, listens on no network and orders text the same on every machine', async () => {
    const { url } = await start();
    const shown = await query(
      url,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('listen_addresses') AS network, datlocale AS locale
         FROM pg_database WHERE datname = current_database()`,
    );
    expect(shown).toEqual([{ fsync: 'on', commit: 'on', network: '', locale: 'C.UTF-8' }]);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const server = await start();
    const pid = serverPid(folder);
    await server.stop();
    expect([isAlive(pid), existsSync(socketFolder(server.url))]).toEqual([false, false]);
  });

  it('ends when its parent is killed, and the next start waits for it', async () => {
    const { holder, url } = await spawnHolder(folder);
    const pid = serverPid(folder);
    holder.kill('SIGKILL');
    const next = await start();
    expect(isAlive(pid)).toBe(false);
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await eventually('the socket folder of the first is gone', () => !existsSync(socketFolder(url)));
  });

  it('ends when its supervisor is killed, and tells of the loss', async () => {
    let tell: (reason: string) => void = ignore;
    const told = new Promise<string>((resolve) => (tell = resolve));
    const server = await start({ onLoss: (reason) => tell(reason) });
    const pid = serverPid(folder);
    process.kill(parentOf(pid), 'SIGKILL');
    expect(await told).toMatch(/ended unexpectedly/);
    await eventually('the server is gone', () => !isAlive(pid));
    expect(existsSync(socketFolder(server.url))).toBe(false);
  });

  it('waits for a server that is still stopping', async () => {
    const first = await start();
    const second = await start({ log: (line) => void (line.startsWith('waiting for') && first.stop()) });
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses data that another instance keeps using', async () => {
    await start();
    await expect(start({ waitLimitMs: 100 })).rejects.toThrow(/is in use by .* Stop it first, or set DATA_DIR/);
  });

  it('lets only one of two first starts have the data', async () => {
    const outcomes = await Promise.allSettled([start({ waitLimitMs: 100 }), start({ waitLimitMs: 100 })]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('takes no notice of a lock file that a loss of power left behind', async () => {
    await (await start()).stop();
    const lock = join(folder, 'postgres/postmaster.pid');
    const reused = spawn('/bin/sh', ['-c', 'read line'], await serviceUser().then((user) => ({ ...user })));
    await writeFile(lock, `${reused.pid}\n/elsewhere\n1\n5432\n/tmp\n\n  1  1\nready\n`);
    await (await start()).stop();
    reused.kill();
    await writeFile(lock, '');
    await utimes(lock, 0, 0);
    expect(await query((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says what is wrong with data of another version', async () => {
    await mkdir(join(folder, 'postgres'));
    await writeFile(join(folder, 'postgres/PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow(/was written by PostgreSQL 15; this is 18/);
  });

  it('says what the server said when it does not start', async () => {
    await expect(start({ settings: { shared_buffers: 'plenty' } })).rejects.toThrow(/invalid value .* "plenty"/);
  });

  (isRoot ? it : it.skip)('serves root, unprivileged, from a folder that only root can enter', async () => {
    const closed = await mkdtemp(join(homedir(), 'ptl-spec-'));
    try {
      const first = await start({ dataFolder: join(closed, 'data') });
      await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS number');
      expect((await stat(`/proc/${serverPid(join(closed, 'data'))}`)).uid).not.toBe(0);
      await first.stop();
      const second = await start({ dataFolder: join(closed, 'data') });
      expect(await query(second.url, 'SELECT number FROM kept')).toEqual([{ number: 7 }]);
      expect((await stat(join(closed, 'data/postgres/PG_VERSION'))).uid).not.toBe(0);
      await second.stop();
    } finally {
      await rm(closed, { recursive: true, force: true });
    }
  });

  it('runs from a package that its account cannot read and whose links were never made', async () => {
    const user = await serviceUser();
    const closed = join(folder, 'closed');
    const packaged = join(closed, 'package');
    const native = join(packageFolder(), 'native');
    const withoutLinks = async (source: string) => !(await lstat(source)).isSymbolicLink();
    await cp(native, join(packaged, 'native'), { recursive: true, filter: withoutLinks });
    await chmod(closed, 0o700);
    await chmod(folder, 0o755);
    const temporaryFolder = join(folder, 'copy');
    await mkdir(temporaryFolder);
    const programs = await runnableBinaries({ packaged, user, temporaryFolder });
    expect(dirname(dirname(programs))).toBe(isRoot ? temporaryFolder : closed);
    expect(await succeeds(join(programs, 'bin/initdb'), ['--version'], user)).toBe(true);
  });
});

function ignore(): void {
  // Most specs do not look at what is told.
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(statement);
  await client.end();
  return rows;
}

async function spawnHolder(folder: string) {
  const program = [
    '--import',
    './test/support/typescript.mjs',
    'test/support/databases/embedded-postgres-holder.ts',
    folder,
  ];
  const holder = spawn(process.execPath, program, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const [url]: string[] = await once(createInterface({ input: holder.stdout }), 'line');
  return { holder, url: url ?? '' };
}

function serverPid(folder: string): number {
  return Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
}

function parentOf(pid: number): number {
  const [, parent] = /\nPPid:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(parent);
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

function socketFolder(url: string): string {
  return decodeURIComponent(new URL(url).host);
}
