import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import './typescript.mjs';

/** Nothing of a test run must survive a loss of power. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '128MB',
  log_min_messages: 'panic',
};

/** Opens the door behind which the run's one test server is started when the first test asks for it. */
export default async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'ptl-test-'));
  let server;
  const door = createServer((client) => {
    client.on('error', () => {});
    server ??= start(folder);
    server.then(
      ({ url }) => client.end(JSON.stringify({ url })),
      (error) => client.end(JSON.stringify({ error: String(error.stack) })),
    );
  });
  const address = join(folder, 'door');
  await new Promise((resolve) => door.listen(address, resolve));
  process.env.TEST_POSTGRES_DOOR = address;
  globalThis.stopTestServer = async () => {
    door.close();
    const started = await server?.catch(() => undefined);
    await started?.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function start(folder) {
  const { startEmbeddedPostgres } = await import('../../libs/runtime/src/index.ts');
  const onLoss = (reason) => process.stderr.write(`${reason}\n`);
  return startEmbeddedPostgres({ dataFolder: join(folder, 'data'), settings, log: () => {}, onLoss });
}
