import { execFile } from 'node:child_process';
import { chmod, chown, cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { commandOf, environmentOf, instructionsOf } from './dockerfile.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** The account `node` of the Node images. */
const NODE = 1000;

const isRoot = process.getuid?.() === 0;

/** A target's image, laid out below a folder, and what a container of it runs. */
export interface Image {
  readonly workingFolder: string;
  /** Program and parameters; `node` stands for the Node of this process. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where volumes go. */
  readonly volumes: readonly string[];
  /** The account; none where this process is not root, and so cannot choose. */
  readonly account: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * Carries out the instructions of a target without Docker: the files that COPY names, the folders that RUN makes.
 *
 * All belongs to root and nobody else may write it, as in an image, except what RUN gives away. Throws for an
 * instruction that it does not know. `dist` must be built.
 */
export async function layOut(target: string, folder: string): Promise<Image> {
  const instructions = instructionsOf(target);
  const workingFolder = join(folder, new Map(instructions).get('WORKDIR') ?? 'none');
  await mkdir(workingFolder, { recursive: true });
  for (const [word, rest] of instructions) {
    if (word === 'COPY') await copy(rest, workingFolder);
    else if (word === 'RUN') await makeFolder(rest, folder);
    else if (!KNOWN.has(word)) throw new Error(`What does ${word} do?`);
  }
  if (!isRoot) await run('chmod', ['-R', 'a-w', workingFolder]);
  const volumes = instructions.filter(([word]) => word === 'VOLUME').map(([, path]) => join(folder, path));
  const inside = ([name, value]: readonly [string, string]): [string, string] => [
    name,
    value.startsWith('/') ? join(folder, value) : value,
  ];
  const [, ...parameters] = commandOf(target);
  return {
    workingFolder,
    command: [process.execPath, ...parameters],
    environment: Object.fromEntries(Object.entries(environmentOf(target)).map(inside)),
    volumes,
    account: isRoot ? { uid: NODE, gid: NODE } : undefined,
  };
}

const KNOWN = new Set(['WORKDIR', 'ENV', 'VOLUME', 'USER', 'STOPSIGNAL', 'EXPOSE', 'HEALTHCHECK', 'CMD']);

async function copy(rest: string, workingFolder: string): Promise<void> {
  const [, stage, sources = '', to = ''] = /^(?:--from=(\S+) )?(.+) (\S+)$/.exec(rest) ?? [];
  if (stage === 'packages') return copyPackages(workingFolder);
  const from = stage === undefined ? sources.split(' ') : [sources.replace(/^\/app\//, '')];
  for (const source of from) {
    const target = to === './' ? join(workingFolder, source) : join(workingFolder, to);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(root, source), target, { recursive: true });
  }
}

interface LockedPackage {
  readonly dev?: true;
  readonly optional?: true;
  readonly devOptional?: true;
}

/** What `npm ci --omit=dev --omit=optional` installs, by the lock. */
async function copyPackages(workingFolder: string): Promise<void> {
  const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
    await readFile(join(root, 'package-lock.json'), 'utf8'),
  );
  const wanted = Object.entries(lock.packages)
    .filter(([path]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path))
    .filter(([, { dev, optional, devOptional }]) => !dev && !optional && !devOptional)
    .map(([path]) => path);
  const linked = ['-a', '--link', '--parents', ...wanted, workingFolder];
  // Another file system than the clone's takes copies.
  await run('cp', linked, { cwd: root }).catch(() => run('cp', linked.toSpliced(1, 1), { cwd: root }));
}

/** `install -d -o node -g node -m MODE FOLDER` */
async function makeFolder(rest: string, folder: string): Promise<void> {
  const [, mode = '', path = ''] = /^install -d -o node -g node -m (\d+) (\S+)$/.exec(rest) ?? [];
  if (path === '') throw new Error(`What does RUN ${rest} do?`);
  await mkdir(join(folder, path), { recursive: true });
  if (isRoot) await chown(join(folder, path), NODE, NODE);
  await chmod(join(folder, path), Number.parseInt(mode, 8));
}
