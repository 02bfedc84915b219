// Runs one PostgreSQL server for as long as its parent holds the other end of standard input open.
//
// A process of its own, in plain JavaScript so that every way of running the sources can start it: when the parent is
// killed without a chance to clean up, the system closes the pipe, and the server is shut down in good order.
// Says `started PID` and `ready` on standard output; the server's log goes to standard error.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Assignment
 * @property {string} executable
 * @property {string[]} parameters
 * @property {string} folder working directory of the server
 * @property {{ uid: number, gid: number } | null} user
 * @property {Record<string, string>} environment
 * @property {string} temporaryFolder removed at the end
 */

const LOOK_AGAIN_MS = 10;
const LAST_WORDS_LIMIT_MS = 500;
const FAST_SHUTDOWN_LIMIT_MS = 7_000;
const IMMEDIATE_SHUTDOWN_LIMIT_MS = 2_000;

let served = false;
let stopping = false;

/** @type {Assignment} */
const assignment = JSON.parse(process.argv[2] ?? '');
const server = spawn(assignment.executable, assignment.parameters, {
  cwd: assignment.folder,
  env: assignment.environment,
  stdio: ['ignore', 'ignore', 'pipe'],
  ...assignment.user,
});

server.on('spawn', () => process.stdout.write(`started ${server.pid}\n`));
const watch = setInterval(sayWhenReady, LOOK_AGAIN_MS);
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  leave(1);
});
// Its last words come through a little later than its end; a worker it left behind would hold the pipe open longer.
server.on('exit', (code) => setTimeout(leave, LAST_WORDS_LIMIT_MS, code ?? 1));
server.on('close', (code) => leave(code ?? 1));
server.stderr.on('data', (text) => process.stderr.write(text));

// The parent may be gone while the server still talks; its last words are lost then, and nobody is there to miss them.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.stdin.on('error', shutDown).on('close', shutDown).resume();
process.on('SIGTERM', shutDown);
process.on('SIGHUP', shutDown);

/** The server writes how it is into its lock file, whatever it logs. */
function sayWhenReady() {
  const [pid, ...lines] = readLockFile().split('\n');
  if (Number(pid) !== server.pid || !lines.some((line) => line.trim() === 'ready')) return;
  clearInterval(watch);
  served = true;
  process.stdout.write('ready\n');
}

function readLockFile() {
  try {
    return readFileSync(join(assignment.folder, 'postmaster.pid'), 'utf8');
  } catch {
    return '';
  }
}

function shutDown() {
  if (stopping) return;
  stopping = true;
  server.kill('SIGINT');
  setTimeout(() => server.kill('SIGQUIT'), FAST_SHUTDOWN_LIMIT_MS);
  setTimeout(() => server.kill('SIGKILL'), FAST_SHUTDOWN_LIMIT_MS + IMMEDIATE_SHUTDOWN_LIMIT_MS);
}

/** @param {number} code */
function leave(code) {
  // After a start that failed the parent still needs the folder for the next attempt.
  if (served || stopping) rmSync(assignment.temporaryFolder, { recursive: true, force: true });
  process.exit(code);
}
