import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { acceptRollback, verifyExport } from '#audit';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { eventually } from '../../support/eventually.js';
import { clientOf, startWith } from '../running-application.js';
import { sampleEvent } from '../writes/sample-event.js';

const LIMIT_MS = 120_000;

interface Readiness {
  readonly status: string;
  readonly audit: { readonly state: string; readonly size: number; readonly error: string | null };
}

let folder: string;
let stop = (): Promise<void> => Promise.resolve();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ptl-restored-'));
});
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the application with its embedded server, key and checkpoint beside each other in the folder of data. */
async function started(variables: Readonly<Record<string, string>> = {}) {
  const usual = { DATA_DIR: folder, LOG_LEVEL: 'silent', SELF_CHECK_PAUSE_MS: '100' };
  const application = await startWith({ ...usual, ...variables });
  stop = () => application.stop();
  const client = clientOf(application.url);
  const readiness = async (): Promise<Readiness> => (await client.get<Readiness>('/readyz')).body;
  const signedTo = async (size: number): Promise<string> => {
    await eventually(`${size} are signed`, async () => (await readiness()).audit.size === size);
    return (await client.get<string>('/v1/audit/checkpoint')).body;
  };
  return { ...client, readiness, signedTo };
}

const data = (name: string): string => join(folder, name);

/** The port that the embedded server was given, which its own file names. */
async function portOfServer(): Promise<number> {
  const [, , , port] = (await readFile(data('postgres/postmaster.pid'), 'utf8')).split('\n');
  return Number(port);
}

/** What a reader by SQL is refused: to write, to see anything else, and to take the locks of the service. */
const REFUSED = [
  'SELECT FROM log.events',
  'SELECT FROM read.boxes',
  'SET ROLE policy_timeline_app',
  'CREATE TEMPORARY TABLE mine (id integer)',
  'CREATE TABLE public.mine (id integer)',
  'CREATE SCHEMA mine',
  'SELECT lo_create(0)',
  'SELECT pg_advisory_lock(7310)',
  "SELECT pg_read_file('/etc/passwd')",
  "SET temp_file_limit = '-1'",
  'ALTER ROLE ptl_reader CONNECTION LIMIT -1',
  "ALTER ROLE ptl_reader SET ptl.known_at = '2020-01-01'",
];

/** The login of readers by SQL, over TCP. */
async function loginBySql() {
  const password = (await readFile(data('sql.password'), 'utf8')).trim();
  return { host: '127.0.0.1', port: await portOfServer(), database: 'postgres', user: 'ptl_reader', password };
}

/** Reads as whoever has the password of readers by SQL can, and tries what they cannot. */
async function readBySql(): Promise<void> {
  const { mode } = await stat(data('sql.password'));
  expect(mode & 0o777).toBe(0o600);
  const login = await loginBySql();
  const reader = new pg.Client(login);
  await reader.connect();
  const { rows } = await reader.query('SELECT policy, title FROM analytics_v1.policies');
  expect(rows).toEqual([{ policy: 'ferry', title: 'Ferry' }]);
  await reader.query('SET default_transaction_read_only = off');
  for (const statement of REFUSED) {
    const code = await reader.query(statement).then(
      () => 'nothing',
      (error: Error) => Reflect.get(error, 'code'),
    );
    expect({ statement, code }).toEqual({ statement, code: '42501' });
  }
  await reader.end();
  for (const other of [{ password: 'guessed' }, { user: 'postgres' }, { user: 'policy_timeline_app' }]) {
    const client = new pg.Client({ ...login, ...other });
    await expect(client.connect()).rejects.toMatchObject({ code: expect.stringMatching(/^28/) });
  }
}

