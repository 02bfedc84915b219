import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { commandOf } from '../../docker/dockerfile.js';
import { type TestDatabase, createTestDatabase } from '../../support/databases/database.js';
import { eventually } from '../../support/eventually.js';
import { KurrentDouble } from '../../support/kurrentdb/double.js';
import { clientOf } from '../running-application.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const LIMIT_MS = 60_000;

interface Started {
  readonly child: ChildProcess;
  /** The first line on its standard output. */
  readonly line: string;
  readonly said: Promise<string>;
}

describe('the processes of a cluster, by the commands of their images', () => {
  let database: TestDatabase;
  let server: KurrentDouble;
  const started: Started[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await KurrentDouble.open();
  });
  afterAll(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    server.close();
    await database.drop();
  });

  const environment = (variables: Readonly<Record<string, string>> = {}) => ({
    PATH: process.env['PATH'],
    DATABASE_URL: database.url,
    KURRENTDB_URL: server.url,
    SEEDS: '',
    PORT: '0',
    LOG_LEVEL: 'warn',
    ...variables,
  });

  async function start(target: string, variables: Readonly<Record<string, string>> = {}): Promise<Started> {
    const [program = '', ...parameters] = commandOf(target);
    const child = spawn(program, parameters, {
      cwd: root,
      env: environment(variables),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (!child.stdout || !child.stderr) throw new Error('The process has no output.');
    const said = text(child.stderr);
    const ended = once(child, 'exit').then(async ([code]) => {
      throw new Error(`${target} ended with ${String(code)}: ${await said}`);
    });
    const lines = createInterface({ input: child.stdout });
    const line = await Promise.race([once(lines, 'line').then(([first]) => String(first)), ended]);
    ended.catch(() => undefined);
    const process_ = { child, line, said };
    started.push(process_);
    return process_;
  }

  async function healthOf(target: string, variables: Readonly<Record<string, string>> = {}): Promise<number | null> {
    const child = spawn('node', ['docker/health.mjs', target], {
      cwd: root,
      env: environment(variables),
      stdio: 'ignore',
    });
    const [code] = await once(child, 'exit');
    return code;
  }

  async function owner(): Promise<string> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ owner: string | null }>('SELECT owner FROM log.sequencer');
    await client.end();
    return rows[0]?.owner ?? '';
  }

  it(
    'share the work, take over from one that is killed, and end in good order',
    async () => {
      const sequencers = [await start('sequencer'), await start('sequencer')];
      const off = { PROJECTIONS: 'off', SEQUENCER: 'off' };
      const [projector, one, other] = [await start('projector'), await start('api', off), await start('api', off)];
      expect([...sequencers, projector].map(({ line }) => line)).toEqual(['sequencing', 'sequencing', 'projecting']);
      const [first, second] = [one, other].map(({ line }) => clientOf(line.replace('listening on ', '')));
      const register = async (slug: string) =>
        first?.post<{ readonly position: number }>('/v1/policies', {
          slug,
          title: slug,
          kind: 'scheme',
          jurisdiction: 'GB',
        });
      expect(await register('ferry')).toMatchObject({ status: 201, body: { position: 1 } });
      expect(await second?.get('/v1/policies/ferry?atLeast=1')).toMatchObject({ status: 200 });
      const port = new URL(first?.url ?? '').port;
      expect(
        await Promise.all([healthOf('api', { PORT: port }), healthOf('projector'), healthOf('sequencer')]),
      ).toEqual([0, 0, 0]);
      expect(await Promise.all([healthOf('api', { PORT: '9' }), healthOf('nothing')])).toEqual([1, 1]);

      const before = await owner();
      const killed = sequencers.find(({ child }) => before.split('/')[1] === String(child.pid));
      expect(killed).toBeDefined();
      killed?.child.kill('SIGKILL');
      // Durable at once; its position may take until the other one copies.
      expect([201, 202]).toContain((await register('bridge'))?.status);
      await eventually(
        'the other one copies',
        async () => (await second?.get('/v1/policies/bridge?atLeast=2'))?.status === 200,
      );
      expect(await register('bridge')).toMatchObject({ status: 200, body: { position: 2 } });
      expect(await owner()).not.toBe(before);

      const left = started.filter((each) => each !== killed);
      for (const { child } of left) child.kill('SIGTERM');
      const codes = await Promise.all(left.map(async ({ child }) => child.exitCode ?? (await once(child, 'exit'))[0]));
      expect(codes).toEqual(left.map(() => 0));
    },
    LIMIT_MS,
  );
});
