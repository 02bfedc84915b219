import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { APPLICATION_ROLE, OWNER_ROLE, migrateEventLog } from '#event-log';
import { Closing, type Logins, separateLogins, startEmbeddedPostgres } from '#runtime';
import { type ExportedEntry, exportedEntries } from '../export/exported-entries.js';

/** A database that is gone when it is closed, with an empty log, and a folder that goes with it. */
export interface ScratchDatabase extends Logins {
  readonly folder: string;
}

/** Opens a database for the length of one piece of work, on an embedded server of its own. */
export async function openScratchDatabase(closing: Closing): Promise<ScratchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'ptl-replay-'));
  closing.add(() => rm(folder, { recursive: true, force: true }));
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
  return { ...logins, folder };
}

/**
 * Works on a log with the entries of an export that was verified, in a scratch database that is gone afterwards. Texts that
 * can be erased are not in an export, and read as erased.
 */
export async function withScratchLog<Result>(
  chunks: AsyncIterable<Uint8Array>,
  work: (database: ScratchDatabase) => Promise<Result>,
): Promise<Result> {
  const closing = new Closing();
  try {
    const database = await openScratchDatabase(closing);
    await insertEntries(database.ownerUrl, chunks);
    return await work(database);
  } finally {
    await closing.close();
  }
}

const INSERT = `INSERT INTO log.events (position, id, key, type, stream, revision, prev, recorded_at, entry)
  SELECT position, id, key, type, stream, revision, prev, timestamptz 'epoch' + at * interval '1 millisecond', entry
  FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::bigint[], $8::bigint[], $9::text[])
    AS e(position, id, key, type, stream, revision, prev, at, entry)`;

const MOVE_HEAD = `UPDATE log.head SET position = $1, recorded_at = timestamptz 'epoch' + $2 * interval '1 millisecond'`;

/**
 * Fills an empty log with the entries of an export that was verified, byte for byte and past its one way in, which would
 * give them other times; answers its last position.
 */
export async function insertEntries(ownerUrl: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const owner = new pg.Client({ connectionString: ownerUrl });
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
