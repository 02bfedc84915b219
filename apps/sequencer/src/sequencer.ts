import type { Pool } from 'pg';
import {
  type AdminServer,
  ProcessMetrics,
  openAdminServer,
  openDatabase,
  openSequencer,
  openTogether,
} from '#composition';
import { readStoreStatus } from '#kurrentdb-log';
import { CannotStart, type Configuration, type RunningService, type ServiceNeeds } from '#runtime';

/**
 * Copies events from KurrentDB into PostgreSQL whenever no other process does; answers how to stop it, and what to say of it.
 *
 * Throws {@link CannotStart} without the addresses of both, or where the log must not be copied as things are.
 */
export async function startSequencer(configuration: Configuration, needs: ServiceNeeds): Promise<RunningService> {
  const { databaseUrl, kurrentUrl: url } = configuration;
  if (databaseUrl === undefined || url === undefined)
    throw new CannotStart(
      'A sequencer copies the log from KurrentDB into PostgreSQL. Set KURRENTDB_URL and DATABASE_URL to them.',
    );
  const { parts, close } = await openTogether(configuration, needs, async (opening) => {
    const admin = await openAdminServer(opening);
    const pool = await openDatabase(opening, 'policy-timeline-sequencer');
    await openSequencer(opening, { pool, url });
    tell(admin, pool);
    return admin;
  });
  return { lines: parts.lines, stop: close };
}

/** No process of the cluster was seen copying for this long: a sequencer that is well says so each second or two. */
const SEEN_LIMIT_MS = 10_000;

/** Tells operators whether the log is copied, by this process or another. */
function tell(admin: AdminServer, pool: Pool): void {
  const metrics = new ProcessMetrics();
  metrics.readFrom({ store: () => readStoreStatus(pool) });
  const ready = async () => {
    const { sequencerSeenMs } = await readStoreStatus(pool);
    if (sequencerSeenMs === null || sequencerSeenMs > SEEN_LIMIT_MS)
      throw new Error('No process was seen copying the log for 10 s.');
    return { status: 'ok', sequencerSeenMs };
  };
  admin.serve({ ready, metrics });
}
