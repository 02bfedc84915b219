import { sleep } from '#postgres';
import type { Administration, Runner } from '#projections';
import type { Logger } from '#runtime';

/** The interval of log messages while the read models catch up. */
const TELLING_MS = 5_000;

/** The read models that catch up, and until when that is logged. */
interface Watch {
  readonly runner: Runner;
  readonly administration: Administration;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
}

/** Tells in the log, at intervals, how far the read models are, until they hold what the log holds. */
export async function tellCatchingUp({ runner, administration, logger, stopping }: Watch): Promise<void> {
  const done = new AbortController();
  const ended = AbortSignal.any([done.signal, stopping]);
  void runner.caughtUp().finally(() => done.abort());
  let isTold = false;
  for (await sleep(TELLING_MS, ended); !ended.aborted; await sleep(TELLING_MS, ended)) {
    logger.info(await furthestBehind(administration), 'the read models are catching up');
    isTold = true;
  }
  if (isTold && !stopping.aborted) logger.info('the read models have caught up');
}

/** The read models that are furthest behind, and by how much. */
async function furthestBehind(administration: Administration) {
  const status = await administration.status();
  const eventsBehind = Math.max(...status.map(({ lagEvents }) => lagEvents));
  const building = status.flatMap(({ state, name }) => (state === 'building' ? [name] : []));
  const furthest = status.flatMap(({ lagEvents, name }) => (lagEvents === eventsBehind ? [name] : []));
  return { eventsBehind, furthest, building };
}
