// The read side as a process of its own: `read-side-process.ts DATABASE_URL TASK`, the task as JSON. Tells on standard
// output what it took.
import { availableParallelism } from 'node:os';
import type pg from 'pg';
import { instant } from '#domain';
import { APPLICATION_ROLE, createPostgresEventLog } from '#event-log';
import { migrateLog } from '#kurrentdb-log';
import { openPool } from '#postgres';
import { composeProjections } from '../../support/databases/projections.js';
import { requestRebuilds } from '../../../libs/projections/src/rebuild/rebuilds.js';
import { corpusLines } from '../harness/corpus.js';
import { importCorpusLines } from '../harness/import-corpus.js';
import type { ReadSideReport, ReadSideTask } from './read-side.js';

const LOOK_MS = 10;
const WAIT_LIMIT_MS = 3_600_000;

const [, , url = '', asked = '{}'] = process.argv;
const task = JSON.parse(asked) as ReadSideTask;

await migrateLog(url);
const pool = openPool({ url, name: 'bench', role: APPLICATION_ROLE, onIdleError: () => undefined });
const log = createPostgresEventLog({ pool });
const projections = composeProjections({
  pool,
  log,
  now: () => instant(Date.now()),
  foldingThreads: availableParallelism(),
  onStopped: (error) => {
    throw error;
  },
});

const report = await done();
process.stdout.write(`${JSON.stringify(report)}\n`);
await projections.stop();
await log.close();
await pool.end();
process.exit(0);

async function done(): Promise<ReadSideReport> {
  const start = performance.now();
  const steps = await perform();
  const { position } = await log.head();
  return {
    events: position,
    ms: performance.now() - start - (steps.before ?? 0),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    steps,
  };
}

async function perform(): Promise<{ readonly before?: number } & Readonly<Record<string, number>>> {
  if (task.task === 'fill') return fill(task);
  const start = performance.now();
  await projections.start();
  if (task.task === 'project') return {};
  return { before: performance.now() - start, ...(await rebuild(pool)) };
}

async function fill({ events, policies }: { events: number; policies: number }): Promise<Record<string, number>> {
  await projections.start();
  await projections.stop();
  await importCorpusLines(log, corpusLines({ events, policies, seed: 7 }));
  return {};
}

/** How long each state of a rebuild lasted, as seen from outside. */
async function rebuild(database: pg.Pool): Promise<Record<string, number>> {
  const names = (await projections.administration.status())
    .map(({ name }) => name)
    .filter((name) => name !== 'policy-heads');
  const steps: Record<string, number> = {};
  let [state, since] = ['waiting', performance.now()];
  const until = since + WAIT_LIMIT_MS;
  await requestRebuilds(database, names);
  while (state !== 'done' && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const { rows } = await database.query<{ state: string; error: string | null }>(
      'SELECT state, error FROM read.rebuilds ORDER BY changed_at LIMIT 1',
    );
    const [now] = rows;
    if (!now || now.state === 'failed') throw new Error(`The rebuild failed: ${now?.error}`);
    if (now.state === state) continue;
    steps[state] = (steps[state] ?? 0) + performance.now() - since;
    [state, since] = [now.state, performance.now()];
  }
  return steps;
}
