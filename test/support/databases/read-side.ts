import {
  type Instant,
  type JsonObject,
  type Registration,
  instant,
  parseEventBody,
  position,
  speaksOfRecords,
} from '#domain';
import { type AppendRequest, type EventLog, createPostgresEventLog } from '#event-log';
import { type ProjectionsOfProcess, composeProjections } from './projections.js';
import type { ResolvedCoordinate } from '../../../libs/projections/src/rows/answers.js';
import { appendAll, bodyRequest, registrationRequest } from '../events/append-bodies.js';
import { type MigratedDatabase, createMigratedDatabase } from './migrated-database.js';

/** A log and its read models on a database of their own, without the rules of recording. */
export interface OpenReadSide {
  readonly pool: MigratedDatabase['pool'];
  readonly projections: ProjectionsOfProcess;
  register(registration: Pick<Registration, 'slug'> & Partial<Registration>): Promise<void>;
  /**
   * Records bodies, each with what every event must have, perhaps after what can be erased of them was; answers the
   * coordinate of the latest record and of now.
   */
  record(bodies: readonly JsonObject[], options?: { readonly isErased?: boolean }): Promise<ResolvedCoordinate>;
  stop(): Promise<void>;
}

const ZONE = 'Europe/London';

/** Starts an empty log and its read models. */
export async function startReadSide(): Promise<OpenReadSide> {
  const database = await createMigratedDatabase();
  const log = createPostgresEventLog({ pool: database.pool });
  const projections = composeProjections({ pool: database.pool, log, now, onStopped: fail });
  await projections.start();
  return {
    pool: database.pool,
    projections,
    register: (registration) =>
      appendAll(log, [
        registrationRequest({ title: registration.slug, kind: 'scheme', jurisdiction: 'GB', ...registration }),
      ]),
    record: async (bodies, { isErased = false } = {}) => {
      await appendAll(log, bodies.map(requestOf).map(isErased ? withoutErasable : (request) => request));
      return latest(log, projections);
    },
    stop: async () => {
      await projections.stop();
      await log.close();
      await database.drop();
    },
  };
}

async function latest(log: EventLog, projections: ProjectionsOfProcess): Promise<ResolvedCoordinate> {
  const head = await log.head();
  await projections.readSide.waitFor(head.position, 30_000);
  return { recorded: position(head.position), recordedAt: null, knownAt: now(), validAt: now() };
}

const now = (): Instant => instant(Date.now());

function requestOf(body: JsonObject): AppendRequest {
  const { type } = body;
  const about = typeof type === 'string' && speaksOfRecords(type) ? {} : COMMON;
  const parsed = parseEventBody({ ...DATED, ...about, ...body }, ZONE);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  return bodyRequest(parsed.body);
}

const withoutErasable = (request: AppendRequest): AppendRequest => ({
  ...request,
  events: request.events.map((event) => ({ ...event, erasable: [] })),
});

const DATED = { occurred: '2024-01-01', publishedAt: '2024-01-01', summary: 'Something happened.' };
const COMMON = {
  epistemic: 'confirmed',
  sources: [{ publisher: 'Gazette', title: 'News', publishedAt: '2024-01-01', genre: 'official' }],
};

function fail(error: unknown): void {
  if (error instanceof Error) throw error;
}
