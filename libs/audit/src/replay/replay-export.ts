import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { instant, position } from '#domain';
import { APPLICATION_ROLE, OWNER_ROLE, createPostgresEventLog, migrateEventLog } from '#event-log';
import { openPool } from '#postgres';
import { Administration, ReadModels, ReadSide, type ReplayComparison, Runner, compareWithReplay } from '#projections';
import { Closing, type Logins, separateLogins, startEmbeddedPostgres } from '#runtime';
import { type ExportedEntry, exportedEntries } from '../export/exported-entries.js';

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
    const folder = await mkdtemp(join(tmpdir(), 'ptl-replay-'));
    closing.add(() => rm(folder, { recursive: true, force: true }));
    return await onScratch(await scratchDatabase(folder, closing), replay, closing);
  } finally {
    await closing.close();
  }
}

async function scratchDatabase(folder: string, closing: Closing): Promise<Logins> {
  const server = await startEmbeddedPostgres({
    dataFolder: folder,
    log: () => undefined,
    onLoss: () => undefined,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  closing.add(() => server.stop());
  // A file from elsewhere is worked on with no more rights than the application has.
  const logins = await separateLogins(server.url, { owner: OWNER_ROLE, application: APPLICATION_ROLE });
  await migrateEventLog(logins.ownerUrl);
  return logins;
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

const INSERT = `INSERT INTO log.events (position, id, key, type, stream, revision, prev, recorded_at, entry)
  SELECT position, id, key, type, stream, revision, prev, timestamptz 'epoch' + at * interval '1 millisecond', entry
  FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::bigint[], $8::bigint[], $9::text[])
    AS e(position, id, key, type, stream, revision, prev, at, entry)`;

const MOVE_HEAD = `UPDATE log.head SET position = $1, recorded_at = timestamptz 'epoch' + $2 * interval '1 millisecond'`;

/** Fills an empty log, past its one way in, which would give entries other times; answers its last position. */
async function insertEntries(url: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  try {
    let head = 0;
    for await (const entries of exportedEntries(chunks)) {
      await owner.query('BEGIN');
      await owner.query(INSERT, columnsOf(entries));
      head = entries.at(-1)?.position ?? head;
      await owner.query(MOVE_HEAD, [head, entries.at(-1)?.content.recordedAt]);
      await owner.query('COMMIT');
    }
    return head;
  } finally {
    await owner.end();
  }
}

const columnsOf = (entries: readonly ExportedEntry[]): unknown[] => [
  entries.map(({ position: at }) => at),
  entries.map(({ content }) => content.id),
  entries.map(({ content }) => content.key),
  entries.map(({ content }) => content.type),
  entries.map(({ content }) => content.stream),
  entries.map(({ content }) => content.revision),
  entries.map(({ content }) => content.prev ?? null),
  entries.map(({ content }) => content.recordedAt),
  entries.map(({ text }) => text),
];
