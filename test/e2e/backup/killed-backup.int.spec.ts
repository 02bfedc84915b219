import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { BackupFolder, verifyBackup } from '#backup';
import { type TestDatabase, createTestDatabase } from '../../support/databases/database.js';
import { eventually } from '../../support/eventually.js';
import { inProcess, spawnPtl } from '../cli/running-ptl.js';
import { type TestApplication, auditKeyOf, parseLines, runApplication } from '../running-application.js';
import { sampleEvent } from '../writes/sample-event.js';
import { allRows, rowsOf, targetTemplate } from './log-rows.js';

const LIMIT_MS = 120_000;

let application: TestApplication;
let target: TestDatabase;
let folder: string;

const variablesOn = (databaseUrl: string) => ({
  DATABASE_URL: databaseUrl,
  AUDIT_KEY_FILE: auditKeyOf(application.databaseUrl),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ptl-killed-'));
  target = await createTestDatabase(targetTemplate);
  application = await runApplication({ LOG_LEVEL: 'silent' });
  await application.importLines(parseLines('../worked-example/events.ndjson'));
}, LIMIT_MS);
afterAll(async () => {
  await application.stop();
  await target.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Ends `ptl` with SIGKILL in the middle of its work: while it waits for a table that is locked here. */
async function killAt(table: string, databaseUrl: string, given: readonly string[]): Promise<void> {
  const blocker = new pg.Client({ connectionString: databaseUrl });
  await blocker.connect();
  await blocker.query('BEGIN');
  await blocker.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  const { child, ended } = spawnPtl(given, { variables: variablesOn(databaseUrl) });
  const connections = (condition: string) =>
    rowsOf(
      databaseUrl,
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ptl-${given[0]}' AND ${condition}`,
    );
  await eventually('ptl waits for the table', async () => (await connections("wait_event_type = 'Lock'")).length > 0);
  child.kill('SIGKILL');
  await ended;
  await blocker.query('ROLLBACK');
  await blocker.end();
  await eventually('its connections are gone', async () => (await connections('true')).length === 0);
}

describe('killed at its work', () => {
  it(
    'ptl backup leaves the backup before it whole, and ptl restore nothing; the next try of each works',
    async () => {
      const backup = join(folder, 'backup');
      const take = () => inProcess(['backup', backup, '--json'], variablesOn(application.databaseUrl));
      const first: { readonly position: number } = JSON.parse((await take()).out);
      const manifest = await readFile(join(backup, 'MANIFEST'), 'utf8');
      const before = await readdir(backup);
      await application.post('/v1/policies', { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' });
      await application.post('/v1/policies/ferry/events', sampleEvent('one'), { 'idempotency-key': 'one' });
      await killAt('log.events', application.databaseUrl, ['backup', backup]);
      expect((await readdir(backup)).length).toBeGreaterThan(before.length);
      expect(await readFile(join(backup, 'MANIFEST'), 'utf8')).toBe(manifest);
      expect(await verifyBackup(new BackupFolder(backup))).toMatchObject({
        verdict: 'verified',
        backup: { description: { position: first.position } },
      });
      const next = await take();
      expect([next.code, JSON.parse(next.out)]).toMatchObject([0, { position: first.position + 2, verified: true }]);
      expect((await readdir(backup)).length).toBe(before.length);

      const nothing = await allRows(target.url);
      for (const table of ['log.events', 'log.idempotency_keys']) await killAt(table, target.url, ['restore', backup]);
      expect(await allRows(target.url)).toEqual(nothing);
      expect(await inProcess(['restore', backup], variablesOn(target.url))).toMatchObject({ code: 0 });
      expect(await allRows(target.url)).toEqual(await allRows(application.databaseUrl));
    },
    LIMIT_MS,
  );
});
