import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Pool, PoolClient } from 'pg';
import { instant } from '#domain';
import { type AppendRequest, type EventLog, createPostgresEventLog } from '#event-log';
import { ADVISORY_LOCKS } from '#postgres';
import { appendAll } from '../../../../test/support/events/append-bodies.js';
import { corpus } from '../../../../test/support/events/corpus.js';
import { type MigratedDatabase, createMigratedDatabase } from '../../../../test/support/databases/migrated-database.js';
import { policyRequests } from '../../../../test/support/databases/one-log.js';
import { eventually } from '../../../../test/support/eventually.js';
import { type ProjectionsOfProcess, composeProjections } from '../../../../test/support/databases/projections.js';
import { compareWithReplay } from '../rebuild/checks/replay-check.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261124);
const WAIT_MS = 30_000;
const MANY_POLICIES = 25;

/** Room for the ledgers of some of these policies. */
const FEW_LEDGERS_BYTES = 30_000;

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

type Composing = Partial<Parameters<typeof composeProjections>[0]>;

/** A runner that is still to be started; it is stopped after the test. */
function composed(given: Composing = {}): ProjectionsOfProcess {
  const usual = { pool: database.pool, log, now: () => instant(Date.now()), onStopped: () => undefined };
  const projections = composeProjections({ ...usual, ...given });
  running.push(projections);
  return projections;
}

/** Starts a runner; it is stopped after the test. */
async function started(given: Composing = {}): Promise<ProjectionsOfProcess> {
  const projections = composed(given);
  await projections.start();
  return projections;
}

/** One more policy with the events of a corpus. */
function somethingNew(): readonly AppendRequest[] {
  policies += 1;
  const [made] = fc.sample(corpus({ size: 25 }), { numRuns: 1, seed: SEED + policies });
  return policyRequests(`policy-${policies}`, made?.events ?? []);
}

const somethingRecorded = (): Promise<unknown> => appendAll(log, somethingNew());

/** Records more at once than one statement is to write. */
const muchRecorded = (): Promise<unknown> => log.appendMany(Array.from({ length: MANY_POLICIES }, somethingNew).flat());

const caughtUp = async (projections: ProjectionsOfProcess): Promise<void> => {
  const { position } = await log.head();
  expect(await projections.readSide.waitFor(position, WAIT_MS)).toBe(position);
};

/** Fails unless the read models are what the log gives when it is read anew. */
async function expectEqualToReplay(): Promise<void> {
  const { tables } = await compareWithReplay({ pool: database.pool, log });
  expect(tables.filter(({ isEqual }) => !isEqual)).toEqual([]);
  expect(tables.find(({ table }) => table === 'timeline')?.one.rows).toBeGreaterThan(0);
}

/** A pool whose transactions can be made to lose their connection once. */
interface Sabotage {
  readonly pool: Pool;
  /** From now on the next statement of this name fails: before it is sent, or after the server has carried it out. */
  arm(statement: string, moment: 'before' | 'after'): void;
  readonly failures: () => number;
}

interface Statement {
  readonly name?: string;
  readonly text?: string;
}

const nameOf = (asked: string | Statement): string =>
  typeof asked === 'string' ? asked : (asked.name ?? asked.text ?? '');

function sabotage(): Sabotage {
  let armed: { readonly statement: string; readonly moment: 'before' | 'after' } | undefined;
  let failures = 0;
  const query = (client: Pick<PoolClient, 'query'>, asked: string | Statement, values?: unknown[]): unknown => {
    // What a COPY is asked by is a stream, and is answered as such.
    const carriedOut = (): unknown =>
      typeof asked === 'string' ? client.query(asked, values) : client.query(asked as never);
    if (armed === undefined || !nameOf(asked).startsWith(armed.statement)) return carriedOut();
    const { statement, moment } = armed;
    armed = undefined;
    failures += 1;
    const lost = Object.assign(new Error(`The connection was lost ${moment} ${statement}.`), { code: 'ECONNRESET' });
    if (moment === 'before') throw lost;
    return Promise.resolve(carriedOut()).then(() => Promise.reject(lost));
  };
  const connect = async (): Promise<PoolClient> => {
    const client = await database.pool.connect();
    return Object.create(client, {
      query: { value: (asked: string, values?: unknown[]) => query(client, asked, values) },
      release: { value: (broken?: boolean) => client.release(broken) },
    });
  };
  const pool: Pool = Object.create(database.pool, {
    connect: { value: connect },
    query: { value: (asked: string, values?: unknown[]) => query(database.pool, asked, values) },
  });
  return { pool, arm: (statement, moment) => (armed = { statement, moment }), failures: () => failures };
}

