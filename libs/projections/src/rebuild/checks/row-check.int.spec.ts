import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { instant, parseEventBody, position } from '#domain';
import { type EventLog, createPostgresEventLog } from '#event-log';
import { appendAll, bodyRequest, registrationRequest } from '../../../../../test/support/events/append-bodies.js';
import { askedNow } from '../../../../../test/support/databases/asked-now.js';
import {
  type MigratedDatabase,
  createMigratedDatabase,
} from '../../../../../test/support/databases/migrated-database.js';
import { type ProjectionsOfProcess, composeProjections } from '../../../../../test/support/databases/projections.js';
import { eventually } from '../../../../../test/support/eventually.js';
import { goldenExamples } from '../../../../../test/support/events/golden-examples.js';
import { projections as readModels } from '../../read-models/registry.js';
import { type RowFinding, checkRowsAfter } from './row-check.js';

const LIMIT_MS = 60_000;

let database: MigratedDatabase;
let log: EventLog;
let projections: ProjectionsOfProcess;
let owner: pg.Client;

const now = () => instant(Date.now());

/** None of the examples says what became of a promise. */
const FULFILLING = {
  key: 'toll-pilot-held',
  type: 'policy.commenced',
  policy: 'harbour-toll',
  occurred: '2025-01-10',
  publishedAt: '2025-01-10',
  summary: 'The pilot of the toll began.',
  links: [{ rel: 'fulfils', to: 'pilot-planned-example' }],
  epistemic: 'confirmed',
  sources: [{ publisher: 'Port Board', title: 'Notice', publishedAt: '2025-01-10', genre: 'official' }],
};

/** Every type of event, about one policy. */
const bodies = [...goldenExamples.map(({ reads }) => reads), FULFILLING]
  .filter((reads) => reads['policy'] === 'harbour-toll')
  .map((reads) => {
    const parsed = parseEventBody(reads, 'Europe/London');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
    return parsed.body;
  });

const register = (slug: string) =>
  registrationRequest({ slug, title: 'Harbour toll', kind: 'scheme', jurisdiction: 'GB' });

beforeAll(async () => {
  database = await createMigratedDatabase();
  log = createPostgresEventLog({ pool: database.pool });
  projections = composeProjections({ pool: database.pool, log, now, onStopped: () => undefined });
  await projections.start();
  await appendAll(log, [register('harbour-toll'), register('port-pass'), ...bodies.map(bodyRequest)]);
  await projections.readSide.waitFor((await log.head()).position, LIMIT_MS);
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
}, LIMIT_MS);

afterAll(async () => {
  await owner.end();
  await projections.stop();
  await log.close();
  await database.drop();
});

/** A whole round. */
async function checked(): Promise<{ readonly rows: number; readonly findings: readonly RowFinding[] }> {
  const findings: RowFinding[] = [];
  let rows = 0;
  for (let cursor: number | null = 0; cursor !== null;) {
    const step = await checkRowsAfter({ pool: database.pool, log, now }, cursor);
    findings.push(...step.findings);
    rows += step.rows;
    cursor = step.cursor;
  }
  return { rows, findings };
}

const tables = readModels.flatMap((each) => each.tables.map(({ name }) => name));

/** Tables for which these events have no rows. */
const EMPTY: readonly string[] = ['figure_supersessions', 'anomalies', 'disregarded'];

const saved: string[] = [];
async function save(table: string): Promise<void> {
  await owner.query(`CREATE TABLE public.saved_${table} AS SELECT * FROM read.${table}`);
  saved.push(table);
}

afterEach(async () => {
  for (const table of saved.splice(0)) {
    await owner.query(`DELETE FROM read.${table}`);
    await owner.query(`INSERT INTO read.${table} SELECT * FROM public.saved_${table}`);
    await owner.query(`DROP TABLE public.saved_${table}`);
  }
});

