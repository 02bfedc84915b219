import { readFileSync } from 'node:fs';
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
  it('runs no script of a package: npm is told so at the first start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ptl-install-'));
    try {
      await mkdir(join(folder, 'apps'));
      await cp(join(root, 'apps/set-up.mjs'), join(folder, 'apps/set-up.mjs'));
      await writeFile(join(folder, 'package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
      const npm = join(folder, 'npm');
      await writeFile(npm, '#!/bin/sh\necho "$@" > asked\n');
      await chmod(npm, 0o755);
      const program = 'const { installPackages } = await import("./apps/set-up.mjs"); await installPackages();';
      await run(process.execPath, ['--input-type=module', '--eval', program], {
        cwd: folder,
        env: { PATH: `${folder}:${process.env['PATH']}` },
      });
      const asked = readFileSync(join(folder, 'asked'), 'utf8').split(/\s/);
      expect(asked[0]).toBe('ci');
      expect(asked).toContain('--ignore-scripts');
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
