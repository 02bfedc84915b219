import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CannotStart } from '../cannot-start.js';
import { explainFolder } from '../start-faults.js';
import { type ReaderDoor, writeAccess } from './access.js';
import { packageFolder, runnableBinaries } from './binaries.js';
import { createData, findData, nameForServer, type DataFolder } from './data-folder.js';
import { lockState, serves } from './running-server.js';
import { whyNotStarted } from './server-faults.js';
import { reaches, serviceUser, type ServiceUser } from './service-user.js';

/** What the embedded server is to do. */
export interface EmbeddedPostgresOptions {
  /** Absolute path; the data lies in its subfolder `postgres`. */
  readonly dataFolder: string;
  /** Told what the server logs, line by line, and what a start waits for. */
  readonly log: (line: string) => void;
  /** Told when the server ends although nobody stopped it. */
  readonly onLoss: (reason: string) => void;
  /** Server settings that differ from the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long to wait for another server on the same data to end; 15 s unless given. */
  readonly waitLimitMs?: number;
  /** Where readers by SQL come in; absent means that the server listens on no network. */
  readonly door?: ReaderDoor | undefined;
}

/** A PostgreSQL server that lives no longer than this process. */
export interface EmbeddedPostgres {
  /** Connection URL of its superuser, over a Unix socket, for the account of this process alone; for pg and TypeORM alike. */
  readonly url: string;
  /** Ends connections, shuts down in good order and resolves when the server is gone. */
  stop(): Promise<void>;
}

const WAIT_LIMIT_MS = 15_000;
const START_LIMIT_MS = 300_000;
const LOOK_AGAIN_MS = 50;
const BLANK_LOCK_LIMIT_MS = 2_000;
const KEPT_LOG_LINES = 20;
const SOCKET_PATH_LIMIT_BYTES = 107;

/** The port by which the socket is named where the server listens on none. */
const USUAL_PORT = 5432;

const usualSettings = {
  listen_addresses: '',
  shared_buffers: '256MB',
  max_connections: '50',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * Starts a real PostgreSQL server on the data in `dataFolder`, creating it at the first start (about 0.7 s).
 *
 * The server ends with this process, however that ends: a supervisor stops it when the pipe to us breaks. A server
 * that still stops on the same data is waited for. As root the server runs under an unprivileged account, which needs
 * no access to the folders above. Only the account of this process may log in, whatever the data says, and behind a door its one role. Throws
 * {@link CannotStart} when the data is in use or the machine cannot run it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32')
    throw new CannotStart('The embedded PostgreSQL needs Linux or macOS. Set DATABASE_URL to your own server.');
  const account = await serviceUser();
  const folder = { path: options.dataFolder, variable: 'DATA_DIR' };
  const existing = await explainFolder(folder, () => findData(options.dataFolder, account));
  const user = existing ? existing.user : account;
  const temporaryFolder = await makeTemporaryFolder(user);
  try {
    const programs = await runnableBinaries({ packaged: packageFolder(), user, temporaryFolder });
    const access = await writeAccess(temporaryFolder, options.door);
    const create = () => createData(options.dataFolder, programs, user);
    const data = existing ?? (await explainFolder(folder, create));
    return await startWhenFree({ options, data, programs, temporaryFolder, access });
  } catch (error) {
    await rm(temporaryFolder, { recursive: true, force: true });
    throw error;
  }
}

/** Short enough for a socket, and open to the account and root alone. */
async function makeTemporaryFolder(user: ServiceUser | null): Promise<string> {
  for (const parent of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    const socketPath = join(parent, 'ptl-XXXXXX', '.s.PGSQL.65535');
    if (Buffer.byteLength(socketPath) > SOCKET_PATH_LIMIT_BYTES || !(await reaches(user, parent))) continue;
    const folder = await mkdtemp(join(parent, 'ptl-'));
    if (user) await chown(folder, user.uid, user.gid);
    await chmod(folder, 0o700);
    return folder;
  }
  throw new CannotStart(
    `No temporary folder is usable for PostgreSQL's socket: ${tmpdir()}, /tmp and /var/tmp are too long or closed.`,
  );
}

interface Start {
  readonly options: EmbeddedPostgresOptions;
  readonly data: DataFolder;
  readonly programs: string;
  readonly temporaryFolder: string;
  /** The settings that say who may log in. */
  readonly access: Readonly<Record<string, string>>;
}

async function startWhenFree(start: Start): Promise<EmbeddedPostgres> {
  const { options, data } = start;
  const deadline = Date.now() + (options.waitLimitMs ?? WAIT_LIMIT_MS);
  let told = false;
  for (;;) {
    const attempt = await tryStart(start);
    if ('url' in attempt) return attempt;
    if (Date.now() > deadline) {
      throw new CannotStart(
        `${data.path} is in use by ${attempt.by}. Stop it first, or set DATA_DIR to another directory.`,
      );
    }
    if (!told) options.log(`waiting for ${attempt.by}, which still uses ${data.path}`);
    told = true;
    await delay(LOOK_AGAIN_MS);
  }
}