/** Keeps settings for the role, which hold for every reader; PostgreSQL lets a role do that to itself. */
async function keepSettingsBySql(): Promise<void> {
  const reader = new pg.Client(await loginBySql());
  await reader.connect();
  await reader.query('SET default_transaction_read_only = off');
  await reader.query('ALTER ROLE ptl_reader SET statement_timeout = 0');
  await reader.query('ALTER ROLE ptl_reader SET idle_in_transaction_session_timeout = 0');
  await reader.query("ALTER ROLE ptl_reader SET TimeZone = 'Asia/Tokyo'");
  await reader.query("ALTER ROLE ptl_reader IN DATABASE postgres SET DateStyle = 'German'");
  await reader.end();
}

/** The settings that a reader by SQL begins with. */
async function settingsBySql(): Promise<unknown> {
  const reader = new pg.Client(await loginBySql());
  await reader.connect();
  const { rows } = await reader.query(
    `SELECT current_setting('TimeZone') AS zone, current_setting('DateStyle') AS dates,
      current_setting('statement_timeout') AS statement, current_setting('idle_in_transaction_session_timeout') AS idle`,
  );
  await reader.end();
  return rows[0];
}

describe('an older copy of the data folder, put back while the key stays', () => {
  it(
    'halts what signs, says what to do and goes on with everything else, until an operator accepts it',
    async () => {
      const first = await started({ SQL_PORT: '0' });
      await first.post('/v1/policies', { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' });
      const old = await first.signedTo(1);
      await readBySql();
      const settings = await settingsBySql();
      expect(settings).toMatchObject({ statement: '1min', idle: '5min' });
      await keepSettingsBySql();
      expect(await settingsBySql()).toEqual({ zone: 'Asia/Tokyo', dates: 'German, DMY', statement: '0', idle: '0' });
      await stop();
      await cp(data('postgres'), data('copy'), { recursive: true, preserveTimestamps: true });
      const second = await started({ SQL_PORT: '0' });
      expect(await settingsBySql()).toEqual(settings);
      for (const key of ['lost-one', 'lost-two']) await second.post('/v1/policies/ferry/events', sampleEvent(key));
      const lost = await second.signedTo(3);
      await stop();
      await rm(data('postgres'), { recursive: true });
      await cp(data('copy'), data('postgres'), { recursive: true, preserveTimestamps: true });

      const restored = await started();
      await eventually('it halts', async () => (await restored.readiness()).audit.state === 'halted');
      expect(await restored.readiness()).toMatchObject({
        status: 'degraded',
        audit: {
          size: 1,
          error: expect.stringMatching(
            /^The log ends at position 1, and the newest checkpoint kept beside the key is over 3 entries: an older state .*npx ptl audit accept-rollback --reason/,
          ),
        },
      });
      const { body: check } = await restored.get<{ readonly status: string }>('/v1/audit/self-check');
      expect(check.status).toBe('found');
      // What was lost is forgotten, what is recorded anew is taken, and nothing of it is signed.
      const recorded = await restored.post('/v1/policies/ferry/events', sampleEvent('anew'));
      expect(recorded).toMatchObject({ status: 201, body: { position: 2 } });
      expect((await restored.get<string>('/v1/audit/checkpoint')).body).toBe(old);

      const keyFile = data('audit.key');
      const accepting = { keyFile, noteFile: `${keyFile}.checkpoint`, reason: 'The disk was lost.', now: Date.now() };
      expect(await acceptRollback(accepting)).toMatchObject({ ok: true, value: { size: 3 } });
      const [, , root] = lost.split('\n');
      expect(await restored.signedTo(3)).toContain(`\nrollback-accepted 3 3 ${root}\n`);
      expect(await restored.readiness()).toMatchObject({ audit: { state: 'following', error: null } });

      // Whoever kept a checkpoint sees what became of it.
      const exported = Buffer.from(await (await checkedFetch(`${restored.url}/v1/audit/export`)).arrayBuffer());
      expect(await verifyExport([exported], { checkpoint: old })).toMatchObject({ verdict: 'verified' });
      expect(await verifyExport([exported], { checkpoint: lost })).toMatchObject({
        verdict: 'not-verified',
        fault: { reason: 'earlier-root-differs' },
      });
    },
    LIMIT_MS,
  );
});
