import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { positionOf } from '#event-log';
import { Anchor, AnchorMoved } from '../../../libs/audit/src/anchor/anchor.js';
import { Frontier, leafHash } from '../../../libs/audit/src/merkle/merkle.js';
import { readTreeState } from '../../../libs/audit/src/store/tree-state.js';
import { ProcessUnderTest } from '../../crash/servers/process-under-test.js';
import { appendAll, registrationRequest } from '../../support/events/append-bodies.js';
import { eventually } from '../../support/eventually.js';
import { type FollowedLog, TEST_KEY, TEST_SECRET, openFollowedLog } from '../../support/databases/followed-log.js';

const LIMIT_MS = 120_000;

/** What the transaction that stores a checkpoint waits for at its very end, when the checkpoint lies beside the key. */
const GATE = 4_711;
const WITH_GATE = [
  `CREATE FUNCTION public.wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock(${GATE}); RETURN NULL; END $$`,
  `CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON audit.checkpoints DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.wait_at_gate()`,
];
const AT_GATE = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${GATE} AND NOT granted`;

let log: FollowedLog;
let gate: pg.Client;
let signer: ProcessUnderTest;
let policies = 0;

beforeAll(async () => {
  log = await openFollowedLog();
  await log.tamper(...WITH_GATE);
  gate = new pg.Client({ connectionString: log.url });
  await gate.connect();
  const keyFile = log.noteFile.replace(/\.checkpoint$/, '');
  await writeFile(keyFile, `${TEST_SECRET}\n`, { mode: 0o600 });
  const environment = { DATABASE_URL: log.url, AUDIT_KEY_FILE: keyFile, LOG_LEVEL: 'warn' };
  signer = new ProcessUnderTest({
    name: 'projector',
    path: 'apps/projector/src/main.ts',
    ready: /^projecting/,
    environment,
  });
}, LIMIT_MS);
afterAll(async () => {
  await signer.stop();
  await gate.end();
  await log.close();
});

async function record(count: number): Promise<void> {
  const slugs = Array.from({ length: count }, () => `policy-${(policies += 1)}`);
  await appendAll(
    log.log,
    slugs.map((slug) => registrationRequest({ slug, title: slug, kind: 'scheme', jurisdiction: 'GB' })),
  );
}

const kept = (): Promise<string> => readFile(log.noteFile, 'utf8');

const sizeOf = (note: string): number => Number(note.split('\n')[1]);

const stored = async (): Promise<ReadonlyMap<number, string>> => {
  const { rows } = await log.pool.query<{ size: number; note: string }>(
    'SELECT size::float8 AS size, note FROM audit.checkpoints ORDER BY size',
  );
  return new Map(rows.map(({ size, note }) => [size, note]));
};

async function rootOver(size: number): Promise<string> {
  const tree = new Frontier();
  for (const { entry } of size === 0 ? [] : await log.log.readAll(positionOf(0), size))
    tree.append(leafHash(Buffer.from(entry)));
  return Buffer.from(tree.root()).toString('base64');
}

/** Kills the process while what it has signed lies beside the key and is not committed, and so shown to nobody. */
async function killBetweenKeepingAndStoring(): Promise<{ readonly signed: string; readonly backends: number[] }> {
  await gate.query('SELECT pg_advisory_lock($1)', [GATE]);
  await record(5);
  await eventually('it is about to commit', async () => (await gate.query(AT_GATE)).rowCount === 1);
  const signed = await kept();
  expect(sizeOf(signed)).toBe(policies);
  expect((await readTreeState(log.pool)).size).toBe(policies - 5);
  await signer.kill();
  const { rows } = await gate.query<{ pid: number }>(AT_GATE);
  return { signed, backends: rows.map(({ pid }) => pid) };
}

async function signedAgain(): Promise<void> {
  await gate.query('SELECT pg_advisory_unlock($1)', [GATE]);
  await record(2);
  await log.signedTo(policies);
}

describe('a process that is killed between keeping a checkpoint and showing it', () => {
  it(
    'is gone on from by the next, where the database never had it: the same tree is signed over that size',
    async () => {
      await record(5);
      await log.signedTo(5);
      const { signed, backends } = await killBetweenKeepingAndStoring();
      for (const pid of backends) await gate.query('SELECT pg_terminate_backend($1)', [pid]);
      await signedAgain();
      // One tree: all that was ever signed is of the log as it stands.
      for (const note of [signed, await kept(), ...(await stored()).values()])
        expect(note.split('\n')[2]).toBe(await rootOver(sizeOf(note)));
      expect(sizeOf(await kept())).toBe(policies);
      expect((await readTreeState(log.pool)).error).toBeNull();
      expect(signer.fate.ends).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'is gone on from where the database has it after all',
    async () => {
      const { signed } = await killBetweenKeepingAndStoring();
      await signedAgain();
      expect((await stored()).get(sizeOf(signed))).toBe(signed);
      expect((await readTreeState(log.pool)).error).toBeNull();
      expect(signer.fate.ends).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'and a second one with the same key, which remembers an older checkpoint, keeps nothing beside the newer one',
    async () => {
      const other = new Anchor(log.noteFile, TEST_KEY.verifier);
      const old = await other.newest();
      await record(1);
      await log.signedTo(policies);
      const newest = await kept();
      if (!old) throw new Error('Nothing was kept.');
      await expect(other.keep({ ...old, size: policies + 1, note: 'another' }, old)).rejects.toThrow(AnchorMoved);
      expect(await kept()).toBe(newest);
      // It goes on from the newer one.
      const following = log.follow(other);
      await signer.stop();
      await record(3);
      await log.signedTo(policies);
      await following.stop();
      expect([...following.halts, ...following.warnings]).toEqual([]);
    },
    LIMIT_MS,
  );
});
