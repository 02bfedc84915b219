import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../libs/runtime/src/index.js';
import { type Image, layOut } from './image.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('a container', () => {
  let folder: string;
  const closing: (() => unknown)[] = [];
  const variables: Record<string, string> = {};

  beforeAll(async () => {
    const { build }: { readonly build: () => Promise<boolean> } = await import(join(root, 'apps/set-up.mjs'));
    expect(await build()).toBe(true);
    folder = await mkdtemp(join(tmpdir(), 'ptl-image-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    await chmod(folder, 0o755);
    const server = await startEmbeddedPostgres({
      dataFolder: join(folder, 'database'),
      settings: { shared_buffers: '32MB', fsync: 'off' },
      log: () => undefined,
      onLoss: () => undefined,
    });
    closing.push(() => server.stop());
    await makeLogins(server.url);
    const proxy = createServer((client) => {
      const { hostname, port } = new URL(server.url);
      const socket = createConnection(join(decodeURIComponent(hostname), `.s.PGSQL.${port}`));
      for (const end of [client, socket]) end.on('error', () => [client, socket].forEach((each) => each.destroy()));
      client.pipe(socket).pipe(client);
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    closing.push(() => proxy.close());
    const { port } = proxy.address() as AddressInfo;
    variables['DATABASE_URL'] = `postgresql://policy_timeline_app@127.0.0.1:${port}/postgres`;
    variables['DATABASE_OWNER_URL'] = `postgresql://policy_timeline_owner@127.0.0.1:${port}/postgres`;
  }, 240_000);
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });

  const run = (image: Image, command: readonly string[], more: Readonly<Record<string, string>> = {}): ChildProcess => {
    const [program = '', ...parameters] = command;
    return spawn(program, parameters, {
      cwd: image.workingFolder,
      env: { ...image.environment, ...variables, HOST: '127.0.0.1', PORT: '0', SEEDS: '', LOG_LEVEL: 'warn', ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...image.account,
    });
  };

  async function start(
    image: Image,
    more: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly said: Promise<string>; readonly line: string; readonly child: ChildProcess }> {
    const child = run(image, image.command, more);
    closing.push(() => child.kill('SIGKILL'));
    const said = child.stderr ? text(child.stderr) : Promise.resolve('');
    const ended = once(child, 'exit').then(async () => `ended: ${await said}`);
    const lines = child.stdout ? createInterface({ input: child.stdout }) : undefined;
    const line = new Promise<string>((resolve) => lines?.once('line', resolve));
    return { said, child, line: await Promise.race([line, ended]) };
  }

  const healthOf = async (image: Image, app: string, given: Readonly<Record<string, string>>): Promise<unknown> => {
    const [code] = await once(run(image, [process.execPath, 'docker/health.mjs', app], given), 'exit');
    return code;
  };

  it('of each app starts as the account of its image, writes to its volume alone, is healthy and ends', async () => {
    const [api, projector] = [
      await layOut('api', join(folder, 'api')),
      await layOut('projector', join(folder, 'projector')),
    ];
    const [volume = ''] = api.volumes;
    const before = await readdir(api.workingFolder, { recursive: true });
    const first = await start(api);
    expect(first.line).toMatch(/^listening on http:/);
    const key = join(volume, 'audit.key');
    const { uid, mode } = await stat(key);
    expect([uid, mode & 0o777]).toEqual([api.account?.uid ?? uid, 0o600]);
    // The volume that the processes share in a cluster.
    const shared = { ...projector, environment: { ...projector.environment, DATA_DIR: volume } };
    const second = await start(shared);
    expect(second.line).toBe('projecting');
    const port = new URL(first.line.replace('listening on ', '')).port;
    expect([await healthOf(api, 'api', { PORT: port }), await healthOf(shared, 'projector', {})]).toEqual([0, 0]);
    // Of an app with a port for its operator, health is what answers there, wherever else it listens.
    const [own, closed] = [await freePort(), await freePort()];
    const third = await start(shared, { ADMIN_PORT: own });
    expect(await healthOf(shared, 'projector', { ADMIN_PORT: own, DATABASE_URL: 'postgresql://127.0.0.1:1/x' })).toBe(
      0,
    );
    expect(await healthOf(api, 'api', { ADMIN_PORT: own, PORT: closed })).toBe(0);
    expect(await healthOf(api, 'api', { ADMIN_PORT: closed, PORT: port })).toBe(1);
    const exits = [first, second, third].map(({ child }) => once(child, 'exit'));
    for (const { child } of [first, second, third]) child.kill('SIGTERM');
    expect(await Promise.all(exits)).toEqual([
      [0, null],
      [0, null],
      [0, null],
    ]);
    expect([await first.said, await second.said, await third.said]).toEqual(['', '', '']);
    expect(await readdir(api.workingFolder, { recursive: true })).toEqual(before);
    expect(existsSync(key)).toBe(true);
  }, 120_000);
});

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

/** What the image of PostgreSQL does with the file at its first start, by psql. */
async function makeLogins(url: string): Promise<void> {
  const statements = readFileSync(join(root, 'docker/logins.sql'), 'utf8')
    .replaceAll(/^(--|\\getenv).*$/gm, '')
    .replaceAll(/:'(\w+)'/g, "'secret'")
    .split(/;\n|(\\gexec)\n/)
    .map((statement) => statement?.trim() ?? '');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const [index, statement] of statements.entries()) {
    if (statement === '' || statement === '\\gexec') continue;
    const { rows } = await client.query<Record<string, string>>(statement);
    if (statements[index + 1] === '\\gexec') for (const row of rows) await client.query(Object.values(row)[0] ?? '');
  }
  await client.end();
}
