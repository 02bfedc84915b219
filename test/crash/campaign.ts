import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { migrateAudit } from '#audit';
import { APPLICATION_ROLE, type EventLog, createPostgresEventLog } from '#event-log';
import { migrateLog, openConfiguredLog } from '#kurrentdb-log';
import { openPool } from '#postgres';
import { Acknowledgements } from './load/acknowledgements.js';
import { SeenCheckpoints, oneRootASize, readSignedSize } from './proofs/audit-proofs.js';
import { type Done, nothingDone, wreak } from './servers/chaos.js';
import { gatherEvidence } from './proofs/evidence.js';
import { writeOverHttp } from './load/http-writers.js';
import type { Options } from './options.js';
import { Pace } from './load/pace.js';
import { planFaults } from './plan.js';
import { PostgresServer } from './servers/postgres-server.js';
import { type Fate, ProcessUnderTest } from './servers/process-under-test.js';
import { programsOf } from './servers/programs.js';
import {
  type Proof,
  acknowledgedEventsAreThere,
  entriesSayWhatColumnsSay,
  idempotencyKeysLeadThere,
  keysAndIdsAreUnique,
  nothingElseIsThere,
  positionsHaveNoGap,
  processesEndWhenAsked,
  readerSawEachOnce,
  recordedTimeNeverDecreases,
  streamsAreContiguous,
  writersWereAnswered,
} from './proofs/proofs.js';
import { type Proxy, startProxy } from './servers/proxy.js';
import { randomFrom } from './load/random.js';
import {
  boxesEqualFold,
  everyPartitionRuns,
  projectedPositions,
  readModelsEqualReplay,
} from './proofs/read-model-proofs.js';
import { type Reader, startReader } from './load/reader.js';
import { type StoreServer, harass, openStoreServer } from './servers/store-server.js';
import { tracksOf } from './load/tracks.js';
import { type Met, nothingMet, writeAll } from './load/writers.js';

/** What a campaign has come to so far. */
export interface CampaignState {
  readonly acknowledgements: Acknowledgements;
  readonly done: Done;
  readonly met: Met;
  readonly reader: Reader;
  readonly proxy: Proxy;
  readonly checkpoints: SeenCheckpoints;
  /** Events that the read models had not taken in yet when last looked. */
  lag: number;
  mostLag: number;
}

/** What a campaign came to. */
export interface CampaignOutcome {
  readonly standing: CampaignState;
  readonly writingMs: number;
  readonly catchingUpMs: number;
  readonly fates: readonly Fate[];
  readonly proofs: readonly Proof[];
}

const WRITER_LOGS = 3;
const CONNECTIONS_A_LOG = 6;
const LOOK_AGAIN_MS = 500;
const CATCH_UP_LIMIT_MS = 90_000;
const CATCH_UP_LIMIT_MS_AN_EVENT = 5;
const UP_LIMIT_MS = 30_000;
const POLICIES_FOLDED = 60;

/** Runs a campaign from an empty database to its proofs. `tell` is told of each stage and, twice a second, how it stands. */
export async function runCampaign(
  options: Options,
  tell: { readonly stage: (what: string) => void; readonly standing: (standing: CampaignState) => void },
): Promise<CampaignOutcome> {
  const server = await PostgresServer.create();
  const cleaning = [() => server.remove()];
  const onExit = (): void => server.killNow();
  process.on('exit', onExit);
  try {
    return await onServer(server, { options, tell, cleaning });
  } finally {
    for (const clean of cleaning.toReversed()) await clean();
    process.off('exit', onExit);
  }
}

interface Course {
  readonly options: Options;
  readonly tell: Parameters<typeof runCampaign>[1];
  readonly cleaning: (() => Promise<void>)[];
}

