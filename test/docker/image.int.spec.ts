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
  ): Promise<{ readonly said: Promise<string>; readonly line: string; readonly child: ChildProcess }> {
    const child = run(image, image.command);
    closing.push(() => child.kill('SIGKILL'));
    const said = child.stderr ? text(child.stderr) : Promise.resolve('');
    const ended = once(child, 'exit').then(async () => `ended: ${await said}`);
    const lines = child.stdout ? createInterface({ input: child.stdout }) : undefined;
    const line = new Promise<string>((resolve) => lines?.once('line', resolve));
    return { said, child, line: await Promise.race([line, ended]) };
  }

  const healthOf = async (image: Image, app: string, port: string): Promise<unknown> => {
    const [code] = await once(run(image, [process.execPath, 'docker/health.mjs', app], { PORT: port }), 'exit');
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
    expect([await healthOf(api, 'api', port), await healthOf(shared, 'projector', port)]).toEqual([0, 0]);
    const exits = [first, second].map(({ child }) => once(child, 'exit'));
    for (const { child } of [first, second]) child.kill('SIGTERM');
    expect(await Promise.all(exits)).toEqual([
      [0, null],
      [0, null],
    ]);
    expect([await first.said, await second.said]).toEqual(['', '']);
    expect(await readdir(api.workingFolder, { recursive: true })).toEqual(before);
    expect(existsSync(key)).toBe(true);
  }, 120_000);
});

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
