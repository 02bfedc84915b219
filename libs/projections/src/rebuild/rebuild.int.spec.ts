import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instant } from '#domain';
import { type EventLog, createPostgresEventLog } from '#event-log';
import { appendAll } from '../../../../test/support/events/append-bodies.js';
import { corpus } from '../../../../test/support/events/corpus.js';
import { askedNow } from '../../../../test/support/databases/asked-now.js';
import { eventually } from '../../../../test/support/eventually.js';
import { type MigratedDatabase, createMigratedDatabase } from '../../../../test/support/databases/migrated-database.js';
import { policyRequests } from '../../../../test/support/databases/one-log.js';
import type { Projection } from '../rows/projection.js';
import type { ProjectionStatus } from '../service/administration.js';
import { storedVersion } from '../rows/projection.js';
import { type ProjectionsOfProcess, composeProjections } from '../../../../test/support/databases/projections.js';
import { projections as readModels } from '../read-models/registry.js';
import { compareWithReplay } from './checks/replay-check.js';
import { requestRebuilds } from './rebuilds.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261124);
const WAIT_MS = 30_000;
const ALL = readModels.map(({ name }) => name);

let database: MigratedDatabase;
let log: EventLog;
let running: ProjectionsOfProcess[] = [];
let policies = 0;

beforeAll(async () => {
  database = await createMigratedDatabase();
  log = createPostgresEventLog({ pool: database.pool });
});

afterEach(async () => {
  for (const projections of running) await projections.stop();
  running = [];
});

afterAll(async () => {
  await log.close();
  await database.drop();
});

async function started(projections: readonly Projection[] = readModels): Promise<ProjectionsOfProcess> {
  const service = composeProjections({
    pool: database.pool,
    log,
    now: () => instant(Date.now()),
    projections,
    onStopped: (error) => {
      throw error;
    },
  });
  running.push(service);
  await service.start();
  return service;
}

/** Records some more policies with the events of corpora. */
async function somethingRecorded(count = 3): Promise<void> {
  for (const { events } of fc.sample(corpus({ size: 25 }), { numRuns: count, seed: SEED + policies })) {
    policies += 1;
    await appendAll(log, policyRequests(`policy-${policies}`, events));
  }
}

async function statusOf(service: ProjectionsOfProcess, name: string): Promise<ProjectionStatus> {
  const status = (await service.administration.status()).find((each) => each.name === name);
  if (!status) throw new Error(`There is no read model ${name}.`);
  return status;
}

const rebuilt = (service: ProjectionsOfProcess, names: readonly string[]): Promise<void> =>
  eventually(`${names.join(', ')} are rebuilt`, async () => {
    const statuses = await service.administration.status();
    return names.every((name) => statuses.find((each) => each.name === name)?.rebuild?.state === 'done');
  });

async function expectEqualToReplay(): Promise<void> {
  const { tables } = await compareWithReplay({ pool: database.pool, log });
  expect(tables.filter(({ isEqual }) => !isEqual)).toEqual([]);
}

const tablesIn = async (schema: string): Promise<readonly string[]> => {
  const { rows } = await database.pool.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 ORDER BY 1',
    [schema],
  );
  return rows.map(({ name }) => name);
};

/** The tables of the runner as they were when each read model of a partition had its own position; one was behind. */
const TO_LAYOUT_2 = `
CREATE TABLE read.units (projection text NOT NULL, partition integer NOT NULL, position bigint NOT NULL, owner integer, epoch integer NOT NULL,
  state text NOT NULL, error text, PRIMARY KEY (projection, partition));
INSERT INTO read.units SELECT name, partition, position, NULL, epoch, 'running', NULL FROM read.projections, read.partitions WHERE shape <> '';
UPDATE read.units SET position = position - 1 WHERE projection = 'figures' AND partition = 2;
DROP TABLE read.partitions;
ALTER TABLE read.projections DROP COLUMN built_to;
UPDATE read.layout SET version = replace(version, '3.', '2.')`;

/** The figures, with rows of another kind. */
const others = (name: string, change: (projection: Projection) => Partial<Projection>): readonly Projection[] =>
  readModels.map((projection) => (projection.name === name ? { ...projection, ...change(projection) } : projection));

