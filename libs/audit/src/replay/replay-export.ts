import { randomUUID } from 'node:crypto';
import { instant, position } from '#domain';
import { APPLICATION_ROLE, createPostgresEventLog } from '#event-log';
import { openPool } from '#postgres';
import { Administration, ReadModels, ReadSide, type ReplayComparison, Runner, compareWithReplay } from '#projections';
import { Closing, type Logins } from '#runtime';
import { insertEntries, openScratchDatabase } from './scratch-log.js';

/** The export to replay, and how to report progress. */
export interface ExportReplay {
  /** An export that was verified. */
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly now: () => number;
  /** Called with the number of entries that are done, in each of two rounds. */
  readonly onProgress: (round: 'advance' | 'rebuild', done: { readonly count: number; readonly of?: number }) => void;
}

/**
 * Makes every read model from an export alone, in a scratch database, twice: advanced event by event as in service,
 * and built in one go; and compares the two. The database is gone afterwards.
 *
 * Entries are stored byte for byte. Texts that can be erased are not in an export, and read as erased in both.
 */
export async function replayExport(replay: ExportReplay): Promise<ReplayComparison> {
  const closing = new Closing();
  try {
    return await onScratch(await openScratchDatabase(closing), replay, closing);
  } finally {
    await closing.close();
  }
}

async function onScratch(logins: Logins, replay: ExportReplay, closing: Closing): Promise<ReplayComparison> {
  const url = logins.applicationUrl;
  const pool = openPool({ url, name: `replay-${randomUUID()}`, role: APPLICATION_ROLE, onIdleError: () => undefined });
  closing.add(() => pool.end());
  const log = createPostgresEventLog({ pool });
  closing.add(() => log.close());
  const faults: unknown[] = [];
  const now = () => instant(replay.now());
  // Begun while the log is empty, so that the read models are advanced, not built.
  const onStopped = (error: unknown): unknown => faults.push(error);
  const readModels = new ReadModels({ pool, log, now, runsProjections: true, onStopped });
  const runner = new Runner(readModels, { foldingThreads: 0 });
  closing.add(() => readModels.stop());
  closing.add(() => runner.stop());
  await readModels.open();
  runner.start();
  await runner.caughtUp();
  const head = await insertEntries(logins.ownerUrl, replay.chunks);
  await waitForReadModels(readModels, head, { replay, faults });
  return compareWithReplay({
    pool,
    log,
    onProgress: (count) => replay.onProgress('rebuild', { count, of: head }),
  });
}

const LOOK_MS = 500;

async function waitForReadModels(
  readModels: ReadModels,
  head: number,
  { replay, faults }: { readonly replay: ExportReplay; readonly faults: readonly unknown[] },
): Promise<void> {
  const [readSide, administration] = [new ReadSide(readModels), new Administration(readModels)];
  for (;;) {
    const count = await readSide.waitFor(position(head), LOOK_MS);
    replay.onProgress('advance', { count, of: head });
    if (count >= head) return;
    const stopped = (await administration.status()).find(({ state }) => state === 'stopped');
    if (faults.length > 0 || stopped)
      throw new Error(`The read models cannot be advanced: ${stopped?.lastError ?? String(faults[0])}`);
  }
}
