import { isIPv6 } from 'node:net';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { AccessKeys, Keyring, Principals, ProviderStatus, Sessions } from '#access';
import type { Audit } from '#audit';
import { Citations } from '#citations';
import {
  type Opening,
  createAudit,
  createReadModels,
  createRunner,
  openAdminServer,
  openDatabase,
  openLogWithSequencer,
  openRecording,
  openTogether,
  startAudit,
  startReadModels,
} from '#composition';
import { instant, position } from '#domain';
import type { EventLog } from '#event-log';
import { readStoreStatus } from '#kurrentdb-log';
import { sleep } from '#postgres';
import { Administration, ProjectionsModule, ReadModels, ReadSide, Replays, type Runner } from '#projections';
import { type ClockWatch, RecordingModule } from '#recording';
import {
  type Configuration,
  type Logger,
  type ServiceNeeds,
  checkAddress,
  checkFolders,
  explainListening,
  systemClock,
} from '#runtime';
import { ApiModule, controllers } from './api.module.js';
import { serveReferences } from './citations/reference-suffixes.js';
import { CITATION_VIEWS, citationViews } from './citations/citation-views.js';
import { openProvider } from './start/identity-provider.js';
import { tellCatchingUp } from './start/catching-up.js';
import { serveDashboard } from './start/dashboard.js';
import { serveDocumentation } from './start/documentation.js';
import { refuseUnderWrongClock } from './http/limits/clock-guard.js';
import { principalIdOf } from './http/access/access.js';
import { accessNotes } from './http/access/access-notes.js';
import { Freshness } from './http/freshness.js';
import { createSpool, exportProviders } from './exports/export.providers.js';
import type { ExportSpool } from './exports/spool.js';
import { absoluteUrl, writeAbsoluteAddresses } from './http/response/absolute-url.js';
import { createServer } from './http/server.js';
import { ClientLimits } from './http/limits/client-limits.js';
import { StartGate } from './http/limits/start-gate.js';
import { LiveStreams } from './live/live-streams.js';
import { liveProviders } from './live/live.providers.js';
import { logAccess } from './health/access-log.js';
import { adminAnswers } from './health/admin-answers.js';
import { traceOf, traceRequests } from './health/trace-requests.js';
import { Metrics } from './health/metrics.js';
import { type OpenApiDocument, openApiDocument } from './openapi/document.js';
import { loadSeeds } from './start/seeds.js';
import { RequestsUnderWay } from './start/shutdown.js';
import { readPackageVersion } from './start/package-version.js';
import { keepTimeZone } from './start/time-zone.js';
import {
  ABSOLUTE_URL,
  AUDIT,
  CALENDAR,
  DOCUMENT,
  IMPORT,
  type ImportEvents,
  RUNNER,
  SPOOL,
  IDENTITY,
  type Identity,
  STORAGE,
  type Storage,
} from './tokens.js';
import { clockWatch, keepLooking } from './start/watch-clock.js';

/** How long the ready line waits for read models that catch up, at most: usually they are level by then. */
const READY_WAIT_MS = 5_000;

/** The application, listening. */
export interface RunningApplication {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** What its operator should know beside that, each a line. */
  readonly notes: readonly string[];
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
  const { parts, close: stop } = await openTogether(configuration, needs, start);
  return { ...parts, stop };
}

async function start(opening: Opening): Promise<Omit<RunningApplication, 'stop'>> {
  const { configuration, logger, stopping, closing } = opening;
  await checkAddress(configuration);
  await checkFolders(configuration);
  const admin = await openAdminServer(opening);
  const pool = await openDatabase(opening, 'policy-timeline');
  stopping.throwIfAborted();
  await keepTimeZone(pool, configuration.timeZone);
  const log = await openLogWithSequencer(opening, pool);
  const requests = new RequestsUnderWay();
  const gate = new StartGate();
  gate.close();
  const application = await createApplication({ configuration, logger, pool, log, requests, gate });
  admin.serveAnswers(adminAnswers(application));
  const server = application.getHttpAdapter().getInstance();
  closing.add(() => application.get<ExportSpool>(SPOOL).close());
  closing.add(() => application.close());
  closing.add(() => requests.finish(server, () => application.get(LiveStreams).close()));
  const url = await listen(application, configuration);
  logger.info({ url }, 'listening; opening the read models next');
  await startReading({ application, log, gate, ...opening });
  await plantSeeds(opening, application.get<ImportEvents>(IMPORT));
  await waitUntilCaughtUp(application.get<Runner | null>(RUNNER), stopping);
  return { url, notes: [...accessNotes(configuration, application.get(Principals)), ...admin.lines] };
}

/** What the read side is started with. */
interface ReadSideStart extends Opening {
  readonly application: NestFastifyApplication;
  readonly log: EventLog;
  readonly gate: StartGate;
}

