import pg from 'pg';
import { APPLICATION_ROLE, createPostgresEventLog } from '#event-log';
import { openPool } from '#postgres';
import { waitUntil } from './harness/wait.js';
import { runBenched } from './harness/application.js';
import { BareStream } from './harness/bare-stream.js';
import { makeDatabase } from './harness/databases.js';
import { type Latency, percentileOf, spreadOf } from './harness/measure.js';
import { type Committed, appendFast, appendPaced, corpusRequests } from './harness/paced-writer.js';

const POLICIES = 500;
const BEFORE = 5_000;
const PER_SECOND = 100;
const WARM_UP_S = 5;
const ROUND_S = 20;
const ROUNDS = 3;
const CHANNEL = 'policy_timeline_log';

/**
 * From the commit of an event to a subscriber that has it: over a stream of the application, and by the least that
 * PostgreSQL itself offers, LISTEN and a SELECT of what is new. Both hear of the same events in the same process.
 */
export async function liveLatencies(server: string): Promise<readonly Latency[]> {
  const url = await makeDatabase(server, 'live');
  const pool = openPool({ url, name: 'bench', role: APPLICATION_ROLE, onIdleError: () => undefined });
  const application = await runBenched(url);
  const log = createPostgresEventLog({ pool });
  const events = BEFORE + PER_SECOND * (WARM_UP_S + ROUNDS * ROUND_S);
  const requests = corpusRequests({ events, policies: POLICIES, seed: 7 });
  await appendFast(log, requests, POLICIES + BEFORE);
  await application.isLevel(POLICIES + BEFORE);
  const bare = new BareListener(url, POLICIES + BEFORE);
  await bare.start();
  const stream = new BareStream(`${application.url}/v1/stream`, { timed: true });
  await waitUntil('the stream has caught up', () => stream.isCaughtUp);
  await appendPaced(log, requests, { perSecond: PER_SECOND, seconds: WARM_UP_S });
  const rounds: (readonly Committed[])[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push(await appendPaced(log, requests, { perSecond: PER_SECOND, seconds: ROUND_S }));
  await waitUntil('the stream has all', () => stream.positions.at(-1) === POLICIES + events);
  await waitUntil('the bare listener has all', () => bare.times.has(POLICIES + events));
  stream.close();
  await bare.stop();
  await log.close();
  await application.stop();
  await pool.end();
  return [
    latencyOf('LISTEN and SELECT', rounds, bare.times, 'committedAt'),
    latencyOf('stream of the application', rounds, stream.times, 'committedAt'),
    latencyOf('LISTEN and SELECT, from the start of the append', rounds, bare.times, 'begunAt'),
    latencyOf('stream of the application, from the start of the append', rounds, stream.times, 'begunAt'),
  ];
}

function latencyOf(
  name: string,
  rounds: readonly (readonly Committed[])[],
  times: ReadonlyMap<number, number>,
  since: 'committedAt' | 'begunAt',
): Latency {
  const waits = rounds.map((round) =>
    round.map((one) => (times.get(one.position) ?? Infinity) - one[since]).sort((one, other) => one - other),
  );
  return {
    name,
    callers: 1,
    answers: PER_SECOND * ROUND_S,
    p50Ms: spreadOf(waits.map((each) => percentileOf(each, 50))),
    p99Ms: spreadOf(waits.map((each) => percentileOf(each, 99))),
  };
}

/** Reads what is new whenever it is told that something is. */
class BareListener {
  readonly times = new Map<number, number>();
  #isAskedAgain = false;
  #isReading = false;
  readonly #client: pg.Client;

  constructor(
    url: string,
    private position: number,
  ) {
    this.#client = new pg.Client({ connectionString: url });
  }

  async start(): Promise<void> {
    await this.#client.connect();
    this.#client.on('notification', () => void this.#read());
    await this.#client.query(`LISTEN ${CHANNEL}`);
  }

  stop(): Promise<void> {
    return this.#client.end();
  }

  async #read(): Promise<void> {
    this.#isAskedAgain = true;
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      const { rows } = await this.#client.query<{ position: number; entry: string }>({
        name: 'bare-read',
        text: 'SELECT position::float8 AS position, entry FROM log.events WHERE position > $1 ORDER BY position',
        values: [this.position],
      });
      const now = performance.now();
      for (const { position } of rows) this.times.set(position, now);
      this.position = rows.at(-1)?.position ?? this.position;
    }
    this.#isReading = false;
  }
}
