import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrateAccess } from '../../../libs/access/src/index.js';
import { migrateAudit } from '../../../libs/audit/src/index.js';
import { migrateCitations } from '../../../libs/citations/src/index.js';
import { APPLICATION_ROLE, OWNER_ROLE } from '../../../libs/event-log/src/index.js';
import { migrateLog } from '../../../libs/kurrentdb-log/src/index.js';
import { separateLogins, startEmbeddedPostgres } from '../../../libs/runtime/src/index.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

type Server = Awaited<ReturnType<typeof startEmbeddedPostgres>>;
type Logins = Awaited<ReturnType<typeof separateLogins>>;

/** What would be a way to the rest of the machine, or to more rights. */
const NOT_FOR_ANYONE = [
  "COPY (SELECT 1) TO PROGRAM 'cat'",
  "COPY (SELECT 1) TO '/tmp/stolen'",
  "CREATE TEMPORARY TABLE taken (line text); COPY taken FROM '/etc/passwd'",
  "SELECT pg_read_file('/etc/passwd')",
  "SELECT pg_ls_dir('/')",
  "SELECT lo_import('/etc/passwd')",
  "ALTER SYSTEM SET archive_command = 'true'",
  "CREATE FUNCTION public.run() RETURNS void LANGUAGE c AS '/lib/libc.so.6', 'abort'",
  'CREATE ROLE other SUPERUSER',
  `ALTER ROLE ${OWNER_ROLE} SUPERUSER`,
  `ALTER ROLE ${APPLICATION_ROLE} SUPERUSER`,
  `GRANT pg_execute_server_program TO ${APPLICATION_ROLE}`,
  'SET ROLE postgres',
  'SET SESSION AUTHORIZATION postgres',
  "SET session_replication_role = 'replica'",
  'UPDATE log.events SET entry = entry',
  'DELETE FROM log.events',
  'TRUNCATE log.events',
  'TRUNCATE audit.checkpoints',
] as const;

/** What the owner may, and the application may not. */
const NOT_FOR_THE_APPLICATION = [
  `SET ROLE ${OWNER_ROLE}`,
  `SET SESSION AUTHORIZATION ${OWNER_ROLE}`,
  'CREATE TABLE public.mine (id integer)',
  'CREATE TABLE log.mine (id integer)',
  'CREATE TABLE audit.mine (id integer)',
  'CREATE SCHEMA mine',
  'ALTER TABLE log.events DISABLE TRIGGER events_only_grow',
  'DROP TRIGGER events_only_grow ON log.events',
  "UPDATE log.settings SET value = 'z'",
  'DROP TABLE log.events',
  'INSERT INTO log.head (one, position) VALUES (false, 0)',
  'UPDATE log.head SET position = 0',
  "UPDATE citation.citations SET title = ''",
  'DELETE FROM citation.citations',
  'DELETE FROM access.keys',
  'TRUNCATE access.keys',
  "UPDATE access.keys SET role = 'operator'",
  "UPDATE access.keys SET sha256 = '\\x00'",
  'UPDATE access.keys SET expires_at = NULL',
  'UPDATE access.revision SET revision = 0',
  'ALTER TABLE access.keys DISABLE TRIGGER keys_count_change',
  'DROP TABLE access.keys',
] as const;

