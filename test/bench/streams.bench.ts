import { APPLICATION_ROLE, createPostgresEventLog } from '#event-log';
import { openPool } from '#postgres';
import { waitUntil } from './harness/wait.js';
import { runBenched } from './harness/application.js';
import { BareStream } from './harness/bare-stream.js';
import { policySlug } from './harness/corpus.js';
import { makeDatabase } from './harness/databases.js';
import { percentileOf } from './harness/measure.js';
import { type Committed, appendFast, appendPaced, corpusRequests } from './harness/paced-writer.js';

const POLICIES = 500;
const STREAMS = 2_000;
const ON_EVERYTHING = 50;
const BEFORE = 20_000;
const PER_SECOND = 200;
const SECONDS = 30;
const OPENED_TOGETHER = 100;

/** What many streams cost, and whether each had all that it should. */
export interface StreamsReport {
  readonly streams: number;
  readonly onEverything: number;
  readonly eventsASecond: number;
  readonly messages: number;
  /** Streams that did not get exactly their events, in order, each once. */
  readonly incomplete: number;
  readonly openedMs: number;
  readonly memoryMbBefore: number | undefined;
  readonly memoryMbOpen: number | undefined;
  readonly memoryMbAfter: number | undefined;
  readonly memoryKbAStream: number | undefined;
  /** From commit to a stream of everything, the median and the 99th of a hundred. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Whether the stream whose client read nothing had everything in the end. */
  readonly lateReaderIsComplete: boolean;
}

/** Opens 2,000 streams of single policies, 50 of everything and one that is never read, and appends 200 events a second. */
export async function manyStreams(server: string): Promise<StreamsReport> {
  const url = await makeDatabase(server, 'streams');
  const pool = openPool({ url, name: 'bench', role: APPLICATION_ROLE, onIdleError: () => undefined });
  const application = await runBenched(url);
  const log = createPostgresEventLog({ pool });
  const requests = corpusRequests({ events: BEFORE + PER_SECOND * SECONDS, policies: POLICIES, seed: 7 });
  await appendFast(log, requests, POLICIES + BEFORE);
  await application.isLevel(POLICIES + BEFORE);
  const memoryMbBefore = application.memoryMb();
  const begun = performance.now();
  const ofPolicies = await opened(
    Array.from(
      { length: STREAMS },
      (_, index) => `${application.url}/v1/policies/${policySlug(index % POLICIES)}/stream`,
    ),
  );
  const ofEverything = await opened(
    Array.from({ length: ON_EVERYTHING }, () => `${application.url}/v1/stream`),
    true,
  );
  const openedMs = performance.now() - begun;
  const memoryMbOpen = application.memoryMb();
  const neverRead = new BareStream(`${application.url}/v1/stream?after=0`, { reads: false });
  const committed = await appendPaced(log, requests, { perSecond: PER_SECOND, seconds: SECONDS });
  const last = POLICIES + BEFORE + committed.length;
  await waitUntil('every stream of everything has the last event', () =>
    ofEverything.every(({ positions }) => positions.at(-1) === last),
  );
  await application.isLevel(last);
  const memoryMbAfter = application.memoryMb();
  neverRead.read();
  await waitUntil('what was not read for long is read in the end', () => neverRead.positions.at(-1) === last);
  const waits = waitsOf(committed, ofEverything);
  const all = [...ofPolicies, ...ofEverything];
  const report: StreamsReport = {
    streams: STREAMS,
    onEverything: ON_EVERYTHING,
    eventsASecond: PER_SECOND,
    messages: all.reduce((sum, { positions }) => sum + positions.length, 0),
    incomplete: incompleteOf(committed, { ofPolicies, ofEverything }),
    openedMs: Math.round(openedMs),
    memoryMbBefore,
    memoryMbOpen,
    memoryMbAfter,
    memoryKbAStream:
      memoryMbBefore === undefined || memoryMbOpen === undefined
        ? undefined
        : Math.round(((memoryMbOpen - memoryMbBefore) * 1024) / all.length),
    p50Ms: percentileOf(waits, 50),
    p99Ms: percentileOf(waits, 99),
    lateReaderIsComplete: isOneByOne(neverRead.positions, 1, last),
  };
  for (const stream of [...all, neverRead]) stream.close();
  await log.close();
  await application.stop();
  await pool.end();
  return report;
}

async function opened(urls: readonly string[], timed = false): Promise<readonly BareStream[]> {
  const streams: BareStream[] = [];
  for (let start = 0; start < urls.length; start += OPENED_TOGETHER) {
    const some = urls.slice(start, start + OPENED_TOGETHER).map((url) => new BareStream(url, { timed }));
    streams.push(...some);
    await waitUntil('streams are open', () => some.every(({ isCaughtUp }) => isCaughtUp));
  }
  return streams;
}

function waitsOf(committed: readonly Committed[], streams: readonly BareStream[]): readonly number[] {
  const waits = streams.flatMap(({ times }) =>
    committed.map(({ position, committedAt }) => (times.get(position) ?? Infinity) - committedAt),
  );
  return waits.sort((one, other) => one - other);
}

function incompleteOf(
  committed: readonly Committed[],
  { ofPolicies, ofEverything }: { ofPolicies: readonly BareStream[]; ofEverything: readonly BareStream[] },
): number {
  const byStream = new Map<string, number[]>();
  const inOrder = [...committed].sort((one, other) => one.position - other.position);
  for (const { stream, position } of inOrder) byStream.set(stream, [...(byStream.get(stream) ?? []), position]);
  const wrong = ofPolicies.filter(
    ({ positions }, index) =>
      String(positions) !== String(byStream.get(`policy-${policySlug(index % POLICIES)}`) ?? []),
  );
  const all = String(inOrder.map(({ position }) => position));
  return wrong.length + ofEverything.filter(({ positions }) => String(positions) !== all).length;
}

const isOneByOne = (positions: readonly number[], first: number, last: number): boolean =>
  positions.length === last - first + 1 && positions.every((position, index) => position === first + index);