describe('the runner', () => {
  it('gives the rows of one go when it is stopped and started in between', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      await somethingRecorded();
      const projections = await started();
      await somethingRecorded();
      await caughtUp(projections);
      await projections.stop();
    }
    await expectEqualToReplay();
  });

  it('gives the rows of one go where a backlog of policies that do not fit in memory is taken policy by policy', async () => {
    const batch = 10;
    await muchRecorded();
    const projections = composed({ limits: { batch, ledgerBytes: FEW_LEDGERS_BYTES } });
    const sizes: { readonly partitions: number; readonly entries: number }[] = [];
    projections.readModels.feed.subscribe((change) => {
      const entries = change.kind === 'advanced' ? new Set(change.changes.map(({ position }) => position)).size : 0;
      sizes.push({ partitions: change.partitions.length, entries });
    });
    await projections.start();
    await caughtUp(projections);
    // More of one partition than a batch is of all: a backlog. Before it are batches, until it is known to be one.
    expect(sizes.filter(({ partitions, entries }) => partitions === 1 && entries > batch).length).toBeGreaterThan(2);
    expect(sizes.some(({ partitions }) => partitions > 1)).toBe(true);
    await expectEqualToReplay();
  });

  const losses: readonly (readonly [
    statement: string,
    moment: 'before' | 'after',
    recorded: () => Promise<unknown>,
  ])[] = [
    ['advance-with-rows', 'before', somethingRecorded],
    ['advance-with-rows', 'after', somethingRecorded],
    ['advance-partitions', 'before', muchRecorded],
    ['COPY read.timeline', 'before', muchRecorded],
    ['COMMIT', 'before', muchRecorded],
    ['COMMIT', 'after', muchRecorded],
  ];

  for (const [statement, moment, recorded] of losses)
    it(`gives the rows of one go when the connection is lost ${moment} ${statement}`, async () => {
      const { pool, failures, ...saboteur } = sabotage();
      const projections = await started({ pool });
      saboteur.arm(statement, moment);
      await recorded();
      await caughtUp(projections);
      expect((await projections.administration.status()).map(({ lastError }) => lastError)).not.toContainEqual(
        expect.any(String),
      );
      await projections.stop();
      expect(failures()).toBe(1);
      await expectEqualToReplay();
    });

  it('shares the work with others, and takes it over from those that leave', async () => {
    const processes = [await started(), await started(), await started()];
    await somethingRecorded();
    for (const each of processes) await caughtUp(each);
    const owners = async (): Promise<number> => {
      const { rows } = await database.pool.query('SELECT DISTINCT owner FROM read.partitions WHERE owner IS NOT NULL');
      return rows.length;
    };
    await eventually('three processes have a share', async () => (await owners()) === 3);
    await somethingRecorded();
    await processes[0]?.stop();
    await somethingRecorded();
    for (const each of processes.slice(1)) await caughtUp(each);
    expect(await owners()).toBe(2);
    await expectEqualToReplay();
  });

  it('takes over from one that was last seen before the clock of the database was set back', async () => {
    await (await started()).stop();
    // Its connection stands, as that of a paused process does.
    const paused = await database.pool.connect();
    await paused.query('SELECT pg_advisory_lock($1, 1000000)', [ADVISORY_LOCKS.readMember]);
    await paused.query("INSERT INTO read.members VALUES (1000000, 'paused', clock_timestamp() + interval '1 year')");
    await paused.query('UPDATE read.partitions SET owner = 1000000');
    const projections = await started();
    await somethingRecorded();
    await caughtUp(projections);
    await paused.query('SELECT pg_advisory_unlock_all()');
    paused.release();
  });

  it('makes the indexes what they should be', async () => {
    const indexes = async (): Promise<readonly string[]> => {
      const { rows } = await database.pool.query<{ indexname: string }>(
        "SELECT indexname FROM pg_indexes WHERE schemaname = 'read' ORDER BY 1",
      );
      return rows.map(({ indexname }) => indexname);
    };
    await (await started()).stop();
    const before = await indexes();
    const lost = before.find((name) => /^boxes_.*_idx$/.test(name)) ?? '';
    await database.pool.query(`DROP INDEX read.${lost}`);
    await database.pool.query('CREATE INDEX boxes_unwanted_idx ON read.boxes (event)');
    await (await started()).stop();
    expect(await indexes()).toEqual(before);
  });

  it('refuses a log that ends before what the read models hold', async () => {
    await (await started()).stop();
    await database.pool.query('UPDATE read.partitions SET position = position + 1000');
    let stopped: unknown;
    const projections = await started({ onStopped: (error) => (stopped = error) });
    await eventually('it stops', () => stopped !== undefined);
    expect(String(stopped)).toContain('the log ends at');
    expect((await projections.administration.status()).map(({ state }) => state)).toContain('stopped');
    await database.pool.query('UPDATE read.partitions SET position = position - 1000');
  });
});
