import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { uniqueName, requestFor } from '../../contract/contract-requests.js';
import { type StatementFault, driverError, withFaults } from '../../contract/faulty-pool.js';
import { type PostgresUnderTest, openPostgresUnderTest } from '../../contract/postgres-under-test.js';
import { type AppendRequest, type EventLog, LogUnavailableError } from '../../port.js';
import { createPostgresEventLog } from '../postgres-event-log.js';

let postgres: PostgresUnderTest;
beforeAll(async () => {
  postgres = await openPostgresUnderTest();
});
afterAll(() => postgres.close());

async function* inBatches(...requests: readonly AppendRequest[]): AsyncGenerator<readonly AppendRequest[]> {
  for (const each of requests) yield [each];
}

const own = (): AppendRequest => requestFor(uniqueName(), [uniqueName()], 'none');

const keysOf = (requests: readonly AppendRequest[]): readonly string[] =>
  requests.flatMap(({ events }) => events.map(({ key }) => key));

const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe.each([
  ['a lock', { lock_timeout: 100 }, '55P03'],
  ['a statement', { statement_timeout: 100 }, '57014'],
])('an append that waits for %s too long', (_what, settings, code) => {
  let log: EventLog;
  beforeEach(async () => {
    log = createPostgresEventLog({ pool: postgres.openPool(settings) });
    await postgres.administrator.query('BEGIN; SELECT FROM log.head FOR UPDATE');
  });
  afterEach(() => postgres.administrator.query('ROLLBACK'));

  const appends: readonly [string, (one: AppendRequest) => Promise<unknown>][] = [
    ['append', (one) => log.append(one)],
    ['appendTogether', (one) => log.appendTogether(inBatches(one))],
  ];
  it.each(appends)('is unavailable, and recorded when it is repeated (%s)', async (_name, append) => {
    const one = own();
    const thrown = await thrownBy(append(one));
    expect(thrown).toBeInstanceOf(LogUnavailableError);
    expect(thrown).toMatchObject({ message: expect.stringContaining('Nothing was recorded'), cause: { code } });
    await postgres.administrator.query('ROLLBACK');
    expect(await log.readKeys(keysOf([one]))).toEqual([]);
    expect(await append(one)).toMatchObject({ outcome: 'appended' });
    expect(await log.readKeys(keysOf([one]))).toHaveLength(1);
  });
});

