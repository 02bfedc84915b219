import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Pool, PoolClient } from 'pg';
import { instant } from '#domain';
import { type EventLog, createPostgresEventLog } from '#event-log';
import { appendAll } from '../../../test/support/append-bodies.js';
import { corpus } from '../../../test/support/corpus.js';
import { type MigratedDatabase, createMigratedDatabase } from '../../../test/support/migrated-database.js';
import { policyRequests } from '../../../test/support/one-log.js';
import { Projections } from './projections.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261124);
const WAIT_MS = 30_000;

let database: MigratedDatabase;
let log: EventLog;
let running: Projections[] = [];
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

/** Starts a runner; it is stopped after the test. */
async function started({
  pool = database.pool,
  onStopped = (_error: unknown): void => undefined,
} = {}): Promise<Projections> {
  const projections = new Projections({ pool, log, now: () => instant(Date.now()), onStopped });
  running.push(projections);
  await projections.start();
  return projections;
}

/** Records one more policy with the events of a corpus. */
async function somethingRecorded(): Promise<void> {
  policies += 1;
  const [made] = fc.sample(corpus({ size: 25 }), { numRuns: 1, seed: SEED + policies });
  await appendAll(log, policyRequests(`policy-${policies}`, made?.events ?? []));
}

const caughtUp = async (projections: Projections): Promise<void> => {
  const { position } = await log.head();
  expect(await projections.waitFor(position, WAIT_MS)).toBe(position);
};

/** Every row of the read models that says of itself where it stands in recorded time. */
async function digest(): Promise<readonly unknown[]> {
  const { rows } = await database.pool.query<{ table_name: string }>(
    "SELECT table_name FROM information_schema.columns WHERE table_schema = 'read' AND column_name = 'recorded_to' ORDER BY 1",
  );
  return Promise.all(
    rows.map(async ({ table_name: name }) => {
      const counted = await database.pool.query(
        `SELECT '${name}' AS name, count(*) AS rows, md5(string_agg(t::text, ',' ORDER BY policy, id, part)) AS digest FROM read.${name} t`,
      );
      return counted.rows[0];
    }),
  );
}

/** The same rows built in one go. */
async function rebuiltDigest(): Promise<readonly unknown[]> {
  await database.pool.query('UPDATE read.projections SET version = version - 1');
  const projections = await started();
  await projections.stop();
  return digest();
}

/** A pool whose transactions can be made to lose their connection once. */
interface Sabotage {
  readonly pool: Pool;
  /** From now on the next statement of this name fails: before it is sent, or after the server has carried it out. */
  arm(statement: string, moment: 'before' | 'after'): void;
  readonly failures: () => number;
}

function sabotage(): Sabotage {
  let armed: { readonly statement: string; readonly moment: 'before' | 'after' } | undefined;
  let failures = 0;
  const query = async (
    client: PoolClient,
    asked: string | { readonly name?: string },
    values?: unknown[],
  ): Promise<unknown> => {
    const carriedOut = (): Promise<unknown> =>
      typeof asked === 'string' ? client.query(asked, values) : client.query(asked as never);
    const failing = (typeof asked === 'string' ? asked : asked.name) === armed?.statement ? armed : undefined;
    if (!failing) return carriedOut();
    armed = undefined;
    failures += 1;
    if (failing.moment === 'after') await carriedOut();
    throw new Error(`The connection was lost ${failing.moment} ${failing.statement}.`);
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
    query: { value: database.pool.query.bind(database.pool) },
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
    const before = await digest();
    expect(await rebuiltDigest()).toEqual(before);
  });

  const losses: readonly (readonly [statement: string, moment: 'before' | 'after'])[] = [
    ['move-positions', 'before'],
    ['insert-timeline', 'after'],
    ['COMMIT', 'before'],
    ['COMMIT', 'after'],
  ];

  for (const [statement, moment] of losses)
    it(`gives the rows of one go when the connection is lost ${moment} ${statement}`, async () => {
      const { pool, failures, ...saboteur } = sabotage();
      const projections = await started({ pool });
      saboteur.arm(statement, moment);
      await somethingRecorded();
      await caughtUp(projections);
      expect((await projections.status()).map(({ lastError }) => lastError)).not.toContainEqual(expect.any(String));
      await projections.stop();
      expect(failures()).toBe(1);
      const before = await digest();
      expect(await rebuiltDigest()).toEqual(before);
    });

  it('stops, and writes nothing, when another has taken over', async () => {
    let stopped: unknown;
    const first = await started({ onStopped: (error) => (stopped = error) });
    const second = await started();
    await somethingRecorded();
    await caughtUp(second);
    await first.waitFor((await log.head()).position, WAIT_MS);
    expect(String(stopped)).toContain('Another process');
    expect((await first.status()).map(({ state }) => state)).not.toContain('running');
    await second.stop();
    const before = await digest();
    expect(await rebuiltDigest()).toEqual(before);
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
    await database.pool.query('UPDATE read.projections SET position = position + 1000');
    await expect(started()).rejects.toThrow('the log ends at');
    await database.pool.query('UPDATE read.projections SET position = position - 1000');
  });
});
