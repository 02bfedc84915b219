import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type pg from 'pg';
import { type EventLog, createPostgresEventLog, migrateEventLog } from '#event-log';
import { Projections, ProjectionsModule } from '#projections';
import { ImportService, RecordingModule } from '#recording';
import { APPLICATION_ROLE, CannotStart, type Configuration, type Logger, openPool, startEmbeddedPostgres, systemClock } from '#runtime';
import { ApiModule, controllers } from './api.module.js';
import { Closing } from './closing.js';
import { serveDocumentation } from './documentation.js';
import { Freshness } from './http/freshness.js';
import { createServer } from './http/server.js';
import { Metrics } from './metrics.js';
import { type OpenApiDocument, openApiDocument } from './openapi/document.js';
import { type SeedReport, loadSeeds } from './seeds.js';
import { RequestsUnderWay } from './shutdown.js';
import { keepTimeZone } from './time-zone.js';
import { CLOCK, CONFIGURATION, DOCUMENT, IMPORT, type ImportEvents, POOL, READ_SIDE } from './tokens.js';

/** The application, listening. */
export interface RunningApplication {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Lets requests under way end, stops the projections, closes connections and, last, the database. */
  stop(): Promise<void>;
}

/** What the whole application may be told by its parts. */
export interface Wishes {
  readonly logger: Logger;
  /** Told when the embedded database is lost; nothing works any more then. */
  readonly onLoss: (reason: string) => void;
}

/**
 * Starts everything in one process: database, log, projections, seeds, HTTP server.
 *
 * What was opened is closed again when the start fails. Throws {@link CannotStart} for what its user can put right.
 */
export async function startApplication(configuration: Configuration, wishes: Wishes): Promise<RunningApplication> {
  const closing = new Closing();
  try {
    const url = await start(configuration, wishes, closing);
    return { url, stop: () => closing.close() };
  } catch (error) {
    // The failure of the start is the one to report.
    await closing.close().catch((second: unknown) => wishes.logger.error({ err: second }, 'closing failed, too'));
    throw error;
  }
}

async function start(configuration: Configuration, wishes: Wishes, closing: Closing): Promise<string> {
  const { logger } = wishes;
  const databaseUrl = configuration.databaseUrl ?? (await startDatabase(configuration, wishes, closing));
  await migrateEventLog(databaseUrl);
  const pool = openPool({
    url: databaseUrl,
    name: 'policy-timeline',
    role: APPLICATION_ROLE,
    onIdleError: (error) => logger.warn({ err: error }, 'a connection to the database broke'),
  });
  closing.add(() => pool.end());
  await keepTimeZone(pool, configuration.timeZone);
  const log = createPostgresEventLog({ pool });
  closing.add(() => log.close());
  const requests = new RequestsUnderWay();
  const application = await createApplication({ configuration, logger, pool, log, requests });
  const server = application.getHttpAdapter().getInstance();
  closing.add(() => application.close());
  closing.add(() => requests.finish(server));
  await application.get(Projections).start();
  closing.add(() => application.get(Projections).stop());
  await plantSeeds(configuration, logger, application.get(IMPORT));
  return listen(application, configuration);
}
