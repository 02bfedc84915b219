import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { packageFolder, runnableBinaries } from '../../../libs/runtime/src/embedded-postgres/binaries.js';
import { type ServiceUser, serviceUser } from '../../../libs/runtime/src/embedded-postgres/service-user.js';
import { childrenOf, gone, sendSignal } from './process-table.js';

const run = promisify(execFile);

const START_LIMIT_MS = 60_000;
const END_LIMIT_MS = 30_000;
const LOOK_AGAIN_MS = 30;
const KEPT_LOG_LINES = 200;

const LOCK_LIMIT_MS = 20_000;

/** As durable as in production; small enough that memory is written back and checkpoints come while things fail. */
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  listen_addresses: '',
  shared_buffers: '32MB',
  max_connections: '200',
  max_wal_size: '64MB',
  checkpoint_timeout: '30s',
  timezone: 'UTC',
};

/** Programs of PostgreSQL elsewhere on the machine, and how their `initdb` is told the order of texts. */
export interface OtherPrograms {
  /** Holds `bin`. */
  readonly folder: string;
  readonly locale: readonly string[];
}

const PACKAGED_LOCALE = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

/**
 * A PostgreSQL server of the campaign's own, which can be made to fail in every way that a process can.
 *
 * SIGKILL loses nothing that the system has taken over for writing, so this is a crash of the server, not of the machine.
 */
export class PostgresServer {
  #postmaster: ChildProcess | undefined;
  readonly #lines: string[] = [];

  private constructor(
    private readonly folder: string,
    private readonly programs: string,
    private readonly user: ServiceUser | null,
  ) {}

  /** Makes an empty database in a temporary folder and starts it: with the packaged programs, or with others of any version. */
  static async create(others?: OtherPrograms): Promise<PostgresServer> {
    const user = await serviceUser();
    const folder = await mkdtemp(join(tmpdir(), 'ptl-crash-'));
    if (user) await chown(folder, user.uid, user.gid);
    await chmod(folder, 0o700);
    const programs =
      others?.folder ?? (await runnableBinaries({ packaged: packageFolder(), user, temporaryFolder: folder }));
    const server = new PostgresServer(folder, programs, user);
    await server.#initialise(others?.locale ?? PACKAGED_LOCALE);
    await server.start();
    return server;
  }

  /** The Unix socket, for the proxy. */
  get socketPath(): string {
    return join(this.folder, '.s.PGSQL.5432');
  }

  /** Connection URL of the superuser, past the proxy. */
  get url(): string {
    return `postgresql://postgres@${encodeURIComponent(this.folder)}/postgres`;
  }

  get isRunning(): boolean {
    return this.#postmaster !== undefined;
  }

  /** Starts the server if it does not run, as often as needed, until it answers. */
  async start(): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await this.#answers())) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not start:\n${this.#lines.slice(-20).join('\n')}`);
      if (!this.#postmaster) this.#spawn();
      await delay(LOOK_AGAIN_MS);
    }
  }

  /** Ends the server and every backend with SIGKILL; resolves when none is there any more. */
  async kill(): Promise<void> {
    const pid = this.#pid();
    if (pid === undefined) return;
    // Stopped first, so that it forks no backend between the look and the kill.
    sendSignal(pid, 'SIGSTOP');
    const all = [pid, ...(await childrenOf(pid))];
    for (const each of all) sendSignal(each, 'SIGKILL');
    await gone(all, END_LIMIT_MS);
    await this.#ended();
  }

  /** Ends the postmaster alone with SIGKILL; resolves when its backends have noticed and ended. */
  async killPostmaster(): Promise<void> {
    const pid = this.#pid();
    if (pid === undefined) return;
    const backends = await childrenOf(pid);
    sendSignal(pid, 'SIGKILL');
    await gone([pid, ...backends], END_LIMIT_MS);
    await this.#ended();
  }

  /** Ends one of the server's processes with SIGKILL, which the postmaster answers by ending and recovering all. */
  async killBackend(choose: (pids: readonly number[]) => number | undefined): Promise<void> {
    for (let pid = this.#pid(); pid !== undefined; pid = this.#pid()) {
      const chosen = choose(await childrenOf(pid));
      // One that has ended meanwhile leaves the choice open.
      if (chosen !== undefined && sendSignal(chosen, 'SIGKILL')) return gone([chosen], END_LIMIT_MS);
    }
  }

  /**
   * Lets inserting into tables fail as on a full disk, until `freeDisk`: with SQLSTATE 53100, from a trigger.
   *
   * A full disk of its own would take root and a file system; a limit on the size of files takes neither, but makes
   * PostgreSQL say XX000, an internal error, of which nobody may believe that it passes.
   */
  async fillDisk(of: 'log' | 'read-models'): Promise<void> {
    await this.#asOwner([
      DISK_FULL,
      ...triggersOn(
        of,
        (table) =>
          `CREATE OR REPLACE TRIGGER disk_full BEFORE INSERT ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION public.disk_full()`,
      ),
    ]);
  }

  async freeDisk(of: 'log' | 'read-models'): Promise<void> {
    await this.#asOwner(triggersOn(of, (table) => `DROP TRIGGER IF EXISTS disk_full ON ${table}`));
  }

  /** Shuts down in good order and removes the data. */
  async remove(): Promise<void> {
    const pid = this.#pid();
    if (pid !== undefined) {
      sendSignal(pid, 'SIGINT');
      await gone([pid], END_LIMIT_MS);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /** For the last moment of a process that is about to end. */
  killNow(): void {
    const pid = this.#pid();
    if (pid !== undefined) sendSignal(pid, 'SIGQUIT');
  }

  async #initialise(locale: readonly string[]): Promise<void> {
    const data = join(this.folder, 'data');
    await mkdir(data, { mode: 0o700 });
    if (this.user) await chown(data, this.user.uid, this.user.gid);
    const parameters = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--wal-segsize=1'];
    await run(join(this.programs, 'bin/initdb'), [...parameters, ...locale], { cwd: data, env: {}, ...this.user });
  }

  #spawn(): void {
    const settings = { ...SETTINGS, unix_socket_directories: this.folder };
    const data = join(this.folder, 'data');
    const server = spawn(
      join(this.programs, 'bin/postgres'),
      ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { cwd: data, env: {}, stdio: ['ignore', 'ignore', 'pipe'], ...this.user },
    );
    this.#postmaster = server;
    server.on('exit', () => {
      if (this.#postmaster === server) this.#postmaster = undefined;
    });
    createInterface({ input: server.stderr }).on('line', (line) => {
      this.#lines.push(line);
      if (this.#lines.length > KEPT_LOG_LINES) this.#lines.shift();
    });
  }

  async #answers(): Promise<boolean> {
    if (!this.#postmaster) return false;
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Carries statements out, each on its own, as the superuser. */
  async #asOwner(statements: readonly string[]): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, lock_timeout: LOCK_LIMIT_MS });
    client.on('error', () => undefined);
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }

  #pid(): number | undefined {
    return this.#postmaster?.pid;
  }

  async #ended(): Promise<void> {
    const server = this.#postmaster;
    if (server && server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  }
}

const DISK_FULL = `CREATE OR REPLACE FUNCTION public.disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$`;

const TABLES = { log: ['log.events'], 'read-models': ['read.boxes', 'read.timeline'] } as const;

const triggersOn = (of: keyof typeof TABLES, statement: (table: string) => string): readonly string[] =>
  TABLES[of].map(statement);
