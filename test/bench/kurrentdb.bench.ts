import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { KurrentDBClient, START, binaryEvent, streamNameFilter } from '@kurrent/kurrentdb-client';
import type pg from 'pg';
import { APPLICATION_ROLE, settleSetting } from '#event-log';
import { Sequencer, createKurrentEventLog, openEventStore } from '#kurrentdb-log';
import { openPool } from '#postgres';
import { KurrentDouble } from '../support/kurrentdb/double.js';
import { request } from './append.bench.js';
import { makeDatabase, withOwner } from './harness/databases.js';
import { type Comparison, type Latency, compare, latencies, withCallers } from './harness/measure.js';

/** Events a round appends, for each number of callers. */
const EVENTS: Readonly<Record<number, number>> = { 1: 300, 32: 3_200 };

const ROUNDS = 3;
const STREAMS = 64;

/** Events that are copied in a round: so many that how long a sequencer takes to start is no part of its pace. */
const COPIED = 60_000;
const COPIED_AT_ONCE = 500;
const COPYING_ROUNDS = 7;
const LOOK_AGAIN_MS = 50;

/** What the log in KurrentDB costs beside the store's bare client. */
export interface KurrentMeasured {
  readonly server: string;
  readonly comparisons: readonly Comparison[];
  readonly latencies: readonly Latency[];
}

/** Measures on the server at KURRENTDB_URL, or on the double, in this process, where there is none. */
export async function kurrentMeasured(database: string): Promise<KurrentMeasured> {
  const given = process.env['KURRENTDB_URL'];
  const double = given ? undefined : await KurrentDouble.open();
  const url = given ?? double?.url ?? '';
  try {
    const { version } = await openEventStore({ url }).describeServer();
    // Before anything is in it.
    await makeDatabase(database, 'empty_log', new URL(database).pathname.slice(1));
    const appends = await appendsMeasured(database, url);
    const copying = await copyingMeasured(database, url);
    const server = given ? `a server of version ${version}` : 'the double, in this process: no figure of a server';
    return {
      server,
      comparisons: [...appends.comparisons, copying],
      latencies: appends.latencies,
    };
  } finally {
    double?.close();
  }
}

async function appendsMeasured(
  database: string,
  url: string,
): Promise<Pick<KurrentMeasured, 'comparisons' | 'latencies'>> {
  const running = await startLog(database, url);
  const client = KurrentDBClient.connectionString(url);
  const bare = `bare_${randomUUID()}-`;
  let asked = 0;
  const appendBare = async (): Promise<void> => {
    asked += 1;
    await client.appendToStream(bare + (asked % STREAMS), bareEvent(), {
      streamState: 'any',
    });
  };
  const append = async (): Promise<void> => {
    asked += 1;
    const { outcome } = await running.log.append(request(`bench-${asked % STREAMS}`, randomUUID()));
    if (outcome !== 'appended') throw new Error(`Not appended: ${outcome}`);
  };
  const comparisons: Comparison[] = [];
  for (const [callers, total] of Object.entries(EVENTS))
    comparisons.push(
      await compare({
        title: `Append to KurrentDB, ${callers} callers, events of about 600 bytes`,
        unit: 'events',
        rounds: ROUNDS,
        contenders: [
          {
            name: "the client's appendToStream",
            run: () => withCallers(Number(callers), total, appendBare),
          },
          {
            name: 'append, answered with its position',
            run: () => withCallers(Number(callers), total, append),
          },
        ],
      }),
    );
  const waits = await latencies(ROUNDS, [
    ...Object.entries(EVENTS).flatMap(([callers, answers]) => [
      {
        name: `appendToStream, ${callers} callers`,
        callers: Number(callers),
        answers,
        ask: appendBare,
      },
      {
        name: `append until visible, ${callers} callers`,
        callers: Number(callers),
        answers,
        ask: append,
      },
    ]),
  ]);
  await client.dispose();
  await running.stop();
  return { comparisons, latencies: waits };
}

/** The sequencer on a log that is behind, each time a new one, against a subscription that does nothing with events. */
async function copyingMeasured(database: string, url: string): Promise<Comparison> {
  const prefix = `copied_${randomUUID()}-`;
  await fill(url, prefix);
  // Before the clock runs: a database takes up to a second to make. One to warm up, then one a round.
  const copies: string[] = [];
  for (let round = 0; round <= COPYING_ROUNDS; round += 1)
    copies.push(await makeDatabase(database, `copied_log_${round}`, 'empty_log'));
  await withOwner(database, (owner) => owner.query('CHECKPOINT'));
  return compare({
    title: `Copying ${COPIED} events from KurrentDB into the log`,
    unit: 'events',
    rounds: COPYING_ROUNDS,
    contenders: [
      {
        name: 'a catch-up subscription that does nothing with them',
        run: () => followed(url, prefix),
      },
      { name: 'the sequencer', run: () => copied(copies.shift() ?? '', url, prefix) },
    ],
  });
}

async function fill(url: string, prefix: string): Promise<void> {
  const store = openEventStore({ url, prefix });
  for (let done = 0; done < COPIED; done += COPIED_AT_ONCE) {
    const events = Array.from({ length: COPIED_AT_ONCE }, () => request('', randomUUID()).events[0]).flatMap(
      (event) => event ?? [],
    );
    await store.append({
      stream: `bench-${done}`,
      expected: 'none',
      events: events.map(({ id, type, body, key }) => ({
        id,
        type,
        data: Buffer.from(body),
        metadata: { key, v: '1' },
      })),
    });
  }
  await store.close();
}

async function followed(url: string, prefix: string): Promise<number> {
  const client = KurrentDBClient.connectionString(url);
  const subscription = client.subscribeToAll(
    { fromPosition: START, filter: streamNameFilter({ prefixes: [prefix] }) },
    { highWaterMark: COPIED_AT_ONCE },
  );
  let seen = 0;
  for await (const { event } of subscription) {
    if (event) seen += 1;
    if (seen === COPIED) break;
  }
  await client.dispose();
  return seen;
}

async function copied(database: string, url: string, prefix: string): Promise<number> {
  const running = await startLog(database, url, prefix);
  while ((await running.log.head()).position < COPIED) await delay(LOOK_AGAIN_MS);
  await running.stop();
  return COPIED;
}

/** A log with its sequencer in this process, as `npm start` runs it. */
async function startLog(database: string, url: string, prefix = `bench_${randomUUID()}-`) {
  const pool: pg.Pool = openPool({
    url: database,
    name: 'bench',
    role: APPLICATION_ROLE,
    connectionLimit: 10,
    onIdleError: () => undefined,
  });
  await settleSetting(pool, 'log', 'kurrentdb');
  const [store, stop] = [openEventStore({ url, prefix }), new AbortController()];
  const sequencer = new Sequencer({
    pool,
    store,
    name: randomUUID(),
    onTrouble: (trouble) => {
      if (trouble instanceof Error) process.stderr.write(`${trouble.message}\n`);
    },
  });
  const ended = sequencer.run(stop.signal);
  const log = createKurrentEventLog({ pool, store });
  return {
    log,
    stop: async (): Promise<void> => {
      await log.close();
      stop.abort();
      await ended;
      await store.close();
      await pool.end();
    },
  };
}

function bareEvent() {
  const [event] = request('', randomUUID()).events;
  if (!event) throw new Error('A request has no event.');
  const { id, type, body, key } = event;
  return binaryEvent({
    id,
    type,
    data: Buffer.from(body),
    metadata: { key, v: '1' },
  });
}
