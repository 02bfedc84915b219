// Compiles the sources into dist/, file by file and without looking at types: `npm run typecheck` does that.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { transformFile } from '@swc/core';

/** What is not part of the built program: tests, what only they import, and the page, which has a build of its own. */
const NOT_BUILT = /\.spec\.tsx?$|\.d\.ts$|^libs\/[^/]+\/src\/contract\/|^apps\/dashboard\//;

/** How one file is compiled, in the build and when tests load the sources as they are. */
export const optionsFor = (file) => ({
  filename: file,
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true, tsx: file.endsWith('x') },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      react: { runtime: 'automatic', importSource: 'preact' },
    },
  },
});

/** Compiles those of the files, given by their paths, that belong to the program. */
export async function compile(files, { root, out }) {
  const wanted = files.map((file) => relative(root, file)).filter((path) => !NOT_BUILT.test(path));
  await Promise.all(wanted.map((path) => compileFile(path, { root, out })));
}

async function compileFile(path, { root, out }) {
  const source = join(root, path);
  const target = join(out, path).replace(/\.ts$/, '.js');
  if (path.endsWith('.ts')) {
    const { code, map } = await transformFile(source, { ...optionsFor(source), sourceMaps: true });
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, `${code}\n//# sourceMappingURL=${target.slice(dirname(target).length + 1)}.map\n`);
    await writeFile(`${target}.map`, map);
  } else if (path.startsWith('libs/') && path.endsWith('.mjs')) {
    await mkdir(dirname(target), { recursive: true });
    await cp(source, target);
  }
}
