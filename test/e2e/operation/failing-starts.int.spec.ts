import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../libs/runtime/src/index.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

interface Case {
  readonly variables: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const FREE_SOMEWHERE = 'postgresql://app:hunter2@127.0.0.1:1/timeline';

describe('a start that fails', () => {
  let folder: string;
  const closing: (() => unknown)[] = [];
  const said = new Map<string, string>();

  /** Each with the words that name what is wrong, and those that say what to do. */
  const cases = new Map<string, Case>();
  const names = [
    'port in use',
    'port of operators in use',
    'address not of this machine',
    'data folder that is a file',
    'no folder of seeds',
    'folder of seeds that is a file',
    'folder of exports that is a file',
    'folder of the newest checkpoint that is a file',
    'no database there',
    'wrong password',
    'no password',
    'no such database',
    'login without rights',
    'database too old',
    'owner with a wrong password',
    'key file not readable',
    'data folder where there can be none',
    'no KurrentDB there',
    'data folder that is not this account’s',
  ];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ptl-starts-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    await chmod(folder, 0o755);
    const [file, closed] = [join(folder, 'file'), join(folder, 'closed')];
    await writeFile(file, '');
    await mkdir(closed, { mode: 0 });
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    closing.push(() => taken.close());
    const address = taken.address();
    const port = String(typeof address === 'object' ? address?.port : '');
    const login = await serverWithPasswords();
    const at = (databaseUrl: string, says: RegExp): Case => ({ variables: { DATABASE_URL: databaseUrl }, says });
    const entries: readonly Case[] = [
      { variables: { PORT: port }, says: /Port \d+ on 127\.0\.0\.1 is in use .* set PORT/ },
      { variables: { ADMIN_PORT: port }, says: /Port \d+ on 127\.0\.0\.1 is in use .* set ADMIN_PORT/ },
      { variables: { HOST: '203.0.113.7' }, says: /203\.0\.113\.7 is not an address of this machine\. Set HOST/ },
      { variables: { DATA_DIR: file }, says: /file is not a directory\. .* set DATA_DIR/ },
      { variables: { SEEDS: join(folder, 'none') }, says: /There is no directory .*none\. Create it, or set SEEDS/ },
      { variables: { SEEDS: file }, says: /file is not a directory\. .* set SEEDS/ },
      { variables: { DATA_DIR: folder, SPOOL_DIR: file }, says: /file is not a directory\. .* set SPOOL_DIR/ },
      {
        variables: { DATA_DIR: folder, AUDIT_NOTE_FILE: join(file, 'note') },
        says: /file is not a directory\. .* set AUDIT_NOTE_FILE/,
      },
      at(FREE_SOMEWHERE, /no PostgreSQL at 127\.0\.0\.1:1: .* refused\. Start it, or set DATABASE_URL/),
      at(login('guest', 'hunter2'), /refuses the password of guest\. Set DATABASE_URL/),
      at(login('guest'), /requires a password for guest, .* DATABASE_URL.* PGPASSFILE/),
      at(login('guest', 'right', 'nowhere'), /has no database nowhere\. Create it, or set DATABASE_URL/),
      at(login('guest', 'right'), /guest lacks a right on .* permission denied.* docs\/operation\.md/),
      at(login('old', 'right'), /This is PostgreSQL 14\.11; 15 or newer is needed\. .* DATABASE_URL/),
      {
        variables: { DATABASE_URL: login('guest', 'right'), DATABASE_OWNER_URL: login('owner', 'hunter2') },
        says: /refuses the password of owner\. Set DATABASE_OWNER_URL/,
      },
      {
        variables: { DATABASE_URL: login('owner', 'right'), AUDIT_KEY_FILE: folder },
        says: /key cannot be read from .*: EISDIR/,
      },
      { variables: { DATA_DIR: '/proc/nothing' }, says: /There is no directory \/proc\/nothing\. .* set DATA_DIR/ },
      {
        variables: {
          DATABASE_URL: login('owner', 'right'),
          KURRENTDB_URL: 'kurrentdb://ada:hunter2@127.0.0.1:1?tls=false',
        },
        says: /^KurrentDB at 127\.0\.0\.1:1 does not answer\. Start it, or set KURRENTDB_URL/m,
      },
      {
        variables: { DATA_DIR: closed, UNPRIVILEGED: 'yes' },
        says: /cannot read and write .*closed\. .*chown.* set DATA_DIR/,
      },
    ];
    for (const [index, entry] of entries.entries()) cases.set(names[index] ?? '', entry);
    const output = await tryAll([...cases.values()].map(({ variables }) => variables));
    for (const [index, part] of output.entries()) said.set(names[index] ?? '', part);
  }, 120_000);
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });

  /** A server that asks everyone but this account's superuser for a password; answers addresses there. */
  async function serverWithPasswords(): Promise<(user: string, password?: string, database?: string) => string> {
    const access = { hba_file: join(folder, 'hba'), ident_file: join(folder, 'ident') };
    await writeFile(access.hba_file, 'local all postgres peer map=own\nlocal all all scram-sha-256\n');
    await writeFile(access.ident_file, `own "${userInfo().username}" postgres\n`);
    const server = await startEmbeddedPostgres({
      dataFolder: join(folder, 'database'),
      settings: { ...access, shared_buffers: '16MB', fsync: 'off' },
      log: () => undefined,
      onLoss: () => undefined,
    });
    closing.push(() => server.stop());
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`
      CREATE ROLE guest LOGIN PASSWORD 'right';
      CREATE ROLE owner LOGIN PASSWORD 'right' CREATEROLE;
      CREATE ROLE old LOGIN PASSWORD 'right';
      ALTER DATABASE postgres OWNER TO owner;
      CREATE SCHEMA past;
      GRANT USAGE ON SCHEMA past TO old;
      CREATE FUNCTION past.current_setting(text) RETURNS text LANGUAGE sql AS
        $$ SELECT CASE $1 WHEN 'server_version_num' THEN '140011' ELSE '14.11' END $$;
      ALTER ROLE old SET search_path = past, pg_catalog`);
    await client.end();
    return (user, password, database = 'postgres') =>
      server.url
        .replace(/\/\/[^@]*@/, `//${user}${password === undefined ? '' : `:${password}`}@`)
        .replace(/[^/]*$/, database);
  }

  it.each(names)('says what is wrong and what to do, and no more: %s', (name) => {
    const [sentence = '', ...rest] = (said.get(name) ?? '').trimEnd().split('\n');
    expect(sentence).toMatch(cases.get(name)?.says ?? /never/);
    expect(sentence).not.toMatch(/hunter2|^\{|\.[jt]s:\d+/);
    expect(rest).toEqual(['exit code 1']);
  });
});

/** What each start says on standard error. Ends only when nothing is left open. */
async function tryAll(starts: readonly Readonly<Record<string, string>>[]): Promise<readonly string[]> {
  const usual = { PORT: '0', SEEDS: '', LOG_LEVEL: 'info', PATH: process.env['PATH'] };
  const program = ['--import', './test/support/typescript.mjs', 'test/support/databases/failing-starts-holder.ts'];
  const child = spawn(process.execPath, [...program, JSON.stringify(starts.map((own) => ({ ...usual, ...own })))], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, started] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'exit')]);
  expect(started).toBe('');
  return output.split(/(?<=^exit code .*\n)/m);
}
