import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sendSignal } from './process-table.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What kind of process it is, and what it says on standard output once it runs. */
export interface Program {
  readonly name: string;
  readonly path: string;
  readonly ready: RegExp;
  readonly environment: Readonly<Record<string, string>>;
}

/** The end of a process that nobody ended. */
export interface End {
  /** Whether it had said that it is ready; else it failed to start. */
  readonly wasReady: boolean;
  readonly code: string;
  readonly lastLines: readonly string[];
}

/** What happened to a process so far. */
export interface Fate {
  readonly name: string;
  readonly starts: number;
  readonly kills: number;
  /** How it ended although nobody ended it. */
  readonly ends: readonly End[];
  /** How it ended when it was asked to; absent while it runs. */
  readonly stop?: string;
}

const RESTART_WAITS_MS = [0, 100, 500, 2000];
const STOP_LIMIT_MS = 15_000;
const LOOK_AGAIN_MS = 10;
const STACK_LIMIT = 300;
const KEPT_LINES = 40;

/** A process of the application, started again whenever it ends, as whoever runs it would. */
export class ProcessUnderTest {
  #child: ChildProcess | undefined;
  #stopping = false;
  #starts = 0;
  #kills = 0;
  #failedInARow = 0;
  #pauses: Promise<void> = Promise.resolve();
  #stop: string | undefined;
  #address: string | undefined;
  readonly #ends: End[] = [];
  #lines: string[] = [];

  constructor(private readonly program: Program) {
    this.#start();
  }

  get name(): string {
    return this.program.name;
  }

  get fate(): Fate {
    const { name } = this.program;
    const fate = { name, starts: this.#starts, kills: this.#kills, ends: this.#ends };
    return this.#stop === undefined ? fate : { ...fate, stop: this.#stop };
  }

  /** What followed the word that said it is ready; absent while it is not. */
  get address(): string | undefined {
    return this.#address;
  }

  /** SIGKILL, as soon as there is a process; it is started again at once. */
  async kill(): Promise<void> {
    const pid = await this.#pid();
    this.#kills += 1;
    sendSignal(pid, 'SIGKILL');
  }

  /** SIGSTOP, as soon as there is a process, and SIGCONT later. */
  async pause(forMs: number): Promise<void> {
    const pid = await this.#pid();
    sendSignal(pid, 'SIGSTOP');
    const pause = delay(forMs).then(() => {
      if (this.#child?.pid === pid) sendSignal(pid, 'SIGCONT');
    });
    this.#pauses = Promise.all([this.#pauses, pause]).then(() => undefined);
  }

  /** Resolves when it is ready; false when it is not within the limit. */
  async isUp(limitMs: number): Promise<boolean> {
    const deadline = Date.now() + limitMs;
    while (this.#address === undefined && Date.now() < deadline) await delay(LOOK_AGAIN_MS);
    return this.#address !== undefined;
  }

  /** Resolves when no pause is under way any more. */
  async awake(): Promise<void> {
    await this.#pauses;
  }

  /** SIGTERM, and SIGKILL if that takes too long. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child) return;
    const exited = once(child, 'exit');
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    child.kill('SIGTERM');
    const [code, signal] = await exited;
    clearTimeout(limit);
    this.#stop = signal === null ? `code ${String(code)}` : String(signal);
  }

  /** For the last moment of a process that is about to end. */
  killNow(): void {
    this.#stopping = true;
    this.#child?.kill('SIGKILL');
  }

  async #pid(): Promise<number> {
    while (!this.#child?.pid) await delay(LOOK_AGAIN_MS);
    return this.#child.pid;
  }

  #start(): void {
    const { path, environment } = this.program;
    const child = spawn(process.execPath, ['--import', './test/support/typescript.mjs', path], {
      cwd: root,
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#starts += 1;
    this.#child = child;
    const last: string[] = [];
    this.#lines = last;
    createInterface({ input: child.stdout }).on('line', (line) => this.#hear(line));
    createInterface({ input: child.stderr }).on('line', (line) => {
      last.push(essenceOf(line));
      if (last.length > KEPT_LINES) last.shift();
    });
    child.on('close', (code, signal) => void this.#ended(code, signal));
  }

  #hear(line: string): void {
    const found = this.program.ready.exec(line);
    if (!found) return;
    this.#address = found[1] ?? '';
    this.#failedInARow = 0;
  }

  async #ended(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    const wasReady = this.#address !== undefined;
    this.#child = undefined;
    this.#address = undefined;
    if (this.#stopping) return;
    if (signal !== 'SIGKILL') {
      this.#ends.push({ wasReady, code: signal ?? String(code), lastLines: this.#lines });
      this.#failedInARow += 1;
    }
    await delay(RESTART_WAITS_MS[Math.min(this.#failedInARow, RESTART_WAITS_MS.length - 1)]);
    if (!this.#stopping) this.#start();
  }
}

/** What a line of the log says, without the objects that it carries; other lines as they are. */
function essenceOf(line: string): string {
  try {
    const { level, msg, err }: LogLine = JSON.parse(line);
    return `${level} ${msg ?? ''}: ${err?.code ?? ''} ${err?.message ?? ''} ${(err?.stack ?? '').split('\n').slice(1).join(' ').slice(0, STACK_LIMIT)}`;
  } catch {
    return line;
  }
}

interface LogLine {
  readonly level: number;
  readonly msg?: string;
  readonly err?: { readonly code?: string; readonly message?: string; readonly stack?: string };
}
