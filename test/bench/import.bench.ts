import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { corpusLines } from './harness/corpus.js';

const EVENTS = 100_000;
const POLICIES = 500;
const LINES_A_CHUNK = 200;

/** What an import of a corpus cost the application that a user starts, its read models running beside it. */
export interface ImportCost {
  readonly events: number;
  readonly dryRun: boolean;
  readonly eventsPerSecond: number;
  /** The process's peak so far; undefined where the system does not tell. */
  readonly peakMemoryMb: number | undefined;
}

/** Imports a corpus into the application, first as a dry run, and measures time and memory from outside. */
export async function importCosts(): Promise<readonly ImportCost[]> {
  const folder = mkdtempSync(join(tmpdir(), 'policy-timeline-bench-'));
  const child = spawn('npm', ['start', '--silent'], {
    env: { ...process.env, PORT: '0', SEEDS: '', DATA_DIR: folder, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    const url = await listening(child);
    return [await importCost(child, url, true), await importCost(child, url, false)];
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function importCost(child: ChildProcess, url: string, dryRun: boolean): Promise<ImportCost> {
  const start = performance.now();
  await post(`${url}/v1/imports?dryRun=${dryRun}`);
  const seconds = (performance.now() - start) / 1000;
  return {
    events: EVENTS,
    dryRun,
    eventsPerSecond: Math.round(EVENTS / seconds),
    peakMemoryMb: peakMemoryMb(child.pid),
  };
}

const post = (address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const posted = request(
      address,
      { method: 'POST', headers: { 'content-type': 'application/x-ndjson' } },
      (answer) => {
        answer.resume();
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`The import was answered ${answer.statusCode}.`)),
        );
      },
    );
    posted.on('error', reject);
    Readable.from(chunks()).pipe(posted);
  });

function* chunks(): Generator<string> {
  let lines: string[] = [];
  for (const line of corpusLines({ events: EVENTS, policies: POLICIES, seed: 7 })) {
    lines.push(line);
    if (lines.length < LINES_A_CHUNK) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  yield lines.join('\n');
}

async function listening(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The application has no output.');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^listening on (.*)$/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('The application did not start.');
}

/** The peak of a process's memory, as Linux tells it; `npm` starts the application in its own place or as its child. */
function peakMemoryMb(pid: number | undefined): number | undefined {
  const peaks = [pid, ...childrenOf(pid)].map((each) => {
    try {
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1]) / 1024;
    } catch {
      return 0;
    }
  });
  const peak = Math.round(Math.max(...peaks));
  return peak > 0 ? peak : undefined;
}

function childrenOf(pid: number | undefined): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
    return [...children, ...children.flatMap(childrenOf)];
  } catch {
    return [];
  }
}