async function onServer(server: PostgresServer, course: Course): Promise<CampaignOutcome> {
  const { options, tell, cleaning } = course;
  await migrateLog(server.url);
  await migrateAudit(server.url);
  const direct = poolOn(server.url, cleaning);
  const proxy = await startProxy(server.socketPath, randomFrom(options.seed + 2));
  cleaning.push(() => proxy.close());
  const url = `postgresql://postgres@127.0.0.1:${proxy.port}/postgres`;
  const store = await openStoreServer(options);
  cleaning.push(async () => store.close());
  const reader = startReader(await logOn({ url, kurrentUrl: store.url }, cleaning));
  const keyFolder = await mkdtemp(join(tmpdir(), 'crash-key-'));
  cleaning.push(() => rm(keyFolder, { recursive: true, force: true }));
  cleaning.push(() => reader.stop());
  const place = { url, kurrentUrl: store.url, auditKey: join(keyFolder, 'audit.key') };
  const processes = programsOf(options, place).map((program) => new ProcessUnderTest(program));
  const onExit = (): void => processes.forEach((each) => each.killNow());
  process.on('exit', onExit);
  cleaning.push(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    process.off('exit', onExit);
  });
  const standing: CampaignState = {
    acknowledgements: new Acknowledgements(),
    done: nothingDone(),
    met: nothingMet(),
    reader,
    proxy,
    checkpoints: new SeenCheckpoints(),
    lag: 0,
    mostLag: 0,
  };
  const watch = setInterval(() => void lookAt(standing, direct).then(tell.standing), LOOK_AGAIN_MS);
  cleaning.push(async () => clearInterval(watch));
  await projecting(direct);
  tell.stage('writing, with faults');
  const writingMs = await timed(() => writeUnderFaults({ options, server, store, processes, url, standing, cleaning }));
  tell.stage('catching up');
  const catchingUpMs = await timed(() => caughtUp(direct, standing));
  clearInterval(watch);
  const level = await everyoneIsLevel(direct, reader);
  await Promise.all(processes.map((each) => each.isUp(UP_LIMIT_MS)));
  tell.stage('stopping the processes');
  await Promise.all(processes.map((each) => each.stop()));
  const fates = processes.map(({ fate }) => fate);
  tell.stage('proving');
  const proofs = [...(await prove(standing, direct, options.seed)), level, processesEndWhenAsked(fates)];
  return { standing, writingMs, catchingUpMs, fates, proofs };
}

/** What holds of the log and the read models now that nobody changes them. */
async function prove(
  { acknowledgements, met, reader, checkpoints }: CampaignState,
  pool: Pool,
  seed: number,
): Promise<readonly Proof[]> {
  const evidence = await gatherEvidence(pool);
  const log = createPostgresEventLog({ pool });
  const proofs = [
    writersWereAnswered(met),
    positionsHaveNoGap(evidence),
    recordedTimeNeverDecreases(evidence),
    acknowledgedEventsAreThere(evidence, acknowledgements),
    nothingElseIsThere(evidence, acknowledgements),
    streamsAreContiguous(evidence),
    keysAndIdsAreUnique(evidence),
    entriesSayWhatColumnsSay(evidence),
    idempotencyKeysLeadThere(evidence, acknowledgements),
    readerSawEachOnce(evidence, reader),
    await boxesEqualFold({ pool, log }, { seed, policies: POLICIES_FOLDED }),
    await everyPartitionRuns(pool),
    await readModelsEqualReplay({ pool, log }),
    await oneRootASize(pool, checkpoints, evidence.rows.length),
  ];
  await log.close();
  return proofs;
}

/** Asked before anything is stopped: what nobody started again has come to the head by itself. */
async function everyoneIsLevel(pool: Pool, reader: Reader): Promise<Proof> {
  const log = createPostgresEventLog({ pool });
  const { position: head } = await log.head();
  await log.close();
  const positions = [...(await projectedPositions(pool))];
  return {
    claim: `the read models and the reader reach the head, ${head}, by themselves`,
    against: [
      ...positions.flatMap(([name, position]) => (position === head ? [] : [`${name} is at ${position}`])),
      ...(reader.position() === head ? [] : [`the reader is at ${reader.position()}`]),
      ...(positions.length > 0 ? [] : ['there are no read models']),
    ],
  };
}

