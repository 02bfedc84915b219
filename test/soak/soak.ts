// `npm run soak -- MINUTES`: one application under mixed load, and what it holds at the start, in the middle, at the end.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '#runtime';
import { spawnApplication } from '../e2e/spawned-application.js';
import { createInterface } from 'node:readline';
import { once } from 'node:events';

const MINUTES = Number(process.argv[2] ?? '60');
const WRITE_PAUSE_MS = 50;
const READ_PAUSE_MS = 20;
const READERS = 4;
const STREAMS = 10;
const STREAM_MS = 5_000;
const KILOBYTES = 1_024;
const RECORDED = 201;

const READS = [
  '/v1/policies/soak',
  '/v1/policies/soak?knownAt=2025-01-01',
  '/v1/policies/soak/timeline?limit=50',
  '/v1/policies/soak/diff?from=2025-01-01&to=2025-06-01',
  '/v1/policies',
  '/v1/events?limit=100&policy=soak',
  '/v1/figures.csv',
  '/v1/audit/checkpoint',
  '/',
  '/v1/policies/none',
];

/** What is asked for, and how often it was answered so. */
class Load {
  readonly counts = new Map<string, number>();

  constructor(
    private readonly url: string,
    private readonly until: number,
  ) {}

  /** Asks until the time is over. */
  async run(): Promise<void> {
    const readers = Array.from({ length: READERS }, (_, index) => this.#read(index));
    const streams = Array.from({ length: STREAMS }, () => this.#follow());
    await Promise.all([this.#write(), ...readers, ...streams]);
  }

  async #write(): Promise<void> {
    const policy = { slug: 'soak', title: 'Soak', kind: 'scheme', jurisdiction: 'GB' };
    await this.#ask('/v1/policies', { method: 'POST', ...json(policy) }, RECORDED);
    for (let count = 0; Date.now() < this.until; count += 1) {
      await this.#ask('/v1/policies/soak/events', { method: 'POST', ...json(eventOf(count)) }, RECORDED);
      await delay(WRITE_PAUSE_MS);
    }
  }

  async #read(first: number): Promise<void> {
    for (let count = first; Date.now() < this.until; count += 1) {
      await this.#ask(READS[count % READS.length] ?? '/');
      await delay(READ_PAUSE_MS);
    }
  }

  /** Opens a stream, reads it for a while, and leaves without a word, as clients do. */
  async #follow(): Promise<void> {
    while (Date.now() < this.until) {
      const leaving = AbortSignal.timeout(STREAM_MS);
      await this.#ask('/v1/stream?view=patches', { signal: leaving }).catch(() => this.#count('stream'));
    }
  }

  /** Asks; a load without writes would show nothing, so an answer other than what it must be ends all. */
  async #ask(path: string, options: RequestInit = {}, expected?: number): Promise<void> {
    const answer = await fetchAnswer(this.url + path, options);
    if (!answer) return this.#count('connection reset');
    const { status, text } = answer;
    if (expected !== undefined && status !== expected) throw new Error(`${path}: ${text.slice(0, 500)}`);
    this.#count(String(status));
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

/** The answer, or undefined where the connection was reset: a server may close an idle one as a request sets out. */
async function fetchAnswer(url: string, options: RequestInit): Promise<{ status: number; text: string } | undefined> {
  try {
    const answer = await fetch(url, options);
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    if (error instanceof Error && isReset(error.cause)) return undefined;
    throw error;
  }
}

const isReset = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'ECONNRESET';

const json = (body: object): RequestInit => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const DAYS = 28;

const eventOf = (count: number): object => ({
  key: `soak-${count}`,
  type: 'figure.reported',
  policy: 'soak',
  occurred: `2025-02-${String((count % DAYS) + 1).padStart(2, '0')}`,
  publishedAt: '2025-03-01',
  actors: [{ name: 'Harbour Board', kind: 'organisation' }],
  summary: 'Boats were counted.',
  status: null,
  epistemic: 'confirmed',
  figures: [{ measure: 'boats', value: count, comparator: 'exact', unit: 'boats', period: '2025-02' }],
  sources: [{ publisher: 'Harbour Gazette', title: 'Boats', publishedAt: '2025-03-01', genre: 'news' }],
});

/** What the process and its database hold now. */
async function holdings(pid: number, client: pg.Client): Promise<string> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const memory = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / KILOBYTES;
  const files = readdirSync(`/proc/${pid}/fd`).length;
  const { rows } = await client.query<{ connections: number; head: number }>(
    `SELECT (SELECT count(*)::integer FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS connections,
            (SELECT coalesce(max(position), 0)::integer FROM log.events) AS head`,
  );
  const [row] = rows;
  return `${memory.toFixed(0)} MB, ${row?.connections} connections, ${files} open files, ${row?.head} events`;
}

const folder = mkdtempSync(join(tmpdir(), 'ptl-soak-'));
const server = await startEmbeddedPostgres({
  dataFolder: folder,
  log: () => undefined,
  onLoss: (reason) => {
    throw new Error(reason);
  },
});
const child = spawnApplication({ DATABASE_URL: server.url, DATA_DIR: folder, SEEDS: '', LOG_LEVEL: 'error' });
child.stderr.pipe(process.stderr);
const [line] = await once(createInterface({ input: child.stdout }), 'line');
const url = String(line).replace('listening on ', '');
const client = new pg.Client({ connectionString: server.url });
await client.connect();
const MINUTE_MS = 60_000;
const load = new Load(url, Date.now() + MINUTES * MINUTE_MS);
const tell = async (when: string): Promise<void> =>
  void process.stdout.write(`${when}: ${await holdings(child.pid ?? 0, client)}\n`);
const running = load.run();
// Past the first seconds, in which everything is opened that is opened once.
for (const [share, when] of [
  [0.1, 'start'],
  [0.4, 'middle'],
  [0.45, 'end'],
] as const) {
  await delay(MINUTES * MINUTE_MS * share);
  await tell(when);
}
await running;
process.stdout.write(`answers: ${JSON.stringify(Object.fromEntries(load.counts))}\n`);
child.kill('SIGTERM');
await once(child, 'exit');
await client.end();
await server.stop();
rmSync(folder, { recursive: true, force: true });
