import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
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

/** More files than this in one folder are not found any more by their names. */
const FILES_LIMIT = 15;

it.each(['libs', 'apps', 'test'])('keeps every folder of %s small enough to look through', (folder) => {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  const sources = entries.filter((entry) => entry.isFile() && /[.](tsx?|mjs)$/.test(entry.name));
  const folders = sources.map(({ parentPath }) => relative(root, parentPath));
  const isCrowded = (path: string): boolean => folders.filter((each) => each === path).length > FILES_LIMIT;
  expect(folders.length).toBeGreaterThan(20);
  expect([...new Set(folders)].filter(isCrowded)).toEqual([]);
});