describe('a rebuild', () => {
  it('of every read model gives the rows that are in use, and keeps those aside', async () => {
    const service = await started();
    await somethingRecorded();
    await requestRebuilds(database.pool, ALL);
    await somethingRecorded();
    await rebuilt(service, ALL);
    await somethingRecorded();
    await service.readSide.waitFor((await log.head()).position, WAIT_MS);
    for (const { rebuild } of (await service.administration.status()).filter(({ name }) => ALL.includes(name)))
      expect(rebuild).toMatchObject({ isEqual: true, differences: [], error: null });
    await expectEqualToReplay();
    expect(await tablesIn('read_next')).toEqual([]);
    expect(await tablesIn('read_old')).toContain('boxes');
    expect(await service.administration.dropReplaced('policy-facts')).toEqual(['boxes', 'unsure']);
    expect(await tablesIn('read_old')).not.toContain('boxes');
  });

  it('never lets a reader see an older position, nor fail', async () => {
    const service = await started();
    let [isDone, latest, told, reads] = [false, 0, 0, 0];
    const reading = (async (): Promise<void> => {
      while (!isDone) {
        const { rows } = await database.pool.query<{ last: number }>(
          'SELECT max(t.position)::float8 AS last FROM read.timeline t JOIN read.policies p USING (policy)',
        );
        const last = rows[0]?.last ?? 0;
        // What is told may be a moment behind the rows, yet never behind what was told before.
        const { position: toldNow } = service.readSide.progress;
        expect(last).toBeGreaterThanOrEqual(latest);
        expect(toldNow).toBeGreaterThanOrEqual(told);
        [latest, told] = [last, toldNow];
        reads += 1;
      }
    })();
    for (let turn = 0; turn < 3; turn += 1) {
      await requestRebuilds(database.pool, ALL);
      await somethingRecorded(1);
      await rebuilt(service, ALL);
    }
    isDone = true;
    await reading;
    expect(reads).toBeGreaterThan(10);
  });

  it('goes on in another process where one ended', async () => {
    const first = await started();
    await somethingRecorded();
    await first.readSide.waitFor((await log.head()).position, WAIT_MS);
    await first.stop();
    await requestRebuilds(database.pool, ALL);
    const { position } = await log.head();
    const { rows } = await database.pool.query<{ policy: number }>(
      'SELECT policy FROM read.policies ORDER BY policy OFFSET 3 LIMIT 1',
    );
    const cursor = rows[0]?.policy ?? 0;
    for (const name of await tablesIn('read')) {
      const isOfRows = readModels.some(({ tables }) => tables.some((table) => table.name === name));
      if (!isOfRows) continue;
      await database.pool.query(`CREATE TABLE read_next.${name} (LIKE read.${name})`);
      await database.pool.query(`INSERT INTO read_next.${name} SELECT * FROM read.${name} WHERE policy <= ${cursor}`);
    }
    await database.pool.query(
      "UPDATE read.rebuilds SET state = 'copying', up_to = $1, cursor = $2, events = 7, owner = 0",
      [position, cursor],
    );
    const second = await started();
    await rebuilt(second, ALL);
    await expectEqualToReplay();
  });

  it('can be cancelled, and leaves what is in use as it is', async () => {
    const service = await started();
    await requestRebuilds(database.pool, ['figures']);
    expect(await service.administration.cancelRebuild('figures')).toBe(true);
    expect(await service.administration.cancelRebuild('figures')).toBe(false);
    expect((await statusOf(service, 'figures')).rebuild?.state).toBe('cancelled');
    await somethingRecorded(1);
    await service.readSide.waitFor((await log.head()).position, WAIT_MS);
    await expectEqualToReplay();
    expect(await service.administration.rebuild('figures')).toBe(true);
    await rebuilt(service, ['figures']);
    expect(await service.administration.rebuild('nothing')).toBe(false);
  });

  it('finds what was changed behind its back, and puts it right', async () => {
    const service = await started();
    await somethingRecorded();
    await service.readSide.waitFor((await log.head()).position, WAIT_MS);
    await database.pool.query(
      "UPDATE read.timeline SET event = 'forged' WHERE ctid = (SELECT min(ctid) FROM read.timeline)",
    );
    await service.administration.rebuild('timeline');
    await rebuilt(service, ['timeline']);
    const { rebuild } = await statusOf(service, 'timeline');
    expect(rebuild).toMatchObject({ isEqual: false, differences: [{ table: 'timeline', isEqual: false }] });
    expect(rebuild?.differences[0]?.examples.map(({ only }) => only)).toEqual(['one', 'other']);
    await expectEqualToReplay();
  });

  it('comes by itself when a version has changed, while the rows of the old one are in use', async () => {
    await (await started()).stop();
    await somethingRecorded(1);
    const changed = others('figures', ({ version }) => ({ version: version + 1, changesOf: () => [] }));
    const service = await started(changed);
    await rebuilt(service, ['figures']);
    const { rows } = await database.pool.query('SELECT version FROM read.projections WHERE name = $1', ['figures']);
    expect(rows).toEqual(
      changed.flatMap((model) => (model.name === 'figures' ? [{ version: storedVersion(model) }] : [])),
    );
    expect((await database.pool.query('SELECT FROM read.figures')).rowCount).toBe(0);
    await service.stop();
    await rebuilt(await started(), ['figures']);
    await expectEqualToReplay();
  });

  it('is waited for when the columns have changed', async () => {
    await (await started()).stop();
    const changed = others('actors', (projection) => {
      const { version, tables } = projection;
      const [table] = tables;
      if (!table) return {};
      const wider = { ...table, columns: { ...table.columns, note: 'text' } };
      return {
        version: version + 1,
        tables: [wider],
        changesOf: (change) => projection.changesOf(change).map((each) => ({ ...each, table: wider })),
      };
    });
    const service = await started(changed);
    expect((await statusOf(service, 'actors')).rebuild?.state).toBe('done');
    expect((await database.pool.query('SELECT note FROM read.actors LIMIT 1')).fields).toHaveLength(1);
    await service.stop();
    await started();
    await expectEqualToReplay();
  });

  it('carries positions over from where each read model had its own, and builds again what was behind', async () => {
    await (await started()).stop();
    await database.pool.query(TO_LAYOUT_2);
    const begun = Date.now();
    await somethingRecorded(1);
    const service = await started();
    const statuses = await service.administration.status();
    const built = statuses.filter(({ rebuild }) => rebuild && rebuild.startedAt > begun).map(({ name }) => name);
    expect(built).toEqual(['figures']);
    expect(await tablesIn('read')).not.toContain('units');
    await expectEqualToReplay();
  });

  it('of the current states stores them again, as they are asked for', async () => {
    const service = await started();
    await somethingRecorded(1);
    const states = async (): Promise<number> => {
      await askedNow(database.pool, service);
      return (await database.pool.query('SELECT FROM read.policy_heads')).rowCount ?? 0;
    };
    await eventually('every policy has a current state', async () => (await states()) === policies);
    await service.administration.rebuild('policy-heads');
    expect((await database.pool.query('SELECT FROM read.policy_heads')).rowCount).toBe(0);
    await eventually('every policy has one again', async () => (await states()) === policies);
  });
});
