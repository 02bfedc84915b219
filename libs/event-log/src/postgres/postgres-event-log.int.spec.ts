import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type TestDatabase, createTestDatabase } from '../../../../test/support/databases/database.js';
import { canonicalJson } from '../entries/canonical-json.js';
import { describeEventLog } from '../contract/event-log-contract.js';
import { asApplication, template } from '../contract/postgres-under-test.js';
import type { AppendRequest, EventLog } from '../port.js';
import { logDataSource, migrateEventLog } from './schema/migrations.js';
import { createPostgresEventLog } from './postgres-event-log.js';
import { APPLICATION_ROLE, CHANNEL } from './schema/schema.sql.js';

let database: TestDatabase;
let pool: pg.Pool;
let log: EventLog;

const openLog = async (): Promise<EventLog> => {
  database = await createTestDatabase(template);
  pool = asApplication(database.url);
  log = createPostgresEventLog({ pool });
  return log;
};

const closeLog = async (): Promise<void> => {
  await log.close();
  await pool.end();
  await database.drop();
};

const one = (stream = randomUUID()): AppendRequest => ({
  stream,
  expected: 'any',
  events: [{ id: randomUUID(), key: randomUUID(), type: 'toll.changed', body: canonicalJson({}) }],
});

describeEventLog('postgres', {
  open: openLog,
  openAnother: async () => createPostgresEventLog({ pool }),
  close: closeLog,
});

describe('the log on Postgres', () => {
  let administrator: pg.Client;
  beforeAll(async () => {
    await openLog();
    administrator = new pg.Client({ connectionString: database.url });
    await administrator.connect();
    await log.append(one());
  });
  afterAll(async () => {
    await administrator.end();
    await closeLog();
  });

  it.each([
    "UPDATE log.events SET entry = ''",
    'DELETE FROM log.events',
    'TRUNCATE log.events',
    'DELETE FROM log.idempotency_keys',
  ])('refuses its owner: %s', async (statement) => {
    await expect(administrator.query(statement)).rejects.toThrow('only grows');
  });

  it.each([
    "UPDATE log.events SET entry = ''",
    'DELETE FROM log.events',
    'TRUNCATE log.events',
    'INSERT INTO log.events SELECT * FROM log.events',
    'UPDATE log.head SET position = 0',
    'DELETE FROM log.idempotency_keys',
    'ALTER TABLE log.events DISABLE TRIGGER ALL',
    'SELECT FROM log.head FOR SHARE',
    'SELECT FROM log.events FOR KEY SHARE',
    'BEGIN; LOCK TABLE log.events IN SHARE MODE',
  ])('gives the application no right to: %s', async (statement) => {
    await expect(pool.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  it('has the tables that its entities describe', async () => {
    const source = await logDataSource(database.url).initialize();
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    await source.destroy();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('appends from two processes at once without gap, conflict or loss', async () => {
    const otherPool = asApplication(database.url);
    const other = createPostgresEventLog({ pool: otherPool });
    const stream = randomUUID();
    const { position: before } = await log.head();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? log : other).append(one(stream))),
    );
    expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'appended'));
    expect((await log.readAll(before, 500)).map(({ position }) => position)).toEqual(
      answers.map((_, index) => before + 1 + index),
    );
    expect((await log.readStream(stream, { limit: 500 })).map(({ revision }) => revision)).toEqual(
      answers.map((_, index) => index),
    );
    await other.close();
    await otherPool.end();
  });

  it('records once what was under way when every connection was cut', async () => {
    const requests = Array.from({ length: 40 }, () => one());
    const appending = requests.map((request) => log.append(request));
    await administrator.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    const answers = await Promise.all(appending);
    expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'appended'));
    const keys = requests.flatMap(({ events }) => events.map(({ key }) => key));
    expect(await log.readKeys(keys)).toHaveLength(keys.length);
  });

  it('reads on when its idle connections were cut', async () => {
    await Promise.all([log.head(), log.head(), log.head()]);
    await administrator.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    expect((await log.head()).position).toBeGreaterThan(0);
  });

  it('wakes a subscriber of another process long before it would look by itself', async () => {
    const { position } = await log.head();
    const stop = new AbortController();
    const reading = log.subscribe(position, { signal: stop.signal, batchLimit: 10 })[Symbol.asyncIterator]();
    const next = reading.next();
    await log.append(one());
    expect((await next).value).toHaveLength(1);
    stop.abort();
    expect((await reading.next()).done).toBe(true);
  });

  it('gives a subscriber what is in the log, whatever a stranger announces', async () => {
    const { position } = await log.head();
    const stop = new AbortController();
    const reading = log.subscribe(position, { signal: stop.signal, batchLimit: 10 })[Symbol.asyncIterator]();
    const next = reading.next();
    for (const announced of [String(position + 9), '', `${position + 1}\n{"key":"forged"}`])
      await administrator.query('SELECT pg_notify($1, $2)', [CHANNEL, announced]);
    const appended = await log.append(one());
    expect(await next).toMatchObject({ value: 'locations' in appended ? appended.locations : undefined });
    stop.abort();
  });

  it('brings a database of an older version to this form', async () => {
    await administrator.query(
      'ALTER FUNCTION log.append RENAME TO other; CREATE FUNCTION log.append(OUT truth text) LANGUAGE sql AS $$SELECT NULL$$',
    );
    await administrator.query("INSERT INTO log.settings VALUES ('announcement-secret', 'known to the log')");
    await administrator.query("CREATE FUNCTION log.seal(told text) RETURNS text LANGUAGE sql AS 'SELECT told'");
    await administrator.query("DELETE FROM policy_timeline_migrations WHERE name ~ '0000000(08|09)$'");
    await migrateEventLog(database.url);
    const { rows } = await administrator.query(
      "SELECT name FROM log.settings WHERE name = 'announcement-secret' UNION ALL SELECT 'seal' WHERE to_regproc('log.seal') IS NOT NULL",
    );
    expect(rows).toEqual([]);
    expect(await log.append(one())).toMatchObject({ outcome: 'appended' });
    await administrator.query('DROP FUNCTION log.other');
  });
});

describe('a log that is made by a login which is no superuser', () => {
  const login = `recorder_${randomUUID().replaceAll('-', '')}`;
  let empty: TestDatabase;
  let administrator: pg.Client;
  const url = (): string => empty.url.replace(/\/\/[^@/]*@/, `//${login}@`);

  beforeAll(async () => {
    // The template's migration has made the server's role, as an administrator would have.
    await (await createTestDatabase(template)).drop();
    empty = await createTestDatabase();
    administrator = new pg.Client({ connectionString: empty.url });
    await administrator.connect();
    await administrator.query(`CREATE ROLE ${login} LOGIN`);
    await administrator.query(`ALTER DATABASE ${String(administrator.database)} OWNER TO ${login}`);
  });
  afterAll(async () => {
    await administrator.end();
    await empty.drop();
  });

  it('says what an administrator has to do when the login may not work as the application', async () => {
    await expect(migrateEventLog(url())).rejects.toMatchObject({
      message: expect.stringContaining(`${login} may not work as the role`),
      hint: expect.stringContaining('Let an administrator run'),
    });
  });

  it('is made, and appended to, once the login administers the role', async () => {
    await administrator.query(`GRANT ${APPLICATION_ROLE} TO ${login} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
    await migrateEventLog(url());
    const own = asApplication(url());
    const owned = createPostgresEventLog({ pool: own });
    expect(await owned.append(one())).toMatchObject({ outcome: 'appended' });
    await owned.close();
    await own.end();
  });
});
