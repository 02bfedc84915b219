// Builds the page into dist/dashboard: `server.js`, which the API loads, and `assets/`, which browsers fetch.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'dist/dashboard');

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  conditions: ['source'],
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
};

/** Builds everything anew; a build that fails leaves what was there. */
export async function buildDashboard() {
  const draft = `${out}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  const [client, style] = await Promise.all([
    build({
      ...common,
      entryPoints: { main: 'src/client/main.tsx', theme: 'src/client/theme.ts' },
      outdir: join(draft, 'assets'),
      entryNames: '[name]-[hash]',
      chunkNames: '[name]-[hash]',
      format: 'esm',
      splitting: true,
      target: ['chrome120', 'firefox121', 'safari17'],
      metafile: true,
    }),
    build({
      ...common,
      entryPoints: ['src/styles/page.css'],
      outdir: join(draft, 'assets'),
      entryNames: '[name]-[hash]',
      metafile: true,
    }),
    build({
      ...common,
      minify: false,
      entryPoints: { server: 'src/server.tsx' },
      outdir: draft,
      platform: 'node',
      format: 'esm',
      target: 'node20',
    }),
  ]);
  const outputs = Object.entries({ ...client.metafile.outputs, ...style.metafile.outputs });
  const nameOf = (entry) =>
    outputs.find(([, { entryPoint }]) => entryPoint === entry)?.[0].replace(/^.*\/assets\//, '/assets/');
  const assets = {
    script: nameOf('src/client/main.tsx'),
    theme: nameOf('src/client/theme.ts'),
    style: nameOf('src/styles/page.css'),
  };
  await writeFile(join(draft, 'assets.json'), JSON.stringify(assets));
  await rm(out, { recursive: true, force: true });
  await rename(draft, out);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDashboard();
