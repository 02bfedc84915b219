import {
  type Opening,
  createAudit,
  createReadModels,
  createRunner,
  openDatabase,
  openLog,
  openRecording,
  openTogether,
  startAudit,
  startReadModels,
} from '#composition';
import { waitForAbort } from '#postgres';
import { CannotStart, type Configuration, type ServiceNeeds } from '#runtime';

/**
 * Starts to advance the read models beside other processes, any number of them on one database; answers how to stop it.
 *
 * Throws {@link CannotStart} without `DATABASE_URL`: an embedded server belongs to one process alone.
 */
export async function startProjector(configuration: Configuration, needs: ServiceNeeds): Promise<() => Promise<void>> {
  if (configuration.databaseUrl === undefined)
    throw new CannotStart('A projector shares its database with other processes. Set DATABASE_URL to that database.');
  const { close } = await openTogether(configuration, needs, start);
  return close;
}

async function start(opening: Opening): Promise<void> {
  const { onLoss, stopping } = opening;
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
  startAudit(opening, await createAudit(opening, { pool, log, follows: true }));
}
