import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type SelfCheckReport, type Verification, verifyExport } from '#audit';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { eventually } from '../../support/eventually.js';
import { type TestApplication, parseLines, runApplication } from '../running-application.js';

interface SelfCheck extends SelfCheckReport {
  readonly status: 'ok' | 'stale' | 'found';
  readonly message: string;
  readonly staleAfterMs: number;
  readonly follower: { readonly state: string; readonly error: string | null };
}

/** Others are at work. */
const LIMIT_MS = 90_000;
const LOOK_AGAIN_MS = 20;

/** docs/audit.md: the report that was edited is written again "within seconds". */
const WITHIN_SECONDS_MS = 10_000;

const last = parseLines('../worked-example/events.ndjson').length;

/** Of one event; it can be erased. */
const NOTE = 'Between us.';

let application: TestApplication;
let checkpoint: string;
beforeAll(async () => {
  application = await runApplication({ LOG_LEVEL: 'silent', SELF_CHECK_PAUSE_MS: '100' });
  const lines = parseLines('../worked-example/events.ndjson');
  await application.importLines(lines.map((line) => line.replace('"key":"toll-announced"', `$&,"note":"${NOTE}"`)));
  ({ body: checkpoint } = await application.get<string>('/v1/audit/checkpoint'));
}, LIMIT_MS);
afterAll(() => application.stop());

/** As a superuser, past every trigger. */
async function asSuperuser(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: application.databaseUrl });
  await client.connect();
  await client.query("SET session_replication_role = 'replica'");
  await client.query('BEGIN');
  for (const statement of statements) await client.query(statement);
  await client.query('COMMIT');
  await client.end();
}

async function asOne<Row extends pg.QueryResultRow>(statement: string): Promise<pg.QueryResult<Row>> {
  const client = new pg.Client({ connectionString: application.databaseUrl });
  await client.connect();
  const result = await client.query<Row>(statement);
  await client.end();
  return result;
}

async function verified(known: { readonly checkpoint?: string } = {}): Promise<Verification> {
  const response = await checkedFetch(`${application.url}/v1/audit/export`);
  return verifyExport([Buffer.from(await response.arrayBuffer())], known);
}

async function selfCheck(holds: (report: SelfCheck) => boolean): Promise<SelfCheck> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const { body } = await application.get<SelfCheck>('/v1/audit/self-check');
    if (holds(body) || Date.now() > deadline) return body;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** Waits until a whole pass has found nothing. What read models took from a tampered log meanwhile stays in them. */
async function logIsFine(): Promise<void> {
  const { log } = await selfCheck(
    ({ log: { pass, lastFullPass, findings } }) =>
      pass === null && lastFullPass?.findings === 0 && findings.length === 0,
  );
  expect(log.findings).toEqual([]);
}

