// `npm run test:kurrentdb [-- JEST OPTIONS]`: the suites of the log in KurrentDB, against the server at KURRENTDB_URL.
// `npm test` runs them against a double. Tests write to streams of their own; use no server that holds anything dear.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../apps/set-up.mjs';

const { KURRENTDB_URL: url, ...env } = process.env;
if (!url) {
  process.stderr.write(
    'KURRENTDB_URL is not set: nothing was run against a real server. Set it to one, as in\n' +
      "  KURRENTDB_URL='kurrentdb://127.0.0.1:2113?tls=false' npm run test:kurrentdb\n",
  );
  process.exit(1);
}
process.stdout.write(`Against the server at ${url.replace(/\/\/[^@/]*@/, '//')}\n`);
const run = [join(root, 'test/support/run.mjs'), 'libs/kurrentdb-log', ...process.argv.slice(2)];
const child = spawn(process.execPath, run, { env: { ...env, TEST_KURRENTDB_URL: url }, stdio: 'inherit' });
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