describe('an embedded server', () => {
  let folder: string;
  let server: Server;
  let logins: Logins;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ptl-rights-'));
    server = await start();
    // As data of an earlier version is: made, and owned, by the superuser.
    await migrateLog(server.url);
    await writeFile(join(folder, 'postgres/pg_hba.conf'), 'local all all trust\n');
    await server.stop();
    server = await start();
    logins = await separateLogins(server.url, { owner: OWNER_ROLE, application: APPLICATION_ROLE });
    await migrateLog(logins.ownerUrl);
    await migrateAudit(logins.ownerUrl);
    await migrateCitations(logins.ownerUrl);
    await migrateAccess(logins.ownerUrl);
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (): Promise<Server> =>
    startEmbeddedPostgres({
      dataFolder: folder,
      settings: { shared_buffers: '16MB', fsync: 'off' },
      log: () => undefined,
      onLoss: () => undefined,
    });

  it.each(NOT_FOR_ANYONE)('refuses application and owner: %s', async (statement) => {
    const [application, owner] = [
      await refusal(logins.applicationUrl, statement),
      await refusal(logins.ownerUrl, statement),
    ];
    expect([application, owner]).toEqual([INSUFFICIENT_PRIVILEGE, INSUFFICIENT_PRIVILEGE]);
  });

  it.each(NOT_FOR_THE_APPLICATION)('refuses the application: %s', async (statement) => {
    expect(await refusal(logins.applicationUrl, statement)).toBe(INSUFFICIENT_PRIVILEGE);
  });

  it.each(['SET ROLE NONE', 'RESET ROLE', 'RESET SESSION AUTHORIZATION', 'RESET ALL', 'DISCARD ALL'])(
    'gives the application no more rights after %s',
    async (statement) => {
      const url = `${logins.applicationUrl}?options=-c%20role%3D${APPLICATION_ROLE}`;
      const rights = "SELECT current_user AS now, session_user AS login, current_setting('is_superuser') AS superuser";
      expect(await rowsOf(url, statement, rights)).toEqual([
        { now: APPLICATION_ROLE, login: APPLICATION_ROLE, superuser: 'off' },
      ]);
    },
  );

  it('makes neither of them a member of a role with rights of the server', async () => {
    const rows = await rowsOf(
      server.url,
      `SELECT member.rolname AS member, role.rolname AS role FROM pg_roles member JOIN pg_roles role
         ON role.oid <> member.oid AND pg_has_role(member.oid, role.oid, 'MEMBER')
        WHERE member.rolname LIKE 'policy\\_timeline%'`,
    );
    // pg_database_owner has what belongs to the one database.
    expect(rows).toEqual(expect.arrayContaining([{ member: OWNER_ROLE, role: APPLICATION_ROLE }]));
    expect(rows.filter(({ role }) => role !== APPLICATION_ROLE && role !== 'pg_database_owner')).toEqual([]);
  });

  it('leaves the superuser nothing that migrations made', async () => {
    const rows = await rowsOf(
      server.url,
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE n.nspname IN ('public', 'log', 'audit', 'citation', 'read') AND relowner = 'postgres'::regrole
       UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
        WHERE n.nspname IN ('public', 'log', 'audit', 'read') AND proowner = 'postgres'::regrole`,
    );
    expect(rows).toEqual([]);
  });

  it('lets the application append, and make read models', async () => {
    const making = ['CREATE TABLE read.made (id integer)', 'TRUNCATE read.made', 'DROP TABLE read.made'];
    const appends = "SELECT has_function_privilege('log.append'::regproc, 'EXECUTE') AS appends";
    expect(await rowsOf(logins.applicationUrl, ...making, appends)).toEqual([{ appends: true }]);
  });

  it('vouches for this account alone, whatever the data says', async () => {
    const rows = await rowsOf(server.url, 'SELECT type, auth_method AS method FROM pg_hba_file_rules');
    expect(rows).toEqual([{ type: 'local', method: 'peer' }]);
  });

  (isRoot ? it : it.skip).each(['postgres', OWNER_ROLE, APPLICATION_ROLE])(
    'refuses %s to another account, also to the one that the server runs as',
    async (role) => {
      const url = server.url.replace(/\/\/[^@]*@/, `//${role}@`);
      const rows = await rowsOf(server.url, "SELECT pg_read_file('/proc/self/status') AS status");
      const [, uid] = /^Uid:\s*(\d+)/m.exec(String(rows[0]?.['status'])) ?? [];
      for (const account of [Number(uid), NOBODY]) {
        const said = await connectAs(account, url);
        expect(said).toMatch(
          account === Number(uid) ? /Peer authentication failed/ : /EACCES|Peer authentication failed/,
        );
      }
    },
  );
});

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Carries statements out on one connection; answers the rows of the last. */
async function rowsOf(url: string, ...statements: readonly string[]): Promise<Rows> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Rows = [];
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

const INSUFFICIENT_PRIVILEGE = '42501';

/** How the server refuses it: by SQLSTATE. */
const refusal = (url: string, ...statements: readonly string[]): Promise<unknown> =>
  rowsOf(url, ...statements).then(
    () => 'nothing',
    (error: Error) => Reflect.get(error, 'code'),
  );

/** What comes of connecting from a process of another account. */
async function connectAs(uid: number, url: string): Promise<string> {
  const program = `import pg from ${JSON.stringify(import.meta.resolve('pg'))};
    const client = new pg.Client({ connectionString: process.env.TARGET });
    await client.connect().then(() => console.log('let in'), (error) => console.log(error.message));
    process.exit();`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    env: { TARGET: url },
    uid,
    gid: uid,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text(child.stdout);
}
