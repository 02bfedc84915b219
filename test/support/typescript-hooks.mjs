import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import { optionsFor } from '../../apps/compile.mjs';

const OF_TYPESCRIPT = /\.tsx?$/;

/** Imports say `./file.js`, as the build has it; among the sources that is `./file.ts`. */
export async function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return next(new URL('jest/globals.mjs', import.meta.url).href, context);
  const inSources = { ...context, conditions: [...context.conditions, 'source'] };
  if (!/^\.{1,2}\//.test(specifier) || !OF_TYPESCRIPT.test(context.parentURL ?? '')) return next(specifier, inSources);
  return next(sourceOf(specifier, context.parentURL), inSources);
}

function sourceOf(specifier, parent) {
  const source = specifier.replace(/\.js$/, '.ts');
  return existsSync(new URL(source, parent)) ? source : specifier.replace(/\.js$/, '.tsx');
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !OF_TYPESCRIPT.test(url)) return next(url, context);
  const file = fileURLToPath(url);
  const { code } = await transform(await readFile(file, 'utf8'), { ...optionsFor(file), sourceMaps: 'inline' });
  return { format: 'module', source: code, shortCircuit: true };
}
