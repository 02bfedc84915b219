// Builds the page into dist/dashboard: `server.js`, which the API loads, and `assets/`, which browsers fetch.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
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

/** How scripts for browsers are built. */
const browser = {
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  format: 'esm',
  splitting: true,
  target: ['chrome120', 'firefox121', 'safari17'],
};

/**
 * Puts what every page has anyway into one file instead of a dozen small ones, which weigh a seventh more and are each
 * a request. Splitting makes a file for each set of scripts that share a module; so every script that is fetched later
 * is said to begin with what has been there before it.
 */
const keepBaseTogether = {
  name: 'keep-base-together',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^\./ }, async ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const found = await resolve(path, { kind: 'import-statement', resolveDir });
      return { ...found, suffix: LATER };
    });
    onLoad({ filter: /\.tsx?$/ }, async ({ path, suffix }) => {
      if (suffix !== LATER) return undefined;
      const contents = `import ${JSON.stringify(join(here, 'src/client/app.tsx'))};\n${await readFile(path, 'utf8')}`;
      return { contents, loader: extname(path) === '.tsx' ? 'tsx' : 'ts', resolveDir: dirname(path) };
    });
  },
};

const LATER = '?later';

/** Builds everything anew; a build that fails leaves what was there. */
export async function buildDashboard() {
  const draft = `${out}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  // The page has to know the name that the worker gets from its content.
  const worker = await buildWorker(draft);
  const define = { ...common.define, REFOLD_WORKER: JSON.stringify(worker) };
  const [client, style] = await Promise.all([
    build({
      ...common,
      define,
      entryPoints: { main: 'src/client/main.tsx', theme: 'src/client/theme.ts' },
      outdir: join(draft, 'assets'),
      ...browser,
      plugins: [keepBaseTogether],
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
      define,
      minify: false,
      entryPoints: { server: 'src/server.tsx' },
      outdir: draft,
      platform: 'node',
      format: 'esm',
      target: 'node20',
    }),
  ]);
  const outputs = Object.entries({ ...client.metafile.outputs, ...style.metafile.outputs });
  const nameOf = (entry) => assetOf(outputs, entry);
  const assets = {
    script: nameOf('src/client/main.tsx'),
    theme: nameOf('src/client/theme.ts'),
    style: nameOf('src/styles/page.css'),
  };
  await writeFile(join(draft, 'assets.json'), JSON.stringify(assets));
  await rm(out, { recursive: true, force: true });
  await rename(draft, out);
}

/** Builds the worker that folds answers again; answers its address. */
async function buildWorker(draft) {
  const { metafile } = await build({
    ...common,
    ...browser,
    entryPoints: { refold: WORKER },
    outdir: join(draft, 'assets'),
    metafile: true,
  });
  return assetOf(Object.entries(metafile.outputs), WORKER);
}

const WORKER = 'src/client/refold-worker.ts';

/** The address of the file that was built from an entry. */
const assetOf = (outputs, entry) =>
  outputs.find(([, { entryPoint }]) => entryPoint === entry)?.[0].replace(/^.*\/assets\//, '/assets/');

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDashboard();
