import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { isIPv6 } from 'node:net';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type pg from 'pg';
import { type Audit, openAudit } from '#audit';
import { type Position, instant, position } from '#domain';
import type { EventLog } from '#event-log';
import { readStoreStatus } from '#kurrentdb-log';
import { sleep } from '#postgres';
import {
  Administration,
  ProjectionsModule,
  ReadModels,
  ReadSide,
  Replays,
  Runner,
  type SetAsideEvent,
  namesInUse,
} from '#projections';
import { type ClockWatch, ImportService, Recorder, RecordingModule, parked } from '#recording';
import {
  Closing,
  type Configuration,
  type Logger,
  type ServiceNeeds,
  checkAddress,
  explainListening,
  systemClock,
} from '#runtime';
import { ApiModule, controllers } from './api.module.js';
import { tellCatchingUp } from './start/catching-up.js';
import { openDatabase } from './start/database.js';
import { serveDocumentation } from './start/documentation.js';
import { refuseUnderWrongClock } from './http/limits/clock-guard.js';
import { Freshness } from './http/freshness.js';
import { createServer } from './http/server.js';
import { StartGate } from './http/limits/start-gate.js';
import { LiveStreams } from './live/live-streams.js';
import { liveProviders } from './live/live.providers.js';
import { openLog } from './start/open-log.js';
import { Metrics } from './health/metrics.js';
import { createNamingLock } from './start/naming-lock.js';
import { type OpenApiDocument, openApiDocument } from './openapi/document.js';
import { loadSeeds } from './start/seeds.js';
import { RequestsUnderWay } from './start/shutdown.js';
import { keepTimeZone } from './start/time-zone.js';
import { AUDIT, CALENDAR, DOCUMENT, IMPORT, type ImportEvents, RUNNER, STORAGE, type Storage } from './tokens.js';
import { clockWatch, keepLooking } from './start/watch-clock.js';

/** How long the ready line waits for read models that catch up, at most: usually they are level by then. */
const READY_WAIT_MS = 5_000;

/** The application, listening. */
export interface RunningApplication {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Lets requests under way end, stops the projections, closes connections and, last, the database. */
  stop(): Promise<void>;
}

/**
 * Starts everything in one process: database, log, HTTP server, projections, seeds.
 *
 * It listens before anything can be long; requests for data wait until the tables are there, then are answered as far as
 * the read models have come. Resolves when the seeds are in the log, so whoever waits for that can rely on them, and the
 * read models have caught up or had 5 s to. What was opened is closed again when the start fails. Throws
 * {@link CannotStart} for what its user can put right.
 */
export async function startApplication(configuration: Configuration, needs: ServiceNeeds): Promise<RunningApplication> {
  const closing = new Closing();
  try {
    const url = await start(configuration, needs, closing);
    return { url, stop: () => closing.close() };
  } catch (error) {
    // The failure of the start is the one to report.
    await closing.close().catch((second: unknown) => needs.logger.error({ err: second }, 'closing failed as well'));
    throw error;
  }
}

async function start(configuration: Configuration, needs: ServiceNeeds, closing: Closing): Promise<string> {
  const { logger, stopping } = needs;
  await checkAddress(configuration);
  const pool = await openDatabase(configuration, needs, closing);
  stopping.throwIfAborted();
  await keepTimeZone(pool, configuration.timeZone);
  const log = await openLog({ ...needs, configuration, pool, closing });
  const requests = new RequestsUnderWay();
  const gate = new StartGate();
  gate.close();
  const application = await createApplication({ configuration, logger, pool, log, requests, gate });
  const server = application.getHttpAdapter().getInstance();
  closing.add(() => application.close());
  closing.add(() => requests.finish(server, () => application.get(LiveStreams).close()));
  const url = await listen(application, configuration);
  logger.info({ url }, 'listening; opening the read models next');
  await startReading({ application, log, closing, gate, ...needs });
  await plantSeeds(configuration, needs, application.get<ImportEvents>(IMPORT));
  await waitUntilCaughtUp(application.get<Runner | null>(RUNNER), stopping);
  return url;
}

