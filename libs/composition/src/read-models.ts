import { availableParallelism } from 'node:os';
import { instant } from '#domain';
import { ReadModels, Runner, type ParkedEventReport } from '#projections';
import { type Recording, parkedOperation } from '#recording';
import { systemClock } from '#runtime';
import type { Opening } from './open-together.js';
import type { OpenedLog } from './recording.js';

/** The sources of a process's read models. */
export interface ReadModelsOfLog extends OpenedLog {
  /** Parked events are recorded with it. */
  readonly recording: Recording;
  readonly runsProjections: boolean;
  /** Called when the read models cannot continue, which is logged already. */
  readonly onStopped?: () => void;
}

/** Creates the read models of a process; {@link startReadModels} opens them. */
export const createReadModels = (
  { logger }: Pick<Opening, 'logger'>,
  { pool, log, recording, runsProjections, onStopped }: ReadModelsOfLog,
): ReadModels =>
  new ReadModels({
    pool,
    log,
    now: () => instant(systemClock()),
    runsProjections,
    onStopped: (error) => {
      logger.error({ err: error }, 'the read models have stopped');
      onStopped?.();
    },
    onTrouble: (error) => logger.warn({ err: error }, 'the read models are waiting to retry after a fault'),
    onParked: async (event: ParkedEventReport): Promise<void> => {
      logger.error({ ...event }, 'a read model parked an event that it cannot process');
      await recording.recorder.recordOperation(parkedOperation(event));
    },
  });

/** Creates what advances the read models in this process. */
export const createRunner = (readModels: ReadModels): Runner =>
  new Runner(readModels, { foldingThreads: availableParallelism() });

/** Opens the read models, and advances them where there is a runner, until the process closes. */
export async function startReadModels(
  { closing }: Pick<Opening, 'closing'>,
  readModels: ReadModels,
  runner: Runner | null,
): Promise<void> {
  closing.add(() => readModels.stop());
  closing.add(async () => runner?.stop());
  await readModels.open();
  runner?.start();
}
