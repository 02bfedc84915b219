import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { type ImportedLine, type UnkindShape, linkCountOf } from '../../support/events/unkind-shapes.js';
import type { BenchedApplication } from '../harness/application.js';
import type { Cost } from '../harness/growth.js';
import {
  cpuSecondsOf,
  parentPidOf,
  peakMemoryMbOf,
  resetPeakMemory,
  treeCpuSecondsOf,
} from '../harness/process-usage.js';

/** An application with one policy that no shape has anything to do with, and its database. */
export interface Bystander {
  readonly application: BenchedApplication;
  readonly owner: pg.Client;
}

/** What building a shape at one size came to, with what others noticed of it. */
export interface Run extends Cost {
  readonly events: number;
  readonly applicationCpuSeconds: number;
  readonly databaseCpuSeconds: number;
  readonly rowMegabytes: number;
  readonly peakMemoryMb: number;
  readonly seconds: number;
  readonly livezMs: number;
  readonly readMs: number;
}

const BYSTANDER = 'bystander';
const BYSTANDER_EVENTS = 20;
const ANSWER_LIMIT_MS = 60_000;
const LOOK_AGAIN_MS = 50;
const LIVEZ_EACH_MS = 25;
const READ_EACH_MS = 100;

/** Registers the policy whose reads are watched. */
export async function registerBystander({ application }: Bystander): Promise<void> {
  const day = '2015-06-01';
  const lines: ImportedLine[] = Array.from({ length: BYSTANDER_EVENTS }, (_, index) => ({
    key: `${BYSTANDER}-${index}`,
    type: 'terms.changed',
    policy: BYSTANDER,
    occurred: day,
    publishedAt: day,
    ordinal: index,
    summary: 'The toll changed.',
    terms: [{ key: 'price', value: index, unit: 'GBP' }],
    epistemic: 'confirmed',
    sources: [{ publisher: 'Harbour Gazette', title: 'The toll', publishedAt: day, genre: 'news' }],
  }));
  const registration = { policy: { slug: BYSTANDER, title: 'Quiet', kind: 'scheme', jurisdiction: 'GB' } };
  await imported(application.url, [registration, ...lines], { dryRun: false, limitMs: ANSWER_LIMIT_MS });
  await caughtUp(application.url, ANSWER_LIMIT_MS);
}

/** Builds a shape in policies whose slugs begin with the prefix, and measures until every read model has caught up. */
export async function measureShape(
  shape: UnkindShape,
  { size, prefix, limitMs }: { readonly size: number; readonly prefix: string; readonly limitMs: number },
  { application, owner }: Bystander,
): Promise<Run> {
  const { url, pid } = application;
  const before = shape.before?.(size, prefix) ?? [];
  if (before.length > 0) {
    await imported(url, before, { dryRun: false, limitMs });
    await caughtUp(url, limitMs);
  }
  const lines = shape.lines(size, prefix);
  const postmaster = await postmasterOf(owner);
  const rowsBefore = await rowsOf(owner, prefix);
  const [cpuBefore, databaseBefore] = [cpuSecondsOf(pid), treeCpuSecondsOf(postmaster)];
  resetPeakMemory(pid);
  const watch = new Watch(url);
  const begun = performance.now();
  const outcome = await recorded(lines, { url, limitMs, dryRun: shape.isDryRun === true });
  const seconds = (performance.now() - begun) / 1000;
  const applicationCpuSeconds = cpuSecondsOf(pid) - cpuBefore;
  const databaseCpuSeconds = treeCpuSecondsOf(postmaster) - databaseBefore;
  const noticed = await watch.stop();
  const rowsAfter = outcome.fault === undefined ? await rowsOf(owner, prefix) : rowsBefore;
  // Late news may date every event otherwise of the set that it joins.
  const joined = weightOf(before);
  return {
    size,
    ...outcome,
    sent: joined + weightOf(lines),
    accepted: joined + outcome.accepted,
    applicationCpuSeconds,
    databaseCpuSeconds,
    cpuSeconds: applicationCpuSeconds + databaseCpuSeconds,
    rows: rowsAfter.rows - rowsBefore.rows,
    rowMegabytes: (rowsAfter.bytes - rowsBefore.bytes) / 1e6,
    peakMemoryMb: peakMemoryMbOf(pid),
    seconds,
    ...noticed,
  };
}

const weightOf = (lines: readonly ImportedLine[]): number =>
  lines.reduce((weight, line) => weight + 1 + linkCountOf(line), 0);

type Recorded = Pick<Run, 'events' | 'accepted' | 'refused' | 'fault'>;

interface Sending {
  readonly url: string;
  readonly dryRun: boolean;
  readonly limitMs: number;
}

