import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { policySlug } from './corpus.js';
import { type Comparison, type Contender, compare, withCallers } from './measure.js';

const SIZES = [10_000, 100_000];
const POLICIES = 500;
const ROUNDS = 5;
const WHOLE_ROUNDS = 3;
const CONNECTIONS = 8;

const SINGLE_REQUESTS = 2000;
const WHOLE_REQUESTS = 8;

/** A running application with its corpus. */
interface Served {
  readonly events: number;
  readonly url: string;
  readonly process: ChildProcess;
  readonly report: Readonly<Record<string, unknown>>;
}

/** Answers as of a coordinate against documents by primary key, and what a longer history costs. */
export async function asOfComparisons(
  server: string,
): Promise<{ comparisons: readonly Comparison[]; notes: readonly unknown[] }> {
  const served: Served[] = [];
  try {
    for (const events of SIZES) served.push(await serve(server, events));
    const [small, large] = served;
    if (!small || !large) throw new Error('Nothing is served.');
    const comparisons = [
      await ofOnePolicy(small),
      await ofOnePolicy(large),
      await byLength(small, large),
      await ofAllPolicies(small),
      await ofAllPolicies(large),
    ];
    return { comparisons, notes: served.map(({ report }) => report) };
  } finally {
    for (const { process: child } of served) await ended(child);
  }
}

const ofOnePolicy = (served: Served): Promise<Comparison> =>
  compare({
    title: `As-of of one policy over HTTP, ${served.events} events of ${POLICIES} policies`,
    unit: 'requests',
    rounds: ROUNDS,
    contenders: [
      contender(
        'document by primary key, same stack',
        served,
        SINGLE_REQUESTS,
        (index) => `/reference/${policySlug(index % POLICIES)}`,
      ),
      contender('state now', served, SINGLE_REQUESTS, (index) => `/v1/policies/${policySlug(index % POLICIES)}`),
      contender(
        'state as known at a past date',
        served,
        SINGLE_REQUESTS,
        (index) => `/v1/policies/${policySlug(index % POLICIES)}?knownAt=${pastDay(index)}`,
      ),
      contender(
        'state as recorded at a past position',
        served,
        SINGLE_REQUESTS,
        (index) =>
          `/v1/policies/${policySlug(index % POLICIES)}?knownAt=${pastDay(index)}&recordedAt=@${Math.floor(served.events / 2) + POLICIES}`,
      ),
    ],
  });

const byLength = (small: Served, large: Served): Promise<Comparison> =>
  compare({
    title: 'As-of of one policy at a past date, by the length of the log',
    unit: 'requests',
    rounds: ROUNDS,
    contenders: [pastStates(small), pastStates(large)],
  });

const pastStates = (served: Served): Contender =>
  contender(
    `${served.events} events`,
    served,
    SINGLE_REQUESTS,
    (index) => `/v1/policies/${policySlug(index % POLICIES)}?knownAt=${pastDay(index)}`,
  );

const ofAllPolicies = (served: Served): Promise<Comparison> =>
  compare({
    title: `All ${POLICIES} policies and diffs over HTTP, ${served.events} events`,
    unit: 'requests',
    rounds: WHOLE_ROUNDS,
    contenders: [
      contender('all documents, same stack', served, WHOLE_REQUESTS, () => '/reference'),
      contender('all states now', served, WHOLE_REQUESTS, () => '/v1/policies?limit=1000'),
      contender(
        'all states at a past date',
        served,
        WHOLE_REQUESTS,
        (index) => `/v1/policies?limit=1000&knownAt=${pastDay(index)}`,
      ),
      contender(
        'diff of all policies over 30 days',
        served,
        WHOLE_REQUESTS,
        (index) => `/v1/diff?from=${pastDay(index)}&to=${pastDay(index, 30)}`,
      ),
      contender(
        'diff of one policy over a year',
        served,
        WHOLE_REQUESTS * 20,
        (index) => `/v1/policies/${policySlug(index % POLICIES)}/diff?from=${pastDay(index)}&to=${pastDay(index, 365)}`,
      ),
    ],
  });

const DAY_MS = 86_400_000;

/** A day of the corpus's middle years, another for each index. */
const pastDay = (index: number, later = 0): string =>
  new Date(Date.UTC(2016, 0, 1) + ((index * 7) % 2000) * DAY_MS + later * DAY_MS).toISOString().slice(0, 10);

const contender = (name: string, { url }: Served, amount: number, pathOf: (index: number) => string): Contender => ({
  name,
  run: async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    await withCallers(CONNECTIONS, amount, (index) => fetched(`${url}${pathOf(index)}`, agent));
    agent.destroy();
    return amount;
  },
});

/** Asks and reads the answer to its end; anything but a success ends the bench. */
const fetched = (address: string, agent: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    get(address, { agent }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${address}: ${answer.statusCode}`)),
      );
    }).on('error', reject);
  });

async function serve(server: string, events: number): Promise<Served> {
  const name = `corpus_${events}`;
  const administrator = new pg.Client({ connectionString: server });
  await administrator.connect();
  await administrator.query(`CREATE DATABASE ${name}`);
  await administrator.end();
  const child = spawn(
    process.execPath,
    [
      // As `npm start` runs it.
      '--heap-growing-percent=20',
      '--max-semi-space-size=8',
      '--import',
      fileURLToPath(new URL('../support/typescript.mjs', import.meta.url)),
      fileURLToPath(new URL('as-of-server.ts', import.meta.url)),
      server.replace(/[^/]*$/, name),
      String(events),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const report = JSON.parse(line) as { url: string };
    process.stderr.write(`${line}\n`);
    return { events, url: report.url, process: child, report: { ...report } };
  }
  throw new Error(`The application on ${events} events did not start.`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