const metric = async (name: string): Promise<number> => {
  const { body } = await application.get<string>('/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1]);
};

/** Puts an entry, or all, aside and back, so that each case begins with the log as it was signed. */
const SAVE = 'CREATE TABLE IF NOT EXISTS public.saved AS SELECT * FROM log.events';
const SAVE_HEAD = 'CREATE TABLE IF NOT EXISTS public.saved_head AS SELECT * FROM log.head';
const RESTORE = [
  'DELETE FROM log.events',
  'INSERT INTO log.events SELECT * FROM public.saved',
  'UPDATE log.head SET position = s.position, recorded_at = s.recorded_at FROM public.saved_head s',
];

describe('the self-check of a log as it was signed', () => {
  it(
    'passes over all of it and compares the engines, and says so',
    async () => {
      const report = await selfCheck(
        ({ status, log, rows, engines }) =>
          status === 'ok' &&
          (log.lastFullPass?.size ?? 0) === last &&
          (rows.lastFullRound?.policies ?? 0) > 0 &&
          engines.compared > 0,
      );
      expect(report).toMatchObject({
        status: 'ok',
        log: { findings: [] },
        rows: { findings: [], passedOver: [] },
        engines: { differing: 0, differences: [] },
        trouble: null,
      });
      expect(report.staleAfterMs).toBeGreaterThanOrEqual(60_000);
      expect(report.rows.shareADay).toBe(1);
      expect(report.rows.lastFullRound?.policies).toBeGreaterThan(0);
      expect(report.rows.lastFullRound?.rows).toBeGreaterThan(last);
      expect(report.log.lastFullPass?.size).toBe(await application.head());
      expect(report.log.passes).toBeGreaterThan(0);
      expect(checkpoint).toContain(`\n${report.log.lastFullPass?.root}\n`);
      expect(await metric('policy_timeline_self_check_passes')).toBeGreaterThan(0);
      expect(await metric('policy_timeline_self_check_findings')).toBe(0);
      expect(await metric('policy_timeline_self_check_engine_comparisons')).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});

describe('a log that a superuser tampered with', () => {
  it.each([
    ['edited', `UPDATE log.erasable SET value = 'Forged.'`, 'text-differs'],
    ['deleted', 'DELETE FROM log.erasable', 'text-missing'],
  ])(
    'is found where a text that can be erased was %s, in the log and in the row that was made with it',
    async (_what, statement, reason) => {
      const timeline = '/v1/policies/harbour-toll/timeline';
      const before = await application.get<{ readonly items: object }>(timeline);
      expect(JSON.stringify(before.body)).toContain(NOTE);
      await asSuperuser('CREATE TABLE public.saved_texts AS SELECT * FROM log.erasable', statement);
      const found = await selfCheck(({ log, rows }) => log.findings.length > 0 && rows.findings.length > 0);
      expect(found).toMatchObject({
        status: 'found',
        log: { findings: [{ reason }] },
        rows: {
          findings: expect.arrayContaining([
            expect.objectContaining({ policy: 'harbour-toll', table: 'timeline', fault: 'differs' }),
          ]),
        },
      });
      // The read model answers what it was made with, until it is built anew.
      expect((await application.get<{ readonly items: object }>(timeline)).body.items).toEqual(before.body.items);
      await asSuperuser(
        'DELETE FROM log.erasable',
        'INSERT INTO log.erasable SELECT * FROM public.saved_texts',
        'DROP TABLE public.saved_texts',
      );
      await logIsFine();
      await selfCheck(({ rows }) => rows.round === null && rows.findings.length === 0);
    },
    LIMIT_MS,
  );

  it(
    'is found where the read models were changed: the engines disagree',
    async () => {
      await asSuperuser(`UPDATE read.boxes SET value = '"tampered"' WHERE field = 'status'`);
      const found = await selfCheck(({ engines }) => engines.differences.length > 0);
      expect(found.status).toBe('found');
      expect(found.engines.differences[0]).toMatchObject({ policy: expect.any(String), recorded: expect.any(Number) });
      expect(await metric('policy_timeline_self_check_engine_differences')).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it(
    'is found where rows of read models were edited, deleted and put in',
    async () => {
      await asSuperuser(
        `UPDATE read.timeline SET body = '{"summary":"Forged."}' WHERE event = 'toll-announced'`,
        'DELETE FROM read.actors WHERE (policy, id, part) = (SELECT policy, id, part FROM read.actors LIMIT 1)',
        'CREATE TEMP TABLE forged AS SELECT * FROM read.policies LIMIT 1',
        'UPDATE forged SET policy = 2000000000',
        'INSERT INTO read.policies SELECT * FROM forged',
      );
      const isFound = (table: string, fault: string) => (report: SelfCheck) =>
        report.rows.findings.some((found) => found.table === table && found.fault === fault);
      for (const [table, fault] of [
        ['timeline', 'differs'],
        ['actors', 'missing'],
        ['policies', 'extra'],
      ] as const)
        expect((await selfCheck(isFound(table, fault))).status).toBe('found');
      expect(await metric('policy_timeline_self_check_row_findings')).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it.each<[what: string, statements: readonly string[], verdict: object, finding: object | null]>([
    [
      'edited: the text of an entry',
      [`UPDATE log.events SET entry = replace(entry, '"unit":"GBP"', '"unit":"EUR"') WHERE position = 4`],
      { reason: 'leaf-differs', position: 4 },
      { reason: 'leaf-differs', position: 4 },
    ],
    [
      'edited: by one space',
      [`UPDATE log.events SET entry = entry || ' ' WHERE position = ${last}`],
      { reason: 'leaf-differs', position: last },
      { reason: 'leaf-differs', position: last },
    ],
    [
      'deleted: an entry',
      ['DELETE FROM log.events WHERE position = 7'],
      { reason: 'leaf-differs', position: 7 },
      { reason: 'entry-missing', position: 7 },
    ],
    [
      'deleted: the last entry, and the end moved',
      [`DELETE FROM log.events WHERE position = ${last}`, `UPDATE log.head SET position = ${last - 1}`],
      { reason: 'entry-missing', position: last },
      { reason: 'entry-missing', position: last },
    ],
    [
      'inserted: an entry between others, which move on',
      [
        'UPDATE log.events SET position = position + 1000000 WHERE position >= 9',
        'UPDATE log.events SET position = position - 999999 WHERE position > 1000000',
        `INSERT INTO log.events SELECT 9, gen_random_uuid(), 'slipped-in', type, 'policy-slipped-in', 0, NULL, recorded_at, entry FROM log.events WHERE position = 8`,
        'UPDATE log.head SET position = position + 1',
      ],
      { reason: 'leaf-differs', position: 9 },
      { reason: 'leaf-differs', position: 9 },
    ],
    [
      'back-dated: an entry, in its text and beside it',
      [
        `UPDATE log.events SET recorded_at = recorded_at - interval '400 days',
           entry = regexp_replace(entry, '"recordedAt":"20..', '"recordedAt":"2020') WHERE position = 5`,
      ],
      { reason: 'leaf-differs', position: 5 },
      { reason: 'leaf-differs', position: 5 },
    ],
  ])(
    'is found: %s',
    async (_what, statements, verdict, finding) => {
      await asSuperuser(SAVE, SAVE_HEAD, ...statements);
      for (const known of [{}, { checkpoint }])
        expect(await verified(known)).toMatchObject({ verdict: 'not-verified', fault: verdict });
      const found = await selfCheck(({ log }) => log.findings.length > 0);
      expect({ status: found.status, first: found.log.findings[0] }).toMatchObject({
        status: 'found',
        first: finding,
      });
      expect(await metric('policy_timeline_self_check_findings')).toBeGreaterThan(0);
      await asSuperuser(...RESTORE);
      expect(await verified({ checkpoint })).toMatchObject({ verdict: 'verified' });
      await logIsFine();
    },
    LIMIT_MS * 2,
  );

  it(
    'is found although the report in its table says that nothing was',
    async () => {
      await asSuperuser(`UPDATE log.events SET entry = entry || ' ' WHERE position = 9`);
      await selfCheck(({ log }) => log.findings.length > 0);
      const stored = async (): Promise<number> => {
        const { rows } = await asOne<{ findings: number }>(
          "SELECT jsonb_array_length(report->'log'->'findings') AS findings FROM audit.self_check",
        );
        return rows[0]?.findings ?? 0;
      };
      await asSuperuser(`UPDATE audit.self_check SET report = jsonb_set(report, '{log,findings}', '[]')`);
      const editedAt = performance.now();
      const { body } = await application.get<SelfCheck>('/v1/audit/self-check');
      expect(body).toMatchObject({ status: 'found', log: { findings: [{ reason: 'leaf-differs', position: 9 }] } });
      await eventually('the report is written anew', async () => (await stored()) > 0);
      expect(performance.now() - editedAt).toBeLessThan(WITHIN_SECONDS_MS);
      await asSuperuser(...RESTORE);
      await logIsFine();
    },
    LIMIT_MS,
  );

  it(
    'is found where only the columns beside the text were back-dated, which no export shows',
    async () => {
      await asSuperuser(`UPDATE log.events SET recorded_at = recorded_at - interval '400 days' WHERE position = 5`);
      const found = await selfCheck(({ log }) => log.findings.length > 0);
      expect(found.log.findings[0]).toMatchObject({ reason: 'columns-differ', position: 5 });
      expect(found.log.findings[0]?.message).toContain('recordedAt');
      expect(await verified({ checkpoint })).toMatchObject({ verdict: 'verified' });
      await asSuperuser(...RESTORE);
      await logIsFine();
    },
    LIMIT_MS,
  );

  it(
    'is found where the newest checkpoint was deleted, which no longer blinds the check',
    async () => {
      await asSuperuser('CREATE TABLE public.saved_checkpoints AS SELECT * FROM audit.checkpoints');
      await asSuperuser('DELETE FROM audit.checkpoints WHERE size = (SELECT max(size) FROM audit.checkpoints)');
      const found = await selfCheck(({ log }) => log.findings.length > 0);
      expect(found).toMatchObject({
        status: 'found',
        message: `The checkpoint is missing. None over ${last} entries is stored.`,
      });
      await asSuperuser('INSERT INTO audit.checkpoints SELECT * FROM public.saved_checkpoints ON CONFLICT DO NOTHING');
      await logIsFine();
    },
    LIMIT_MS,
  );

  it(
    'halts what signs when the history is rewritten and all that the database holds against it is deleted',
    async () => {
      await asSuperuser(
        `UPDATE log.events SET entry = replace(entry, '"unit":"GBP"', '"unit":"EUR"') WHERE position = 4`,
        'DELETE FROM audit.checkpoints',
        'DELETE FROM audit.tiles',
        'DELETE FROM audit.heads',
        "UPDATE audit.follower SET position = 0, edge = ''",
      );
      const noticed = await selfCheck(({ log }) => log.findings.some(({ reason }) => reason === 'rolled-back'));
      expect(noticed.status).toBe('found');
      await application.post('/v1/policies', {
        slug: 'one-more',
        title: 'One more',
        kind: 'scheme',
        jurisdiction: 'GB',
      });
      const found = await selfCheck(({ follower }) => follower.state === 'halted');
      expect(found.follower.error).toContain(
        `another root at size ${last} than the newest checkpoint kept beside the key`,
      );
      expect((await application.get('/v1/audit/checkpoint')).status).toBe(503);
      expect(await metric('policy_timeline_audit_halted')).toBe(1);
      await asSuperuser(
        `UPDATE log.events SET entry = replace(entry, '"unit":"EUR"', '"unit":"GBP"') WHERE position = 4`,
      );
      await selfCheck(({ follower }) => follower.state === 'following' && follower.error === null);
      expect(await verified({ checkpoint })).toMatchObject({ verdict: 'verified', size: last + 1 });
    },
    LIMIT_MS,
  );

  it(
    'halts what signs when an entry is slipped in at the end, and says so where operators look',
    async () => {
      await asSuperuser(
        `INSERT INTO log.events SELECT position + 1, gen_random_uuid(), 'slipped-in', type, 'policy-slipped-in', 0, NULL, recorded_at, entry
           FROM log.events ORDER BY position DESC LIMIT 1`,
        'UPDATE log.head SET position = position + 1',
        "NOTIFY policy_timeline_log, '0'",
      );
      const found = await selfCheck(({ follower }) => follower.state === 'halted');
      expect(found).toMatchObject({ status: 'found', follower: { state: 'halted' } });
      expect(found.follower.error).toContain(`position ${last + 2} cannot be signed`);
      const { body } = await application.get<{ readonly audit: object }>('/readyz');
      expect(body.audit).toMatchObject({ state: 'halted', size: last + 1, error: found.follower.error });
      expect(await metric('policy_timeline_audit_halted')).toBe(1);
      expect((await application.get<string>('/v1/audit/checkpoint')).body).toContain(`\n${last + 1}\n`);
    },
    LIMIT_MS,
  );
});
