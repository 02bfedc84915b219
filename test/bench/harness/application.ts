import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startFlags } from './start-flags.js';
import { waitUntil } from './wait.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const keyFolder = mkdtempSync(join(tmpdir(), 'policy-timeline-bench-keys-'));
process.on('exit', () => rmSync(keyFolder, { recursive: true, force: true }));

/** A key signs one log alone, and all processes of a log sign with the same one. */
const auditKeyOf = (databaseUrl: string): string => join(keyFolder, `${basename(new URL(databaseUrl).pathname)}.key`);

/** A process of the application's own. */
export interface BenchedProcess {
  readonly pid: number;
  /** What it takes of the machine's memory now; undefined where the system does not tell. */
  memoryMb(): number | undefined;
  stop(): Promise<void>;
}

/** The application as a process of its own. */
export interface BenchedApplication extends BenchedProcess {
  readonly url: string;
  /** Waits until its read models hold a position. */
  isLevel(position: number, limitMs?: number): Promise<void>;
}

/** Starts the application on a database, built and run as `npm start` runs it, with more settings. */
export async function runBenched(
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<BenchedApplication> {
  const { process: running, told } = await runProgram('api', /^listening on (\S+)/, {
    AUDIT_KEY_FILE: auditKeyOf(databaseUrl),
    ...settings,
    DATABASE_URL: databaseUrl,
    PORT: '0',
    SEEDS: '',
  });
  return { ...running, url: told, isLevel: (position, limitMs) => level(told, position, limitMs) };
}

/** Starts a projector on a database, run as `npm run start:projector` runs it. */
export async function runProjector(databaseUrl: string): Promise<BenchedProcess> {
  const { process: running } = await runProgram('projector', /^(projecting)/, {
    AUDIT_KEY_FILE: auditKeyOf(databaseUrl),
    DATABASE_URL: databaseUrl,
  });
  return running;
}

/** Starts a program as it is built, and waits until it tells that it is ready. */
async function runProgram(
  program: string,
  ready: RegExp,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly process: BenchedProcess; readonly told: string }> {
  const child = spawn(process.execPath, [...startFlags, 'apps/start.mjs', program], {
    cwd: root,
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} could not be run.`);
  const onExit = (): unknown => child.kill('SIGKILL');
  process.on('exit', onExit);
  const benched: BenchedProcess = {
    pid,
    memoryMb: () => residentMb(pid),
    stop: async () => {
      process.off('exit', onExit);
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const [, told] = ready.exec(line) ?? [];
    if (told !== undefined) return { process: benched, told };
  }
  throw new Error(`${program} did not start.`);
}

const level = (url: string, position: number, limitMs?: number): Promise<void> =>
  waitUntil(
    'read models are level',
    async () => {
      const answer = await fetch(`${url}/v1/policies?limit=1&atLeast=${position}`);
      await answer.arrayBuffer();
      return answer.status === 200;
    },
    limitMs,
  );

function residentMb(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? ''}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
