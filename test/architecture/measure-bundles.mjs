// Prints what browsers load of the checks of #audit/browser and #audit/browser-fold, as JSON: kilobytes, minified and compressed, and the names of
// Node that are left in it. A process of its own: esbuild needs the real typed arrays of Node, which Jest replaces.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

const OF_NODE = /\bBuffer\b|\bprocess\.|\brequire\(|["']node:/g;

/** What an import of these names from an entry loads: at once, and later. */
async function measure(entryFile, ...names) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    stdin: { contents: `export { ${names.join(', ')} } from './libs/audit/${entryFile}';`, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    outdir: 'out',
    write: false,
    metafile: true,
    conditions: ['source'],
    target: 'es2022',
    logLevel: 'error',
  });
  const outputs = Object.entries(metafile.outputs);
  const entry = outputs.find(([, { entryPoint }]) => entryPoint === '<stdin>')?.[0] ?? '';
  const bytesOf = (paths) =>
    outputFiles
      .filter(({ path }) => paths.some((each) => path.endsWith(each)))
      .reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
  const later = outputs.map(([path]) => path).filter((path) => !reached([entry], metafile).includes(path));
  const ofNoble = reached(
    later.filter((path) => path.includes('noble-cryptography')),
    metafile,
  );
  return {
    atOnce: bytesOf(reached([entry], metafile)),
    later: bytesOf(later.filter((path) => !ofNoble.includes(path))),
    inJavaScript: bytesOf(ofNoble.filter((path) => later.includes(path))),
    ofNode: outputFiles.flatMap(({ text }) => text.match(OF_NODE) ?? []),
  };
}

/** The outputs that these load at once, themselves included. */
function reached(paths, metafile) {
  const found = new Set(paths);
  for (const path of found)
    for (const { path: next, kind } of metafile.outputs[path].imports) if (kind === 'import-statement') found.add(next);
  return [...found];
}

const [page, worker] = await Promise.all([
  measure('browser.ts', 'checkCheckpoint', 'checkInclusion', 'checkGrowth'),
  measure('browser-fold.ts', 'checkAnswer'),
]);
process.stdout.write(JSON.stringify({ page, worker }));
