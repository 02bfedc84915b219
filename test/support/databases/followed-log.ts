import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EventLog, canonicalJson, createPostgresEventLog } from '#event-log';
import { migrateLog } from '#kurrentdb-log';
import { Anchor } from '../../../libs/audit/src/anchor/anchor.js';
import { CheckpointSigner } from '../../../libs/audit/src/signer/checkpoint-signer.js';
import { parseSecretKey, secretKeyText } from '../../../libs/audit/src/notes/note-keys.js';
import type { SignerKey } from '../../../libs/audit/src/notes/signed-note.js';
import { migrateAudit } from '../../../libs/audit/src/store/migrations.js';
import { readTreeState } from '../../../libs/audit/src/store/tree-state.js';
import { eventually } from '../eventually.js';
import { createMigratedDatabase } from './migrated-database.js';

/** The text of the key that tests sign with. */
export const TEST_SECRET = secretKeyText('log.example', new Uint8Array(32).fill(7));

/** The key that tests sign with. */
export const TEST_KEY: SignerKey = (() => {
  const parsed = parseSecretKey(TEST_SECRET);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
})();

/** Tests need not wait for long until a halted process looks again. */
const HALTED_MS = 50;

/** A process that follows a log, as far as a test looks at it. */
export interface Following {
  readonly follower: CheckpointSigner;
  readonly halts: readonly Error[];
  readonly warnings: readonly string[];
  readonly stop: () => Promise<void>;
}

/** A log with the audit's tables beside it, on a database of its own, and a folder for the newest checkpoint. */
export interface FollowedLog {
  readonly url: string;
  readonly pool: pg.Pool;
  /** As a process that has just started has it. */
  log: EventLog;
  readonly noteFile: string;
  /** Follows as a process would; with an anchor of its own where it is to be another than that of the log's folder. */
  follow(anchor?: Anchor): Following;
  append(count: number, streams?: number): Promise<void>;
  /** Waits until all of so many entries are signed. */
  signedTo(size: number): Promise<void>;
  /** Runs statements past every trigger. */
  tamper(...statements: readonly string[]): Promise<void>;
  /** Opens the log as another process would, which remembers nothing. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const AUDITED_LOG = {
  name: 'audited_log',
  prepare: (url: string) => migrateLog(url).then(() => migrateAudit(url)),
};

/** Opens one; `folder` where another log's checkpoint is kept already. */
export async function openFollowedLog(folder?: string): Promise<FollowedLog> {
  const database = await createMigratedDatabase(AUDITED_LOG);
  const own = folder ?? (await mkdtemp(join(tmpdir(), 'audit-key-')));
  const noteFile = join(own, 'audit.key.checkpoint');
  const followed: FollowedLog = {
    url: database.url,
    pool: database.pool,
    log: createPostgresEventLog({ pool: database.pool }),
    noteFile,
    follow: (anchor = new Anchor(noteFile, TEST_KEY.verifier)) => follow(followed, anchor),
    append: (count, streams = 5) => append(followed.log, count, streams),
    signedTo: (size) =>
      eventually(`${size} entries are signed`, async () => (await readTreeState(database.pool)).size === size),
    tamper: (...statements) => tamper(database.url, statements),
    restart: async () => {
      await followed.log.close();
      followed.log = createPostgresEventLog({ pool: database.pool });
    },
    close: async () => {
      await followed.log.close();
      await database.drop();
      await rm(own, { recursive: true, force: true });
    },
  };
  return followed;
}

function follow({ pool, log }: FollowedLog, anchor: Anchor): Following {
  const halts: Error[] = [];
  const warnings: string[] = [];
  const stop = new AbortController();
  const follower = new CheckpointSigner({
    pool,
    log,
    key: TEST_KEY,
    anchor,
    onWarning: (message) => warnings.push(message),
    onHalted: (error) => halts.push(error),
    haltedMs: HALTED_MS,
  });
  const running = follower.run(stop.signal);
  return {
    follower,
    halts,
    warnings,
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}

async function append(log: EventLog, count: number, streams: number): Promise<void> {
  const requests = Array.from({ length: count }, (_, index) => ({
    stream: `toll-${index % streams}`,
    expected: 'any' as const,
    events: [{ id: randomUUID(), key: randomUUID(), type: 'toll.changed', body: canonicalJson({ price: index }) }],
  }));
  await log.appendMany(requests);
}

async function tamper(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET session_replication_role = 'replica'");
    await client.query('BEGIN');
    for (const statement of statements) await client.query(statement);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
