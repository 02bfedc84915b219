import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startFlags } from './start-flags.js';
import { waitUntil } from './wait.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The application as a process of its own. */
export interface BenchedApplication {
  readonly url: string;
  /** What it takes of the machine's memory now; undefined where the system does not tell. */
  memoryMb(): number | undefined;
  /** Waits until its read models hold a position. */
  isLevel(position: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the application on a database, run as `npm start` runs it. */
export async function runBenched(databaseUrl: string): Promise<BenchedApplication> {
  const flags = [...startFlags, '--import', './test/support/typescript.mjs'];
  const child = spawn(process.execPath, [...flags, 'apps/api/src/main.ts'], {
    cwd: root,
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, PORT: '0', SEEDS: '', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^listening on (\S+)/.exec(line) ?? [];
    if (url === undefined) continue;
    return {
      url,
      memoryMb: () => residentMb(child.pid),
      isLevel: (position) => level(url, position),
      stop: async () => {
        child.kill('SIGTERM');
        if (child.exitCode === null) await once(child, 'exit');
      },
    };
  }
  throw new Error('The application did not start.');
}

const level = (url: string, position: number): Promise<void> =>
  waitUntil('read models are level', async () => {
    const answer = await fetch(`${url}/v1/policies?limit=1&atLeast=${position}`);
    await answer.arrayBuffer();
    return answer.status === 200;
  });

function residentMb(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? ''}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