describe('the check of rows', () => {
  it('finds nothing where rows follow from the log, and looks at all of them', async () => {
    const counts: number[] = [];
    for (const table of tables) counts.push((await owner.query(`SELECT FROM read.${table}`)).rowCount ?? 0);
    const { rows, findings } = await checked();
    expect(findings).toEqual([]);
    expect(rows).toBe(counts.reduce((sum, count) => sum + count, 0));
    expect(rows).toBeGreaterThan(3 * bodies.length);
    expect(tables.filter((_, index) => counts[index] === 0)).toEqual(EMPTY);
  });

  it.each(tables.filter((table) => !EMPTY.includes(table)))(
    'finds a row of %s that was taken away, put in, ended, moved or belongs to no policy',
    async (table) => {
      await save(table);
      const { rows } = await owner.query<{ policy: number; id: number; part: number }>(
        `SELECT policy, id, part FROM read.${table} ORDER BY policy, id, part LIMIT 1`,
      );
      const [row] = rows;
      if (!row) throw new Error(`There is no row in ${table}.`);
      const own = `policy = ${row.policy} AND id = ${row.id} AND part = ${row.part}`;
      const copyAs = (columns: string): string =>
        `CREATE TEMP TABLE forged AS SELECT * FROM read.${table} WHERE ${own}; UPDATE forged SET ${columns};
       INSERT INTO read.${table} SELECT * FROM forged; DROP TABLE forged`;
      const faults = async (...statements: readonly string[]): Promise<readonly string[]> => {
        for (const statement of statements) await owner.query(statement);
        const { findings } = await checked();
        return findings.map(({ table: where, fault }) => `${fault} in ${where}`).sort();
      };
      const extra = `extra in ${table}`;
      expect(await faults(copyAs('id = 2000000000'), copyAs('policy = -5'), copyAs('policy = 2000000000'))).toEqual([
        extra,
        extra,
        extra,
      ]);
      await owner.query(`DELETE FROM read.${table} WHERE id = 2000000000 OR policy IN (-5, 2000000000)`);
      expect(await faults(`UPDATE read.${table} SET recorded_to = recorded_from WHERE ${own}`)).toEqual([
        `differs in ${table}`,
      ]);
      expect(await faults(`DELETE FROM read.${table} WHERE ${own}`)).toEqual([`missing in ${table}`]);
    },
    LIMIT_MS,
  );

  it(
    'finds a changed column of any kind: text, list, document, number, truth',
    async () => {
      await save('timeline');
      for (const change of [
        `words = words || ' forged'`,
        `actors = actors || ARRAY['Forged']`,
        `body = '{"summary": "Forged."}'`,
        'recorded_at = recorded_at + 1',
        'counts = NOT counts',
        'known_to = known_to - 1',
        'event_id = gen_random_uuid()',
      ]) {
        await owner.query(
          `UPDATE read.timeline SET ${change} WHERE (policy, id) = (SELECT policy, id FROM read.timeline ORDER BY policy, id LIMIT 1)`,
        );
        expect({ change, ...(await checked()) }).toMatchObject({ change, findings: [{ fault: 'differs' }] });
        await owner.query('DELETE FROM read.timeline');
        await owner.query('INSERT INTO read.timeline SELECT * FROM public.saved_timeline');
      }
    },
    LIMIT_MS,
  );

  it(
    'finds a row that stands only from where the log has not come to, once it has',
    async () => {
      await save('claims');
      const head = (await log.head()).position;
      await owner.query(
        `CREATE TEMP TABLE ahead AS SELECT * FROM read.claims LIMIT 1;
         UPDATE ahead SET id = 2000000000, recorded_from = ${head + 2};
         INSERT INTO read.claims SELECT * FROM ahead; DROP TABLE ahead`,
      );
      expect((await checked()).findings).toEqual([]);
      await appendAll(log, [register('ferry'), register('bridge')]);
      await projections.readSide.waitFor(position(head + 2), LIMIT_MS);
      expect((await checked()).findings).toEqual([
        { policy: 'harbour-toll', table: 'claims', row: '2000000000.0', fault: 'extra' },
      ]);
    },
    LIMIT_MS,
  );

  it.each([
    ['is being built', 'built_to = NULL'],
    ['is of another version', 'version = version + 1'],
  ])(
    'passes over a read model that %s, and names it',
    async (_what, change) => {
      const passedOver = async () => (await checkRowsAfter({ pool: database.pool, log, now }, 0)).passedOver;
      expect(await passedOver()).toEqual([]);
      await save('projections');
      await owner.query(`UPDATE read.projections SET ${change} WHERE name = 'claims'`);
      expect(await passedOver()).toEqual(['claims']);
    },
    LIMIT_MS,
  );

  it(
    'finds a current state that was forged, in its document or in how long it counts',
    async () => {
      await askedNow(database.pool, projections);
      await save('policy_heads');
      await owner.query(`UPDATE read.policy_heads SET document =
      jsonb_set(document::jsonb, '{state,status}', '"forged"')::json, until = ${Number.MAX_SAFE_INTEGER}`);
      const { findings } = await checked();
      expect(findings).toContainEqual({ policy: 'harbour-toll', table: 'policy_heads', row: '0.0', fault: 'differs' });
    },
    LIMIT_MS,
  );

  // The last one: the texts stay deleted.
  it(
    'finds rows that were made with a text that was deleted, until the read models are rebuilt',
    async () => {
      await owner.query("SET session_replication_role = 'replica'; DELETE FROM log.erasable");
      const found = { policy: 'harbour-toll', table: 'timeline', fault: 'differs' };
      expect((await checked()).findings).toContainEqual(expect.objectContaining(found));
      const { administration } = projections;
      for (const { name } of readModels) await administration.rebuild(name);
      await eventually('all are rebuilt', async () =>
        (await administration.status()).every(({ rebuild }) => rebuild === null || rebuild.state === 'done'),
      );
      expect((await checked()).findings).toEqual([]);
    },
    LIMIT_MS,
  );
});