/** Opens read models and audit; from then on reads are answered. */
async function startReading({ application, log, gate, ...opening }: ReadSideStart): Promise<void> {
  const { closing, logger, stopping } = opening;
  stopping.throwIfAborted();
  const [readModels, runner] = [application.get(ReadModels), application.get<Runner | null>(RUNNER)];
  closing.add(await keepLooking(application.get<Storage>(STORAGE).clock));
  await startReadModels(opening, readModels, runner);
  startAudit(opening, application.get<Audit>(AUDIT));
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
  const [opened, spool] = [{ pool, log }, createSpool(configuration)];
  const recording = openRecording({ configuration }, opened, (latest, policyNames) =>
    freshness.noteAcknowledged(latest, policyNames),
  );
  const { projections: runsProjections } = configuration;
  const readModels = createReadModels({ logger }, { ...opened, recording, runsProjections });
  const runner = runsProjections ? createRunner(readModels) : null;
  const readSide = new ReadSide(readModels, new Replays(configuration.replayLimitMs));
  const administration = new Administration(readModels);
  const freshness = new Freshness(readSide);
  const { replays } = readSide;
  const audit = await createAudit({ configuration, logger }, { ...opened, follows: runsProjections, replays });
  const importEvents: ImportEvents = (lines, options) => recording.imports.import(lines, options);
  const metrics = new Metrics();
  const storeStatus = async () => (configuration.kurrentUrl === undefined ? undefined : readStoreStatus(pool));
  readFigures(metrics, { configuration, pool, log, administration, audit, clock });
  const absolute = absoluteUrl(configuration.publicUrl);
  const access = await openAccess(configuration, pool, logger);
  const viewFor = citationViews(absolute, configuration);
  const [citations, identity] = [new Citations(pool), identify(configuration, log)];
  const document = makeOnce(() => openApiDocument(controllers));
  return createServer({
    clientLimits: limitClients(configuration, metrics),
    module: ApiModule.forRoot({
      imports: [ProjectionsModule.forRoot(readSide), RecordingModule.forRoot(recording), ...alongside],
      providers: [
        { provide: STORAGE, useValue: { pool, storeStatus, clock, spoolRoom: () => spool.room() } },
        { provide: ReadModels, useValue: readModels },
        { provide: RUNNER, useValue: runner },
        { provide: Administration, useValue: administration },
        { provide: AUDIT, useValue: audit },
        { provide: CALENDAR, useValue: calendar },
        { provide: IDENTITY, useValue: identity },
        { provide: ABSOLUTE_URL, useValue: absolute },
        { provide: Citations, useValue: citations },
        ...access.providers,
        { provide: CITATION_VIEWS, useValue: viewFor },
        { provide: DOCUMENT, useValue: document },
        { provide: Freshness, useValue: freshness },
        { provide: Metrics, useValue: metrics },
        ...exportProviders({ spool, freshness, audit, calendar, identity, absoluteUrl: absolute }),
        { provide: IMPORT, useValue: importEvents },
        ...liveProviders({ configuration, logger, log, calendar }),
      ],
    }),
    configuration,
    logger,
    identification: { principals: access.principals, sessions: access.page?.sessions },
    watch: (server) => watchRequests(server, { requests, gate, clock, metrics, logger, configuration }),
    extend: async (application) => {
      const server = application.getHttpAdapter().getInstance();
      writeAbsoluteAddresses(server, absolute);
      serveDocumentation(application, document);
      serveReferences(server, { citations, viewFor });
      await serveDashboard(server, { absoluteUrl: absolute, logger, ...access.page });
    },
  });
}

function limitClients({ limits }: Configuration, metrics: Metrics): ClientLimits {
  const clientLimits = new ClientLimits({ limits, now: () => performance.now() });
  metrics.readCostlyReads(() => clientLimits.turns.counts);
  return clientLimits;
}

interface Watchers extends Pick<Parts, 'configuration' | 'logger'> {
  readonly requests: RequestsUnderWay;
  readonly gate: StartGate;
  readonly clock: ClockWatch;
  readonly metrics: Metrics;
}

/** Lets all parts see requests that must do so before anything else. */
function watchRequests(
  server: FastifyInstance,
  { requests, gate, clock, metrics, configuration, logger }: Watchers,
): void {
  traceRequests(server);
  requests.watch(server);
  gate.guard(server);
  refuseUnderWrongClock(server, clock);
  metrics.watch(server);
  if (configuration.accessLog) logAccess(server, { logger, principalOf: principalIdOf, traceOf });
}

/** The keys in the database, all keys as this process holds them, and who is known by them or by tokens. */
async function openAccess(configuration: Configuration, pool: pg.Pool, logger: Logger) {
  const keys = new AccessKeys(pool);
  const keyring = new Keyring({
    configured: configuration.apiKeys,
    read: (known) => keys.changedSince(known),
    now: systemClock,
    elapsed: () => performance.now(),
  });
  await keyring.refresh();
  const provider = await openProvider(configuration, { pool, logger });
  const principals = new Principals(keyring, provider?.tokens);
  return {
    principals,
    page: provider?.page,
    providers: [
      { provide: ProviderStatus, useValue: new ProviderStatus(provider?.keys, provider?.page !== undefined) },
      { provide: Principals, useValue: principals },
      { provide: Sessions, useValue: provider?.page?.sessions ?? null },
      { provide: AccessKeys, useValue: keys },
      { provide: Keyring, useValue: keyring },
    ],
  };
}

const identify = ({ publisher, licence }: Configuration, log: EventLog): Identity => ({
  version: readPackageVersion(),
  publisher,
  licence,
  log,
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
  { configuration: { seedsFolder }, logger, stopping }: Opening,
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
