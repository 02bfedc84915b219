import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { coldComparisons } from './harness/cold-start.js';
import { policySlug } from './harness/corpus.js';
import { type Comparison, type Contender, compare, withCallers } from './harness/measure.js';
import { startFlags } from './harness/start-flags.js';
import type { Settings } from './harness/settings.js';

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
  readonly policies: number;
  readonly rounds: { readonly single: number; readonly whole: number };
  readonly url: string;
  readonly process: ChildProcess;
  readonly report: Readonly<Record<string, unknown>>;
}

/**
 * Answers as of a coordinate against documents by primary key, and what a longer history costs: the least of the sizes
 * against the greatest. And what questions wait for that are asked right after a start.
 */
export async function asOfComparisons(
  server: string,
  { sizes = SIZES, policies = POLICIES, rounds }: Settings,
): Promise<{ comparisons: readonly Comparison[]; notes: readonly unknown[] }> {
  const served: Served[] = [];
  try {
    const each = { policies, rounds: { single: rounds ?? ROUNDS, whole: rounds ?? WHOLE_ROUNDS } };
    for (const events of sizes.toSorted((one, other) => one - other))
      served.push({ ...(await serve(server, { events, policies })), ...each });
    const [small, large] = [served[0], served.at(-1)];
    if (!small || !large) throw new Error('Nothing is served.');
    const comparisons: Comparison[] = [];
    for (const one of served) comparisons.push(await ofOnePolicy(one));
    comparisons.push(...(await byLength(small, large)));
    for (const one of served) comparisons.push(await ofAllPolicies(one));
    for (const { process: child } of served) await ended(child);
    comparisons.push(...(await coldComparisons(databaseOf(server, large.events), BY_LENGTH, large)));
    return { comparisons, notes: served.map(({ report }) => report) };
  } finally {
    for (const { process: child } of served) await ended(child);
  }
}

const ofOnePolicy = (served: Served): Promise<Comparison> =>
  compare({
    title: `As-of of one policy over HTTP, ${served.events} events of ${served.policies} policies`,
    unit: 'requests',
    rounds: served.rounds.single,
    contenders: [
      contender(
        'document by primary key, same stack',
        served,
        SINGLE_REQUESTS,
        (index) => `/reference/${policySlug(index % served.policies)}`,
      ),
      contender('state now', served, SINGLE_REQUESTS, (index) => `/v1/policies/${policySlug(index % served.policies)}`),
      contender(
        'state as known at a past date',
        served,
        SINGLE_REQUESTS,
        (index) => `/v1/policies/${policySlug(index % served.policies)}?knownAt=${pastDay(index)}`,
      ),
      contender(
        'state as recorded at a past position',
        served,
        SINGLE_REQUESTS,
        (index) =>
          `/v1/policies/${policySlug(index % served.policies)}?knownAt=${pastDay(index)}&recordedAt=@${Math.floor(served.events / 2) + served.policies}`,
      ),
    ],
  });

/** What is asked where only the length of the log differs, and how often a round. */
const BY_LENGTH = [
  {
    of: 'one policy now',
    amount: SINGLE_REQUESTS,
    path: (policies: number, index: number) => `/v1/policies/${policySlug(index % policies)}`,
  },
  {
    of: 'one policy at a past date',
    amount: SINGLE_REQUESTS,
    path: (policies: number, index: number) => `/v1/policies/${policySlug(index % policies)}?knownAt=${pastDay(index)}`,
  },
  { of: 'all policies now', amount: WHOLE_REQUESTS, path: () => '/v1/policies?limit=1000' },
  {
    of: 'all policies at a past date',
    amount: WHOLE_REQUESTS,
    path: (_policies: number, index: number) => `/v1/policies?limit=1000&knownAt=${pastDay(index)}`,
  },
];

async function byLength(small: Served, large: Served): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const { of, amount, path } of BY_LENGTH) {
    const asked = (served: Served): Contender =>
      contender(`${served.events} events`, served, amount, (index) => path(served.policies, index));
    comparisons.push(
      await compare({
        title: `As-of of ${of}, by the length of the log`,
        unit: 'requests',
        rounds: amount === WHOLE_REQUESTS ? small.rounds.whole : small.rounds.single,
        contenders: [asked(small), asked(large)],
      }),
    );
  }
  return comparisons;
}

const ofAllPolicies = (served: Served): Promise<Comparison> =>
  compare({
    title: `All ${served.policies} policies and diffs over HTTP, ${served.events} events`,
    unit: 'requests',
    rounds: served.rounds.whole,
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
        (index) =>
          `/v1/policies/${policySlug(index % served.policies)}/diff?from=${pastDay(index)}&to=${pastDay(index, 365)}`,
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

const corpusName = (events: number): string => `corpus_${events}`;

/** The address of the database of a corpus, on a server. */
const databaseOf = (server: string, events: number): string => server.replace(/[^/]*$/, corpusName(events));

async function serve(
  server: string,
  { events, policies }: { events: number; policies: number },
): Promise<Pick<Served, 'events' | 'url' | 'process' | 'report'>> {
  const database = databaseOf(server, events);
  const administrator = new pg.Client({ connectionString: server });
  await administrator.connect();
  await administrator.query(`CREATE DATABASE ${corpusName(events)}`);
  await administrator.end();
  const child = spawn(
    process.execPath,
    [
      ...startFlags,
      '--import',
      fileURLToPath(new URL('../support/typescript.mjs', import.meta.url)),
      fileURLToPath(new URL('reference/as-of-server.ts', import.meta.url)),
      database,
      String(events),
      String(policies),
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
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
