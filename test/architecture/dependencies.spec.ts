import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

const LIMIT_MS = 60_000;

it(
  'imports only along the arrows of the architecture',
  async () => {
    const { stdout } = await run(process.execPath, ['test/architecture/check-dependencies.mjs'], { cwd: root });
    expect(JSON.parse(stdout)).toEqual({ violations: [], checked: expect.any(Number) });
    expect(JSON.parse(stdout).checked).toBeGreaterThan(20);
  },
  LIMIT_MS,
);
