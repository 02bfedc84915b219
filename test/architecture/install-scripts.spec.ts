import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile, chmod, cp } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** Whatever may install packages: programs, images, checks. */
const INSTALLING = ['apps/set-up.mjs', 'docker/Dockerfile', '.ci/run', 'package.json'];

describe('an installation', () => {
  const ways = [
    ['', '--omit=dev'],
    ['{ forDevelopment: true }', '--include=dev'],
  ] as const;
  it.each(ways)('runs no script of a package, and says which packages it needs: %s', async (options, which) => {
    const folder = await cloneWith({ 'node_modules/a': { version: '1.0.0' } });
    try {
      const asked = await askedOfNpm(folder, options);
      expect(asked[0]).toBe('ci');
      expect(asked).toEqual(expect.arrayContaining(['--ignore-scripts', which]));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is left out where all that is needed is there, and made up for by tests', async () => {
    const folder = await cloneWith({
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0', dev: true },
    });
    try {
      await mkdir(join(folder, 'node_modules'));
      const installed = { packages: { 'node_modules/a': { version: '1.0.0' } } };
      await writeFile(join(folder, 'node_modules/.package-lock.json'), JSON.stringify(installed));
      expect(await askedOfNpm(folder, '')).toEqual([]);
      expect(await askedOfNpm(folder, '{ forDevelopment: true }')).toContain('ci');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each(INSTALLING)('has no other way in %s', (path) => {
    const lines = readFileSync(join(root, path), 'utf8').split('\n');
    const installs = lines.filter((line) => /\bnpm (ci|i|install)\b(?! failed|\))/.test(line));
    for (const line of installs) expect(line).toContain('--ignore-scripts');
  });
});

/** A folder with what an installation reads, and an npm that notes what it is asked for. */
async function cloneWith(packages: Readonly<Record<string, object>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ptl-install-'));
  await mkdir(join(folder, 'apps'));
  await cp(join(root, 'apps/set-up.mjs'), join(folder, 'apps/set-up.mjs'));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
  const npm = join(folder, 'npm');
  await writeFile(npm, '#!/bin/sh\necho "$@" > asked\n');
  await chmod(npm, 0o755);
  return folder;
}

async function askedOfNpm(folder: string, options: string): Promise<readonly string[]> {
  const program = `const { installPackages } = await import("./apps/set-up.mjs"); await installPackages(${options});`;
  await run(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env['PATH']}` },
  });
  const asked = join(folder, 'asked');
  return existsSync(asked) ? readFileSync(asked, 'utf8').trim().split(/\s/) : [];
}