/** What the read side is started with. */
interface ReadSideStart extends ServiceNeeds {
  readonly application: NestFastifyApplication;
  readonly log: EventLog;
  readonly closing: Closing;
  readonly gate: StartGate;
}

/** Opens read models and audit; from then on reads are answered. */
async function startReading({ application, log, closing, gate, logger, stopping }: ReadSideStart): Promise<void> {
  stopping.throwIfAborted();
  const [readModels, runner] = [application.get(ReadModels), application.get<Runner | null>(RUNNER)];
  closing.add(await keepLooking(application.get<Storage>(STORAGE).clock));
  closing.add(() => readModels.stop());
  closing.add(async () => runner?.stop());
  await readModels.open();
  runner?.start();
  const audit = application.get<Audit>(AUDIT);
  audit.start();
  closing.add(() => audit.stop());
  // What was recorded before this start is waited for like what is recorded after it.
  application.get(Freshness).noteAcknowledged(position((await log.head()).position));
  gate.open();
  if (!runner) return;
  const administration = application.get(Administration);
  tellCatchingUp({ runner, administration, logger, stopping }).catch((error: unknown) => logger.warn({ err: error }));
}

async function waitUntilCaughtUp(runner: Runner | null, stopping: AbortSignal): Promise<void> {
  const late = new AbortController();
  const waiting = sleep(READY_WAIT_MS, AbortSignal.any([stopping, late.signal]));
  await Promise.race([waiting, runner?.caughtUp()]);
  late.abort();
  stopping.throwIfAborted();
}

interface Parts {
  /** Modules to serve beside the interface's own. */
  readonly alongside?: readonly DynamicModule[];
  readonly configuration: Configuration;
  readonly logger: Logger;
  readonly pool: pg.Pool;
  readonly log: EventLog;
  readonly requests: RequestsUnderWay;
  /** What keeps requests for data waiting while the application starts; without it none wait. */
  readonly gate?: StartGate;
}

const SALT_BYTES = 16;

const IMPORT_EVENTS = {
  provide: IMPORT,
  useFactory:
    (service: ImportService): ImportEvents =>
    (lines, options) =>
      service.import(lines, options),
  inject: [ImportService],
};

/** Puts write side, read side and HTTP together. */
export async function createApplication({
  configuration,
  logger,
  pool,
  log,
  requests,
  gate = new StartGate(),
  alongside = [],
}: Parts): Promise<NestFastifyApplication> {
  const now = () => instant(systemClock());
  const clock = clockWatch({ log, now, configuration, logger, pool });
  const calendar = { now, zone: configuration.timeZone };
  const readModels = new ReadModels({
    pool,
    log,
    now,
    onStopped: (error: unknown): void => logger.error({ err: error }, 'the read models have stopped'),
    runsProjections: configuration.projections,
    onTrouble: (error: unknown) => logger.warn({ err: error }, 'the read models are waiting to retry after a fault'),
    onSetAside: async (event: SetAsideEvent): Promise<void> => {
      logger.error({ ...event }, 'a read model parked an event that it cannot process');
      await recorder.recordOperation(parked(event));
    },
  });
  const foldingThreads = availableParallelism();
  const runner = configuration.projections ? new Runner(readModels, { foldingThreads }) : null;
  const readSide = new ReadSide(readModels, new Replays(configuration.replayLimitMs));
  const administration = new Administration(readModels);
  const freshness = new Freshness(readSide);
  const recordingNeeds = recordingNeedsOf({ configuration, pool, log }, freshness);
  const recorder = new Recorder(recordingNeeds);
  const { auditKey: key, projections: follows, selfCheckPauseMs } = configuration;
  const audit = await openAudit({ pool, log, logger, key, follows, selfCheckPauseMs, replays: readSide.replays });
  const metrics = new Metrics();
  const storeStatus = async () => (configuration.kurrentUrl === undefined ? undefined : readStoreStatus(pool));
  readFigures(metrics, { configuration, pool, log, administration, audit, clock });
  const document = makeOnce(() => openApiDocument(controllers));
  return createServer({
    module: ApiModule.forRoot({
      imports: [ProjectionsModule.forRoot(readSide), RecordingModule.forRoot(recordingNeeds), ...alongside],
      providers: [
        { provide: STORAGE, useValue: { pool, storeStatus, clock } },
        { provide: ReadModels, useValue: readModels },
        { provide: RUNNER, useValue: runner },
        { provide: Administration, useValue: administration },
        { provide: AUDIT, useValue: audit },
        { provide: CALENDAR, useValue: calendar },
        { provide: DOCUMENT, useValue: document },
        { provide: Freshness, useValue: freshness },
        { provide: Metrics, useValue: metrics },
        IMPORT_EVENTS,
        ...liveProviders({ configuration, logger, log, calendar }),
      ],
    }),
    configuration,
    logger,
    watch: (server) => {
      requests.watch(server);
      gate.guard(server);
      refuseUnderWrongClock(server, clock);
      metrics.watch(server);
    },
    extend: (application) => serveDocumentation(application, document),
  });
}

