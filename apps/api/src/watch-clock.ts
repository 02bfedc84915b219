import { paused } from '#projections';
import { ClockWatch } from '#recording';
import type { Logger } from '#runtime';
import type { EventLog } from '#event-log';
import type { Instant } from '#domain';

/** How often the clock is compared with the last record. */
const LOOK_MS = 10_000;

const MS_A_MINUTE = 60_000;

/** A watch over the clock that tells the process's log. */
export const clockWatch = (needs: {
  readonly log: EventLog;
  readonly now: () => Instant;
  readonly limitMinutes: number;
  readonly logger: Logger;
}): ClockWatch =>
  new ClockWatch({
    log: needs.log,
    now: needs.now,
    limitMs: needs.limitMinutes * MS_A_MINUTE,
    onBehind: (behindMs) => {
      if (behindMs === 0) needs.logger.info('the clock is not behind the last record any more');
      else needs.logger.error({ behindMs }, 'the clock is behind the last record: either it is wrong, or it was then');
    },
  });

/** Looks at the clock now and then, until it is stopped; answers how to stop it. */
export async function keepLooking(watch: ClockWatch): Promise<() => Promise<void>> {
  const stop = new AbortController();
  await watch.look();
  const looking = (async () => {
    for (await paused(LOOK_MS, stop.signal); !stop.signal.aborted; await paused(LOOK_MS, stop.signal))
      // What cannot be looked at now is looked at the next time.
      await watch.look().catch(() => undefined);
  })();
  return () => {
    stop.abort();
    return looking;
  };
}
