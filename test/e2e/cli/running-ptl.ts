import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { run } from '../../../apps/cli/src/run.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Refuses whatever reaches for a database, the network or Nest. */
const OFFLINE = `export async function resolve(specifier, context, next) {
  if (/^(pg|typeorm|fastify|@nestjs|(node:)?(net|tls|http|https|http2|dgram|dns)$)/.test(specifier))
    throw new Error('reached for ' + specifier);
  return next(specifier, context);
}`;

const asUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

const offline = asUrl(`import { register } from 'node:module'; register(${JSON.stringify(asUrl(OFFLINE))});`);

interface Run {
  readonly stdin?: Uint8Array;
  readonly variables?: Readonly<Record<string, string>>;
  readonly isOffline?: boolean;
}

/** What a run of `ptl` came to. */
export interface PtlOutcome {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

/** Starts `ptl` as a process of its own; `isOffline` lets it fail if it reaches for a database, the network or Nest. */
export function spawnPtl(
  given: readonly string[],
  { stdin, variables = {}, isOffline = false }: Run = {},
): { readonly child: ChildProcess; readonly ended: Promise<PtlOutcome> } {
  const loaders = ['./test/support/typescript.mjs', ...(isOffline ? [offline] : [])];
  const child = spawn(
    process.execPath,
    [...loaders.flatMap((each) => ['--import', each]), 'apps/cli/src/main.ts', ...given],
    { cwd: root, env: { PATH: process.env['PATH'], ...variables }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const ended = Promise.all([buffer(child.stdout), text(child.stderr), once(child, 'close')]).then(
    ([out, said, [code]]) => ({ code: Number(code), out: out.toString(), said }),
  );
  return { child, ended };
}

/** Runs `ptl` as a process of its own, to its end. */
export const ptl = (given: readonly string[], options: Run = {}): Promise<PtlOutcome> => spawnPtl(given, options).ended;

/** As {@link ptl}, without a process of its own. */
export async function inProcess(
  given: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  { isTTY = false, input = '' } = {},
): Promise<PtlOutcome> {
  const [stdin, stdout, stderr] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY }), new PassThrough()];
  stdin.end(input);
  const texts = Promise.all([text(stdout), text(stderr)]);
  const code = await run(given, { stdin, stdout, stderr, env: variables });
  for (const stream of [stdout, stderr]) stream.end();
  const [out, said] = await texts;
  return { code, out, said };
}