/** What the write side stands on. */
const recordingNeedsOf = (
  { configuration, pool, log }: Pick<Parts, 'configuration' | 'pool' | 'log'>,
  freshness: Freshness,
) => ({
  log,
  exclusively: createNamingLock(pool),
  zone: configuration.timeZone,
  now: () => instant(systemClock()),
  recordedNames: () => namesInUse(pool),
  newSalt: () => randomBytes(SALT_BYTES).toString('base64'),
  onAcknowledged: (latest: Position, policyNames: readonly string[]) => freshness.noteAcknowledged(latest, policyNames),
});

/** Lets metrics read what is known elsewhere. */
function readFigures(
  metrics: Metrics,
  {
    configuration,
    pool,
    log,
    administration,
    audit,
    clock,
  }: Pick<Parts, 'configuration' | 'pool' | 'log'> & {
    readonly administration: Administration;
    readonly audit: Audit;
    readonly clock: Pick<ClockWatch, 'figures'>;
  },
): void {
  metrics.readClock(() => clock.figures);
  metrics.readFrom({
    headPosition: async () => (await log.head()).position,
    projections: () => administration.status(),
    audit: () => audit.status(),
    ...(configuration.kurrentUrl === undefined ? {} : { store: () => readStoreStatus(pool) }),
    selfCheck: () => audit.selfCheck(),
  });
}

function makeOnce(make: () => OpenApiDocument): () => OpenApiDocument {
  let made: OpenApiDocument | undefined;
  return () => (made ??= make());
}

/** Loads the seeds, if there are to be any, and says what came of it. */
async function plantSeeds(
  { seedsFolder }: Configuration,
  { logger, stopping }: ServiceNeeds,
  importEvents: ImportEvents,
): Promise<void> {
  if (seedsFolder === undefined) return;
  const importLines = (lines: AsyncIterable<Uint8Array>) => importEvents(lines, { dryRun: false, atomic: false });
  const { files, recorded, repeated, complaints } = await loadSeeds(seedsFolder, importLines, stopping);
  for (const complaint of complaints) logger.warn(`seed refused: ${complaint}`);
  logger.info({ files, recorded, repeated, refused: complaints.length }, 'seeds loaded');
}

/** Begins to listen; answers the address. */
async function listen(application: NestFastifyApplication, { host, port }: Configuration): Promise<string> {
  await explainListening({ host, port }, () => application.listen(port, host));
  const address = application.getHttpServer().address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${bound}`;
}
