// Brings a fresh clone to the point where it runs: packages installed, sources built. Needs nothing but Node and npm,
// and does nothing when all is up to date. What it runs talks on standard error; standard output is left to the product.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LOWEST_NODE = [20, 19];
/** How often an installation that lasts says how far it has come. */
const TELLING_MS = 5_000;
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** The folder of the clone. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Ends the process with advice where Node is too old to run anything else here. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > LOWEST_NODE[0] || (major === LOWEST_NODE[0] && minor >= LOWEST_NODE[1])) return;
  leaveWith(`Policy Timeline needs Node ${LOWEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
}

/**
 * Installs the locked packages when any of them is missing or of another version: those that the program needs, and
 * those of its tests and checks only when told.
 */
export async function installPackages({ forDevelopment = false } = {}) {
  const locked = lockedPackages();
  if (packagesAreInstalled(locked, forDevelopment)) return;
  process.stderr.write('Installing packages (npm ci) …\n');
  // No package here needs a script of its own, and one would report to its maker (@scarf/scarf).
  const npm = process.env.npm_execpath;
  const development = forDevelopment ? '--include=dev' : '--omit=dev';
  const options = ['ci', '--ignore-scripts', development, '--include=optional', ...QUIET];
  const stopTelling = tellProgress(locked, forDevelopment);
  const code = await run(npm ? process.execPath : 'npm', npm ? [npm, ...options] : options);
  stopTelling();
  if (code !== 0) leaveWith(`The packages could not be installed: npm ci failed (exit code ${code}).`);
}

/** Compiles the sources into dist/ when one of them, or a package, has changed since; answers whether that went well. */
export async function build() {
  const stamp = join(root, 'dist/.built');
  const wanted = fingerprint();
  if (readOrEmpty(stamp) === wanted) return true;
  process.stderr.write('Building …\n');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  try {
    const { compile } = await import('./compile.mjs');
    await compile(sources(), { root, out: join(root, 'dist') });
  } catch (error) {
    process.stderr.write(`${buildFault(error)}\n`);
    return false;
  }
  if ((await run(process.execPath, [join(root, 'apps/dashboard/build.mjs')])) !== 0) return false;
  writeFileSync(stamp, wanted);
  return true;
}

const buildFault = (error) =>
  error.code === 'ERR_MODULE_NOT_FOUND'
    ? 'The build needs @swc/core and esbuild, which npm installs unless it is told to omit optional packages: run npm ci --ignore-scripts --omit=dev.'
    : error.message;

/** Ends the process; the message says what to do. */
export function leaveWith(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Runs a program in the clone's folder; resolves to its exit code. */
function run(program, parameters) {
  const child = spawn(program, parameters, { cwd: root, stdio: ['ignore', process.stderr, process.stderr] });
  const stop = () => {
    child.kill('SIGTERM');
    process.exit(0);
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  return new Promise((resolve) => {
    child.on('error', (error) => leaveWith(`${program} could not be run: ${error.message}`));
    child.on('exit', (code) => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      resolve(code ?? 1);
    });
  });
}

/** The packages of the lock, by their paths. */
const lockedPackages = () =>
  Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages).filter(
    ([path]) => path !== '',
  );

/** npm keeps a copy of the lock beside what it has installed, written when it has finished. */
function packagesAreInstalled(locked, forDevelopment) {
  const installed = JSON.parse(readOrEmpty(join(root, 'node_modules/.package-lock.json')) || '{}').packages ?? {};
  return locked.every(([path, { version, integrity, optional, devOptional, dev }]) => {
    const there = installed[path];
    if ((dev && !forDevelopment) || ((optional || devOptional) && !there)) return true;
    return there?.version === version && there?.integrity === integrity;
  });
}

/** Says now and then how many packages are there; answers how to stop that. */
function tellProgress(locked, forDevelopment) {
  const wanted = locked.filter(([, { dev, optional }]) => !optional && (!dev || forDevelopment)).map(([path]) => path);
  const timer = setInterval(() => {
    const there = wanted.filter((path) => existsSync(join(root, path, 'package.json')));
    process.stderr.write(`  ${there.length} of ${wanted.length} packages\n`);
  }, TELLING_MS);
  return () => clearInterval(timer);
}

/** Changes when any source, setting or package does. */
function fingerprint() {
  const hash = createHash('sha256').update(process.versions.node);
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json'])
    hash.update(readFileSync(join(root, name)));
  for (const file of sources()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** The files from which dist/ is made. */
const sources = () =>
  ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .filter((file) => /\.(tsx?|mjs|json|css)$/.test(file) && !/\.spec\.tsx?$/.test(file))
      .sort(),
  );

function readOrEmpty(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
