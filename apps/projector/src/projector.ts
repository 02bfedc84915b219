import {
  type AdminServer,
  type Opening,
  ProcessMetrics,
  createAudit,
  createReadModels,
  createRunner,
  openAdminServer,
  openDatabase,
  openLog,
  openRecording,
  openTogether,
  reasonsIn,
  startAudit,
  startReadModels,
} from '#composition';
import type { Audit } from '#audit';
import type { EventLog } from '#event-log';
import { waitForAbort } from '#postgres';
import { Administration } from '#projections';
import { CannotStart, type Configuration, type RunningService, type ServiceNeeds } from '#runtime';

/**
 * Starts to advance the read models beside other processes, any number of them on one database; answers how to stop it, and what to say of it.
 *
 * Throws {@link CannotStart} without `DATABASE_URL`: an embedded server belongs to one process alone.
 */
export async function startProjector(configuration: Configuration, needs: ServiceNeeds): Promise<RunningService> {
  if (configuration.databaseUrl === undefined)
    throw new CannotStart('A projector shares its database with other processes. Set DATABASE_URL to that database.');
  const { parts, close } = await openTogether(configuration, needs, start);
  return { lines: parts.lines, stop: close };
}

async function start(opening: Opening): Promise<AdminServer> {
  const { onLoss, stopping } = opening;
  const admin = await openAdminServer(opening);
  const pool = await openDatabase(opening, 'policy-timeline-projector');
  const log = await openLog(opening, pool);
  const readModels = createReadModels(opening, {
    pool,
    log,
    recording: openRecording(opening, { pool, log }),
    runsProjections: true,
    onStopped: () => onLoss('This projector cannot continue.'),
  });
  const runner = createRunner(readModels);
  await startReadModels(opening, readModels, runner);
  await Promise.race([runner.caughtUp(), waitForAbort(stopping)]);
  stopping.throwIfAborted();
  const audit = await createAudit(opening, { pool, log, follows: true });
  startAudit(opening, audit);
  tell(admin, { administration: new Administration(readModels), audit, log });
  return admin;
}

interface Told {
  readonly administration: Administration;
  readonly audit: Audit;
  readonly log: EventLog;
}

/** Tells operators how this process is, and what it sees of the read models and the audit. */
function tell(admin: AdminServer, { administration, audit, log }: Told): void {
  const startedAt = performance.now();
  const metrics = new ProcessMetrics();
  metrics.readFrom({
    headPosition: async () => (await log.head()).position,
    projections: () => administration.status(),
    audit: () => audit.status(),
    selfCheck: () => audit.selfCheck(),
  });
  const ready = async () => {
    const [projections, health] = await Promise.all([administration.status(), audit.health()]);
    const { isStarting } = administration;
    const runningMs = performance.now() - startedAt;
    const reasons = reasonsIn({ projections, audit: health, clock: NO_CLOCK, isStarting, runningMs });
    return { status: isStarting ? 'starting' : reasons.length > 0 ? 'degraded' : 'ok', reasons };
  };
  admin.serve({ ready, metrics });
}

/** The clock is watched where events are recorded. */
const NO_CLOCK = { behindMs: 0, differsMs: 0 };
