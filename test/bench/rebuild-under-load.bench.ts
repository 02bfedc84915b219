import { setTimeout as delay } from 'node:timers/promises';
import { APPLICATION_ROLE, type AppendRequest, type EventLog, createPostgresEventLog } from '#event-log';
import { openPool } from '#postgres';
import { type BenchedProcess, runBenched, runProjector } from './harness/application.js';
import { policySlug } from './harness/corpus.js';
import { type Spread, spreadOf } from './harness/measure.js';
import { appendFast, corpusRequests } from './harness/paced-writer.js';
import type { Settings } from './harness/settings.js';

const SIZE = 1_000_000;
const POLICIES = 20_000;
/** News is of so many policies; readers ask for all. */
const DISCUSSED = 500;
const READS_A_SECOND = 200;
const APPENDS_A_SECOND = 100;
const MOST_APPENDS = 1_000_000;
const ANSWER_LIMIT_MS = 30_000;
const LOOK_MS = 500;
const HOUR_MS = 3_600_000;

/** What a rebuild of every read model went through while others read and wrote. */
export interface RebuildUnderLoad {
  readonly events: number;
  readonly policies: number;
  readonly firstBuildMs: number;
  readonly rebuildMs: number;
  readonly appended: number;
  readonly reads: number;
  /** Answers other than success, and requests without an answer. */
  readonly failed: readonly string[];
  /** Answers from an earlier position than one that was complete before they were asked for. */
  readonly older: number;
  readonly readMs: Spread;
  /** Read models whose tables came to other digests than those in use. */
  readonly unequal: readonly string[];
  readonly memoryMb: number | undefined;
}

/** Builds every read model anew in a projector while 200 reads and 100 appends a second arrive. */
export async function rebuildUnderLoad(
  url: string,
  { sizes: [events = SIZE] = [], policies = POLICIES }: Settings,
): Promise<RebuildUnderLoad> {
  const pool = openPool({ url, name: 'bench', role: APPLICATION_ROLE, onIdleError: () => undefined });
  const log = createPostgresEventLog({ pool });
  const discussed = { after: events, policies: Math.min(DISCUSSED, policies) };
  const requests = corpusRequests({ events: events + MOST_APPENDS, policies, seed: 7, discussed });
  await appendFast(log, requests, events + policies);
  const stop = new AbortController();
  const running: BenchedProcess[] = [];
  try {
    const begun = performance.now();
    const projector = await runProjector(url);
    running.push(projector);
    const application = await runBenched(url, { PROJECTIONS: 'off' });
    running.push(application);
    await application.isLevel(events + policies, HOUR_MS);
    const firstBuildMs = performance.now() - begun;
    const reading = readAtPace(application.url, policies, stop.signal);
    const appending = appendAtPace(log, requests, stop.signal);
    const { rebuildMs, unequal } = await rebuiltAll(application.url);
    const memoryMb = projector.memoryMb();
    stop.abort();
    const [appended, reads] = await Promise.all([appending, reading]);
    return { events, policies, firstBuildMs, rebuildMs, unequal, appended, ...reads, memoryMb };
  } finally {
    stop.abort();
    await Promise.all(running.map((one) => one.stop()));
    await log.close();
    await pool.end();
  }
}

interface ProjectionsAnswer {
  readonly items: readonly {
    readonly name: string;
    readonly rebuild: {
      readonly state: string;
      readonly isEqual: boolean | null;
    } | null;
  }[];
}

/** Asks for a rebuild of each read model, and waits until all are done. */
async function rebuiltAll(address: string): Promise<{ rebuildMs: number; unequal: readonly string[] }> {
  const begun = performance.now();
  const names = (await projectionsOf(address)).items.map(({ name }) => name).filter((name) => name !== 'policy-heads');
  await Promise.all(names.map((name) => fetch(`${address}/v1/projections/${name}/rebuild`, { method: 'POST' })));
  for (let look = 0; look < HOUR_MS / LOOK_MS; look += 1) {
    await delay(LOOK_MS);
    const { items } = await projectionsOf(address);
    const failed = items.find(({ rebuild }) => rebuild?.state === 'failed');
    if (failed) throw new Error(`The rebuild of ${failed.name} failed: ${JSON.stringify(failed)}`);
    const done = items.filter(({ name, rebuild }) => names.includes(name) && rebuild?.state === 'done');
    if (done.length < names.length) continue;
    const unequal = done.filter(({ rebuild }) => rebuild?.isEqual !== true);
    return { rebuildMs: performance.now() - begun, unequal: unequal.map(({ name }) => name) };
  }
  throw new Error('The rebuild did not end.');
}

const projectionsOf = async (address: string): Promise<ProjectionsAnswer> =>
  (await (await fetch(`${address}/v1/projections`)).json()) as ProjectionsAnswer;

async function appendAtPace(log: EventLog, requests: Iterator<AppendRequest>, signal: AbortSignal): Promise<number> {
  const begun = performance.now();
  let appended = 0;
  while (!signal.aborted) {
    const due = Math.floor(((performance.now() - begun) / 1000) * APPENDS_A_SECOND) - appended;
    if (due > 0) await appendFast(log, requests, due);
    appended += Math.max(0, due);
    await delay(1000 / APPENDS_A_SECOND);
  }
  return appended;
}

type Reads = Pick<RebuildUnderLoad, 'reads' | 'failed' | 'older' | 'readMs'>;

/** Asks so many times a second, however long answers take. */
async function readAtPace(address: string, policies: number, signal: AbortSignal): Promise<Reads> {
  const waits: number[] = [];
  const failed: string[] = [];
  let [reads, older, newest] = [0, 0, 0];
  const read = async (path: string): Promise<void> => {
    const [asked, least] = [performance.now(), newest];
    const answer = await positionIn(`${address}${path}`);
    waits.push(performance.now() - asked);
    if (typeof answer === 'string') failed.push(`${path}: ${answer}`);
    else if (answer < least) older += 1;
    else newest = Math.max(newest, answer);
  };
  const begun = performance.now();
  const under = new Set<Promise<void>>();
  while (!signal.aborted) {
    const due = ((performance.now() - begun) / 1000) * READS_A_SECOND;
    for (; reads < due; reads += 1) {
      const one = read(pathOf(reads, policies)).finally(() => under.delete(one));
      under.add(one);
    }
    await delay(1000 / READS_A_SECOND);
  }
  await Promise.all(under);
  return { reads, failed, older, readMs: spreadOf(waits) };
}

/** The position that an answer rests on; else what was wrong with it. */
async function positionIn(address: string): Promise<number | string> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    if (!answer.ok) return `${answer.status} ${await answer.text()}`;
    const { coordinate } = (await answer.json()) as { coordinate: { recordedAt: { position: number } } };
    return coordinate.recordedAt.position;
  } catch (error) {
    return String(error);
  }
}

/** What analysts ask, in turn: a state now, one at a past date, a timeline, and its sources. */
function pathOf(index: number, policies: number): string {
  const slug = policySlug((index * 7919) % policies);
  const paths = [
    `/v1/policies/${slug}`,
    `/v1/policies/${slug}?knownAt=2019-06-30`,
    `/v1/policies/${slug}/timeline?limit=20`,
    `/v1/sources?policy=${slug}`,
  ];
  return paths[index % paths.length] ?? '';
}