async function recorded(lines: readonly ImportedLine[], sending: Sending): Promise<Recorded> {
  try {
    const answers = await imported(sending.url, lines, sending);
    const deadline = sending.limitMs;
    const parked = await caughtUp(sending.url, deadline);
    const accepted = lines.filter((_, index) => answers[index]?.result !== 'rejected');
    return {
      events: sending.dryRun ? 0 : accepted.length,
      accepted: weightOf(accepted),
      refused: refusals(answers),
      ...(parked.length > 0 ? { fault: `parked: ${parked.join(', ')}` } : {}),
    };
  } catch (error) {
    return { events: 0, accepted: 0, refused: {}, fault: error instanceof Error ? error.message : String(error) };
  }
}

interface Answer {
  readonly result?: string;
  readonly errors?: readonly { readonly code: string }[];
}

function refusals(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const refused: Record<string, number> = {};
  for (const { errors = [] } of answers)
    for (const code of new Set(errors.map((error) => error.code))) refused[code] = (refused[code] ?? 0) + 1;
  return refused;
}

async function imported(
  url: string,
  lines: readonly ImportedLine[],
  { dryRun, limitMs }: Omit<Sending, 'url'>,
): Promise<readonly Answer[]> {
  const answer = await fetch(`${url}/v1/imports?dryRun=${dryRun}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
    signal: AbortSignal.timeout(limitMs),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`The import was answered ${answer.status}: ${text}`);
  return text
    .trimEnd()
    .split('\n')
    .map((line): Answer => JSON.parse(line));
}

interface Projections {
  readonly items: readonly {
    readonly name: string;
    readonly lagEvents: number;
    readonly lastError: string | null;
    readonly setAside: readonly { readonly event: string }[];
  }[];
}

/** Waits until every read model holds all that is recorded; answers the events that were parked. */
async function caughtUp(url: string, limitMs: number): Promise<readonly string[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await fetch(`${url}/v1/projections`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    const { items }: Projections = JSON.parse(await answer.text());
    if (items.every(({ lagEvents }) => lagEvents === 0))
      return [...new Set(items.flatMap(({ setAside }) => setAside.map(({ event }) => event)))];
    if (performance.now() > deadline) {
      const behind = items.map(({ lagEvents }) => lagEvents);
      const lastError = items.find((item) => item.lastError !== null)?.lastError ?? 'no error';
      throw new Error(`after ${limitMs / 1000} s still ${Math.max(...behind)} events behind, ${lastError}`);
    }
    await delay(LOOK_AGAIN_MS);
  }
}

async function postmasterOf(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return parentPidOf(rows[0]?.pid ?? 0);
}

/** What the read models hold of the policies whose slugs begin with the prefix. */
async function rowsOf(owner: pg.Client, prefix: string): Promise<{ readonly rows: number; readonly bytes: number }> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.columns
     WHERE table_schema = 'read' AND column_name = 'policy' AND data_type = 'integer'`,
  );
  const counts = tables.map(
    ({ name }) =>
      `SELECT count(*) AS rows, coalesce(sum(pg_column_size(counted)), 0) AS bytes FROM read.${name} counted
       WHERE policy IN (SELECT named.policy FROM read.policies named WHERE starts_with(named.slug, $1))`,
  );
  const { rows } = await owner.query<{ rows: number; bytes: number }>(
    `SELECT sum(rows)::float8 AS rows, sum(bytes)::float8 AS bytes FROM (${counts.join(' UNION ALL ')}) counts`,
    [`${prefix}-`],
  );
  return rows[0] ?? { rows: 0, bytes: 0 };
}

/** Asks whether the application lives, and for the state of a policy that nothing happens to, over and over. */
class Watch {
  readonly #stopping = new AbortController();
  readonly #url: string;
  readonly #watching: Promise<readonly [number, number]>;

  constructor(url: string) {
    this.#url = url;
    this.#watching = Promise.all([
      this.#longest('/livez', LIVEZ_EACH_MS),
      this.#longest(`/v1/policies/${BYSTANDER}`, READ_EACH_MS),
    ]);
  }

  async stop(): Promise<Pick<Run, 'livezMs' | 'readMs'>> {
    this.#stopping.abort();
    const [livezMs, readMs] = await this.#watching;
    return { livezMs, readMs };
  }

  async #longest(path: string, eachMs: number): Promise<number> {
    let longest = 0;
    while (!this.#stopping.signal.aborted) {
      const asked = performance.now();
      // No answer is as long as it was waited for.
      await fetch(`${this.#url}${path}`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
      longest = Math.max(longest, performance.now() - asked);
      await delay(eachMs);
    }
    return longest;
  }
}