describe('an append whose statements fail', () => {
  let faults: StatementFault[];
  let log: EventLog;
  beforeEach(() => {
    const pool = postgres.openPool();
    faults = withFaults(pool);
    log = createPostgresEventLog({ pool });
  });

  it.each(['53100', '53200', '25006', '40001', '58030'])(
    'is unavailable after %s, and nothing is there',
    async (code) => {
      const requests = [own(), own(), own()];
      faults.push({ at: 'log-append', comes: 'instead', error: driverError(code) });
      const thrown = await Promise.all(requests.map((one) => thrownBy(log.append(one))));
      expect(thrown.map((error) => error instanceof LogUnavailableError)).toEqual([true, true, true]);
      expect(await log.readKeys(keysOf(requests))).toEqual([]);
    },
  );

  it.each(['BEGIN', 'log-append', 'COMMIT'])(
    'leaves nothing together when %s fails, for a repeat to record',
    async (at) => {
      for (const code of ['53100', '55P03', '57014', '57P01', '08006', 'ECONNRESET']) {
        const requests = [own(), own()];
        faults.push({ at, comes: 'instead', error: driverError(code) });
        const thrown = await thrownBy(log.appendTogether(inBatches(...requests)));
        expect(thrown).toBeInstanceOf(LogUnavailableError);
        expect(thrown).toMatchObject({ cause: { code } });
        expect(await log.readKeys(keysOf(requests))).toEqual([]);
        expect(await log.appendTogether(inBatches(...requests))).toMatchObject({ outcome: 'appended', events: 2 });
      }
    },
  );

  it('settles by a repeat what was recorded together though its answer was lost', async () => {
    const requests = [own(), own()];
    faults.push({ at: 'COMMIT', comes: 'afterwards', error: driverError('ECONNRESET') });
    const thrown = await thrownBy(log.appendTogether(inBatches(...requests)));
    expect(thrown).toBeInstanceOf(LogUnavailableError);
    expect(thrown).toMatchObject({ message: expect.stringContaining('recorded at most once') });
    const { position } = await log.head();
    expect(await log.appendTogether(inBatches(...requests))).toEqual({
      outcome: 'appended',
      events: 0,
      last: position,
    });
    expect(await log.readKeys(keysOf(requests))).toHaveLength(2);
  });

  it.each<StatementFault['comes']>(['instead', 'afterwards'])(
    'tells one writer of an event, and what was there before as such, when the connection is lost %s',
    async (comes) => {
      const [before, repeated, fresh] = [own(), requestFor(uniqueName(), [uniqueName()]), own()];
      await log.append(before);
      faults.push({ at: 'log-append', comes, error: driverError('57P01') });
      const answers = await Promise.all([before, repeated, repeated, repeated, fresh].map((one) => log.append(one)));
      expect(answers.map(({ outcome }) => outcome)).toEqual([
        'duplicate',
        'appended',
        'duplicate',
        'duplicate',
        'appended',
      ]);
      expect(await log.readKeys(keysOf([before, repeated, fresh]))).toHaveLength(3);
    },
  );

  it('does not claim that nothing was recorded when an earlier try may have recorded it', async () => {
    const one = own();
    faults.push({ at: 'log-append', comes: 'afterwards', error: driverError('ECONNRESET') });
    faults.push({ at: 'log-append', comes: 'instead', error: driverError('55P03') });
    const thrown = await thrownBy(log.append(one));
    expect(thrown).toBeInstanceOf(LogUnavailableError);
    expect(thrown).toMatchObject({ message: expect.not.stringContaining('Nothing was recorded') });
    expect(await log.append(one)).toMatchObject({ outcome: 'duplicate' });
  });

  it('passes on what is no matter of the connection', async () => {
    faults.push({ at: 'COMMIT', comes: 'instead', error: driverError('42501') });
    expect(await thrownBy(log.appendTogether(inBatches(own())))).not.toBeInstanceOf(LogUnavailableError);
  });
});

describe('appends whose connections are cut', () => {
  it('lose nothing together, and the process lives', async () => {
    const { log } = postgres;
    const requests = [own(), own()];
    const cutting = async function* (): AsyncGenerator<readonly AppendRequest[]> {
      yield requests.slice(0, 1);
      await postgres.cutConnections();
      yield requests.slice(1);
    };
    expect(await thrownBy(log.appendTogether(cutting()))).toBeInstanceOf(LogUnavailableError);
    expect(await log.readKeys(keysOf(requests))).toEqual([]);
    expect(await log.appendTogether(inBatches(...requests))).toMatchObject({ outcome: 'appended', events: 2 });
  });

  it('are unavailable together when there is no server', async () => {
    const log = createPostgresEventLog({
      pool: postgres.openPool({ connectionString: 'postgres://nobody@localhost:1/none' }),
    });
    expect(await thrownBy(log.appendTogether(inBatches(own())))).toBeInstanceOf(LogUnavailableError);
  });

  it('keep all that was acknowledged, once, while connections are cut again and again', async () => {
    const { log } = postgres;
    const requests = Array.from({ length: 200 }, own);
    const { position } = await log.head();
    const appending = Promise.all(requests.map((one, index) => (index % 2 === 0 ? log.append(one) : later(log, one))));
    for (let cut = 0; cut < 3; cut += 1) await postgres.cutConnections();
    const answers = await appending;
    expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'appended'));
    expect(await log.readKeys(keysOf(requests))).toHaveLength(requests.length);
    expect((await log.readAll(position, 500)).map(({ key }) => key).sort()).toEqual([...keysOf(requests)].sort());
  });

  /** Appends in a later flush. */
  const later = async (log: EventLog, one: AppendRequest) => {
    await log.head().catch(() => undefined);
    return log.append(one);
  };
});