/** The one way in which a start is put off: someone else uses the data. */
interface InUse {
  readonly by: string;
}

async function tryStart(start: Start): Promise<EmbeddedPostgres | InUse> {
  const lock = await lockState(start.data.path);
  if (lock.state === 'served') return { by: `the PostgreSQL server with process number ${lock.pid}` };
  if (lock.state === 'blank') {
    if (lock.ageMs < BLANK_LOCK_LIMIT_MS) return { by: 'a PostgreSQL server that is starting' };
    await rm(join(start.data.path, 'postmaster.pid'), { force: true });
  }
  return launch(start, lock.state === 'stale' ? lock.pid : undefined);
}

async function launch(start: Start, stalePid: number | undefined): Promise<EmbeddedPostgres | InUse> {
  const supervisor = spawnSupervisor(start, stalePid);
  const lastLines = keepLastLines(supervisor.stderr, start.options.log);
  const gone = once(supervisor, 'close');
  const outcome = await Promise.race([whenReady(supervisor), gone, late()]);
  if (typeof outcome === 'number') return handleOf(start, { supervisor, pid: outcome, lastLines });
  supervisor.stdin.end();
  await gone;
  const said = lastLines.join('\n');
  // The server itself refuses data that another one has just taken, or whose orphaned workers are still ending.
  if (/lock file "postmaster.pid" (already exists|is empty)|pre-existing shared memory block/.test(said)) {
    return { by: 'another PostgreSQL server' };
  }
  throw new CannotStart(whyNotStarted(said, start.data.path, start.options.door?.port));
}

/** Resolves to the server's process number once it takes connections. */
function whenReady(supervisor: Supervisor): Promise<number> {
  return new Promise((resolve) => {
    let pid = 0;
    createInterface({ input: supervisor.stdout }).on('line', (line) => {
      if (line === 'ready') resolve(pid);
      else pid = Number(line.replace('started ', ''));
    });
  });
}

function keepLastLines(stream: Readable, log: (line: string) => void): readonly string[] {
  const kept: string[] = [];
  createInterface({ input: stream }).on('line', (line) => {
    kept.push(line);
    if (kept.length > KEPT_LOG_LINES) kept.shift();
    log(line);
  });
  return kept;
}

function late(): Promise<'late'> {
  return delay(START_LIMIT_MS, 'late', { ref: false });
}

type Supervisor = ReturnType<typeof spawnSupervisor>;

function spawnSupervisor({ options, data, programs, temporaryFolder, access }: Start, stalePid: number | undefined) {
  const settings = { ...usualSettings, unix_socket_directories: temporaryFolder, ...access, ...options.settings };
  const assignment = {
    executable: join(programs, 'bin/postgres'),
    parameters: [
      '-D',
      nameForServer(data),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    folder: data.path,
    user: data.user,
    // The server takes a lock file with this number in it for one that was left behind.
    environment: stalePid === undefined ? {} : { PG_GRANDPARENT_PID: String(stalePid) },
    temporaryFolder,
  };
  const program = fileURLToPath(new URL('./supervisor.mjs', import.meta.url));
  // A group of its own, so that Ctrl-C in a terminal reaches only us, and we stop the server when we have finished.
  return spawn(process.execPath, [program, JSON.stringify(assignment)], {
    cwd: '/',
    env: {},
    detached: true,
    stdio: 'pipe',
  });
}

/** A server that takes connections. */
interface Served {
  readonly supervisor: Supervisor;
  readonly pid: number;
  readonly lastLines: readonly string[];
}

function handleOf(start: Start, { supervisor, pid, lastLines }: Served): EmbeddedPostgres {
  let stopping = false;
  const gone = once(supervisor, 'close');
  void gone.then(async () => {
    if (stopping) return;
    // Only if the supervisor was killed is there still a server, and nobody else to stop it.
    if (await serves(pid, start.data.path)) process.kill(pid, 'SIGINT');
    await rm(start.temporaryFolder, { recursive: true, force: true });
    const words = lastLines.length === 0 ? '' : ` Its last output was:\n${lastLines.join('\n')}`;
    start.options.onLoss(`The embedded PostgreSQL server ended unexpectedly.${words}`);
  });
  return {
    url: `postgresql://postgres@${encodeURIComponent(start.temporaryFolder)}:${start.options.door?.port ?? USUAL_PORT}/postgres`,
    stop: async () => {
      stopping = true;
      supervisor.stdin.end();
      await gone;
    },
  };
}
