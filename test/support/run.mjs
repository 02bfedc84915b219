// `npm test [-- JEST OPTIONS]`: makes the clone ready, runs Jest, and closes with the counts alone on the last line.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, checkNode, installPackages, leaveWith, root } from '../../apps/set-up.mjs';

checkNode();
await installPackages({ forDevelopment: true });
const isBuilt = await build();

const folder = mkdtempSync(join(tmpdir(), 'ptl-counts-'));
const counts = join(folder, 'counts');
const jest = ['--import', new URL('typescript.mjs', import.meta.url).href, join(root, 'node_modules/jest/bin/jest.js')];
const child = spawn(process.execPath, [...jest, ...process.argv.slice(2)], {
  cwd: root,
  env: { ...process.env, TEST_COUNTS_FILE: counts },
  stdio: 'inherit',
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  const summary = readCounts();
  rmSync(folder, { recursive: true, force: true });
  if (summary === undefined) leaveWith('Jest ended before it had run the tests.');
  process.stdout.write(`${summary}\n`);
  process.exit(isBuilt ? (code ?? 1) : 1);
});

function readCounts() {
  try {
    return readFileSync(counts, 'utf8');
  } catch {
    return undefined;
  }
}