interface Front {
  readonly options: Options;
  readonly server: PostgresServer;
  readonly store: StoreServer;
  readonly processes: readonly ProcessUnderTest[];
  readonly url: string;
  readonly standing: CampaignState;
  readonly cleaning: (() => Promise<void>)[];
}

async function writeUnderFaults({ options, server, store, processes, url, standing, cleaning }: Front): Promise<void> {
  const { acknowledgements, met, done, proxy } = standing;
  const pace = new Pace(options.rate);
  const addresses = { url, kurrentUrl: store.url };
  const logs = await Promise.all(Array.from({ length: WRITER_LOGS }, () => logOn(addresses, cleaning)));
  const apis = processes.filter(({ name }) => name.startsWith('api'));
  const timeUp = setTimeout(() => pace.stop(), options.minutes * 60_000);
  await Promise.all([
    writeOverHttp({ apis, seed: options.seed, acknowledgements, pace, met }),
    writeAll({ logs, tracks: tracksOf(options), acknowledgements, pace, met }),
    ...(store.double ? [harass(store.double, pace, randomFrom(options.seed + 3))] : []),
    wreak(planFaults(options), { server, proxy, processes, pace }, done),
  ]).finally(() => {
    clearTimeout(timeUp);
    pace.stop();
  });
}

/** Resolves when the first process has made the read models' tables. */
async function projecting(pool: Pool): Promise<void> {
  const deadline = Date.now() + CATCH_UP_LIMIT_MS;
  for (;;) {
    const positions = await projectedPositions(pool).catch(() => new Map<string, number>());
    if (positions.size > 0) return;
    if (Date.now() > deadline) throw new Error('No process has begun to bring the read models on.');
    await delay(LOOK_AGAIN_MS);
  }
}

/** Resolves when everyone has come to the head, or has had more than enough time for it. */
async function caughtUp(pool: Pool, standing: CampaignState): Promise<void> {
  const { acknowledgements, reader } = standing;
  const deadline = Date.now() + CATCH_UP_LIMIT_MS + CATCH_UP_LIMIT_MS_AN_EVENT * acknowledgements.count;
  for (;;) {
    await lookAt(standing, pool);
    const isSigned = (await readSignedSize(pool).catch(() => -1)) === acknowledgements.count;
    if (standing.lag === 0 && reader.position() === acknowledgements.count && isSigned) return;
    if (Date.now() > deadline) return;
    await delay(LOOK_AGAIN_MS / 5);
  }
}

async function lookAt(standing: CampaignState, pool: Pool): Promise<CampaignState> {
  await standing.checkpoints.look(pool).catch(() => undefined);
  const positions = await projectedPositions(pool).catch(() => undefined);
  if (!positions) return standing;
  standing.lag = Math.max(0, standing.acknowledgements.count - Math.min(...positions.values()));
  standing.mostLag = Math.max(standing.mostLag, standing.lag);
  return standing;
}

function poolOn(url: string, cleaning: (() => Promise<void>)[]): Pool {
  const pool = openPool({
    url,
    name: 'crash',
    role: APPLICATION_ROLE,
    connectionLimit: CONNECTIONS_A_LOG,
    onIdleError: () => undefined,
  });
  cleaning.push(() => pool.end());
  return pool;
}

async function logOn(
  { url, kurrentUrl }: { readonly url: string; readonly kurrentUrl: string | undefined },
  cleaning: (() => Promise<void>)[],
): Promise<EventLog> {
  const log = await openConfiguredLog({
    pool: poolOn(url, cleaning),
    kurrentUrl,
    onLost: () => undefined,
    onUnreachable: () => undefined,
  });
  cleaning.push(() => log.close());
  return log;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return Math.round(performance.now() - begun);
}
