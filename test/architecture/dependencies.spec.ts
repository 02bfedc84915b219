import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { rooms } from './dependency-rules.mjs';

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

/** More files than this in one folder are not found any more by their names. */
const FILES_LIMIT = 15;

it.each(Object.entries(rooms).flatMap(([lib, names]) => names.map((room) => `libs/${lib}/src/${room}`)))(
  'keeps %s and the folders in it small enough to look through',
  (folder) => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
    const folders = entries.filter((entry) => entry.isFile()).map(({ parentPath }) => parentPath);
    const crowded = folders.filter((each) => folders.filter((other) => other === each).length > FILES_LIMIT);
    expect(folders.length).toBeGreaterThan(0);
    expect([...new Set(crowded)]).toEqual([]);
  },
);
