import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type EventLog, canonicalJson, createPostgresEventLog, positionOf } from '#event-log';
import { eventually } from '../../../../test/support/eventually.js';
import { type MigratedDatabase, createMigratedDatabase } from '../../../../test/support/databases/migrated-database.js';
import { Anchor } from '../anchor/anchor.js';
import { openCheckpoint } from '../notes/note-verification.js';
import { Frontier, leafHash } from '../merkle/merkle.js';
import { sameHash } from '../merkle/tree-hashes.js';
import { parseSecretKey, secretKeyText } from '../notes/note-keys.js';
import type { SignerKey } from '../notes/signed-note.js';
import { readTreeState } from '../store/tree-state.js';
import { auditDataSource, migrateAudit } from '../store/migrations.js';
import { CheckpointSigner } from './checkpoint-signer.js';
import { releaseSignerLease, acquireSignerLease } from './lease.js';
import { openAuditKey } from './key-file.js';

const key = (() => {
  const parsed = parseSecretKey(secretKeyText('log.example', new Uint8Array(32).fill(7)));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
})();

let database: MigratedDatabase;
let log: EventLog;
let keyFolder: string;

const open = async (): Promise<void> => {
  database = await createMigratedDatabase();
  await migrateAudit(database.url);
  log = createPostgresEventLog({ pool: database.pool });
  keyFolder = await mkdtemp(join(tmpdir(), 'audit-key-'));
};

const close = async (): Promise<void> => {
  await log.close();
  await database.drop();
  await rm(keyFolder, { recursive: true });
};

const append = async (count: number, streams = 5): Promise<void> => {
  const requests = Array.from({ length: count }, (_, index) => ({
    stream: `toll-${index % streams}`,
    expected: 'any' as const,
    events: [{ id: randomUUID(), key: randomUUID(), type: 'toll.changed', body: canonicalJson({ price: index }) }],
  }));
  await log.appendMany(requests);
};

const asOwner = async (work: (client: pg.Client) => Promise<unknown>): Promise<void> => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};

const noteFile = (): string => join(keyFolder, 'audit.key.checkpoint');

interface Following {
  readonly follower: CheckpointSigner;
  readonly halts: readonly Error[];
  readonly warnings: readonly string[];
  readonly stop: () => Promise<void>;
}

function following(signer: SignerKey = key): Following {
  const halts: Error[] = [];
  const warnings: string[] = [];
  const stop = new AbortController();
  const follower = new CheckpointSigner({
    pool: database.pool,
    log,
    key: signer,
    anchor: new Anchor(noteFile(), signer.verifier),
    onWarning: (message) => warnings.push(message),
    onHalted: (error) => halts.push(error),
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

const followedTo = async (size: number): Promise<void> =>
  eventually(`${size} entries are signed`, async () => (await readTreeState(database.pool)).size === size);

/** Every signed checkpoint against the log as it lies there. */
async function signedRootsAreRight(): Promise<number> {
  const { rows } = await database.pool.query<{ size: number; root: Buffer; note: string }>(
    'SELECT size::float8 AS size, root, note FROM audit.checkpoints ORDER BY size',
  );
  const { position } = await log.head();
  const entries = position === 0 ? [] : await log.readAll(positionOf(0), position);
  const tree = new Frontier();
  for (const { size, root, note } of rows) {
    for (const entry of entries.slice(tree.size, size)) tree.append(leafHash(Buffer.from(entry.entry)));
    expect(sameHash(tree.root(), root)).toBe(true);
    expect(openCheckpoint(note, key.verifier)).toMatchObject({ ok: true, value: { size } });
  }
  return rows.length;
}

describe('the schema of the audit', () => {
  beforeAll(open);
  afterAll(close);

  it('is what its entities say', async () => {
    const source = await auditDataSource(database.url).initialize();
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    await source.destroy();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('keeps checkpoints and tiles as they are, from its owner too', async () => {
    for (const table of ['checkpoints', 'tiles'])
      for (const change of [`DELETE FROM audit.${table}`, `TRUNCATE audit.${table}`]) {
        await expect(database.pool.query(change)).rejects.toThrow(/permission denied/);
        await asOwner((client) => expect(client.query(change)).rejects.toThrow(/stays as it is/));
      }
    const update = "UPDATE audit.checkpoints SET note = ''";
    await expect(database.pool.query(update)).rejects.toThrow(/permission denied/);
    await asOwner((client) => expect(client.query(update)).rejects.toThrow(/stays as it is/));
  });
});

describe('the follower', () => {
  beforeAll(open);
  afterAll(close);

  it('signs the empty log, then what is appended, in tiles that are stored once they are full', async () => {
    const { stop, halts } = following();
    await eventually(
      'the empty log is signed',
      async () => (await readTreeState(database.pool)).checkpoint !== undefined,
    );
    await append(700);
    await followedTo(700);
    await append(3);
    await followedTo(703);
    await stop();
    expect(halts).toEqual([]);
    expect(await signedRootsAreRight()).toBeGreaterThanOrEqual(3);
    const { rows } = await database.pool.query('SELECT level, index::int FROM audit.tiles ORDER BY 1, 2');
    expect(rows).toEqual([
      { level: 0, index: 0 },
      { level: 0, index: 1 },
    ]);
  });

  it('goes on where another left off, and takes over from one that is gone', async () => {
    const both = [following(), following()];
    await append(100);
    const { position } = await log.head();
    await followedTo(position);
    const [leader, other] = both[0]?.follower.leads ? both : both.toReversed();
    expect(other?.follower.leads).toBe(false);
    await leader?.stop();
    await append(10);
    await followedTo(position + 10);
    await other?.stop();
    expect(await signedRootsAreRight()).toBeGreaterThan(3);
  });

  it('signs at most four times a second, however fast is appended', async () => {
    const { stop } = following();
    const { position } = await log.head();
    await followedTo(position);
    const begun = performance.now();
    for (let count = 0; count < 10; count += 1) await append(1);
    await followedTo(position + 10);
    const { rowCount } = await database.pool.query('SELECT FROM audit.checkpoints WHERE size > $1', [position]);
    expect(rowCount).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - begun) / 250));
    await stop();
  });

  it('signs a backlog in steps of 4,096 entries', async () => {
    const { position } = await log.head();
    await append(4_097);
    const { stop } = following();
    await followedTo(position + 4_097);
    await stop();
    const { rows } = await database.pool.query<{ size: number }>(
      'SELECT size::float8 AS size FROM audit.checkpoints WHERE size > $1 ORDER BY size',
      [position],
    );
    expect(rows.map(({ size }) => size - position)).toEqual([4_096, 4_097]);
  });

  it('is led by one process, also when two ask in the same millisecond', async () => {
    for (let round = 0; round < 50; round += 1) {
      const taken = await Promise.all(['one', 'two'].map((owner) => acquireSignerLease(database.pool, owner)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      await Promise.all(['one', 'two'].map((owner) => releaseSignerLease(database.pool, owner)));
    }
  });

  it('takes over from one that died before the clock of the database was set back', async () => {
    const { size } = await readTreeState(database.pool);
    await asOwner((client) =>
      client.query("UPDATE audit.follower SET owner = 'dead', leased_until = clock_timestamp() + interval '1 year'"),
    );
    const { stop } = following();
    await append(1);
    await followedTo(size + 1);
    await stop();
  });

  it('comes to the same tree when it is made anew from the log', async () => {
    const before = await readTreeState(database.pool);
    await asOwner((client) => client.query("UPDATE audit.follower SET position = 0, edge = '', owner = NULL"));
    const { stop, halts } = following();
    await followedTo(before.size);
    await stop();
    const after = await readTreeState(database.pool);
    expect(halts).toEqual([]);
    expect(after.checkpoint).toEqual(before.checkpoint);
  });
});

describe('a log that contradicts what was signed', () => {
  beforeAll(async () => {
    await open();
    const { stop } = following();
    await append(300);
    await followedTo(300);
    await stop();
  });
  afterAll(close);

  const tampered = async (work: (client: pg.Client) => Promise<unknown>): Promise<readonly Error[]> => {
    await asOwner(async (client) => {
      await client.query("SET session_replication_role = 'replica'");
      await work(client);
    });
    const { stop, halts } = following();
    await eventually(
      'the audit halts',
      async () => (await readTreeState(database.pool)).error !== null && halts.length > 0,
    );
    await stop();
    return halts;
  };

  it('halts the follower when it is made anew, and nothing more is signed', async () => {
    const before = await database.pool.query('SELECT count(*) FROM audit.checkpoints');
    const halts = await tampered(async (client) => {
      await client.query(
        'UPDATE log.events SET entry = replace(entry, \'"price":7}\', \'"price":8}\') WHERE position = 8',
      );
      await client.query("UPDATE audit.follower SET position = 0, edge = '', owner = NULL");
    });
    expect(halts.map(({ message }) => message)).toEqual([
      expect.stringMatching(/another root at size \d+|other hashes than the log/),
    ]);
    expect((await database.pool.query('SELECT count(*) FROM audit.checkpoints')).rows).toEqual(before.rows);
    expect((await readTreeState(database.pool)).error).toEqual(halts[0]?.message);
  });

  it('goes on by itself once the log is as it was', async () => {
    await asOwner(async (client) => {
      await client.query("SET session_replication_role = 'replica'");
      await client.query(
        'UPDATE log.events SET entry = replace(entry, \'"price":8}\', \'"price":7}\') WHERE position = 8',
      );
    });
    const { stop } = following();
    await followedTo(300);
    await append(1);
    await followedTo(301);
    await stop();
    expect((await readTreeState(database.pool)).error).toBeNull();
  });

  it.each([
    [
      'was slipped in with another text than its columns',
      `INSERT INTO log.events SELECT position + 1, gen_random_uuid(), 'slipped-in', type, stream, revision + 1, position, recorded_at, entry
         FROM log.events ORDER BY position DESC LIMIT 1`,
      /position 302 cannot be signed\. Its text and the columns beside it differ in id, key, revision, prev/,
    ],
    [
      'was back-dated before it was signed',
      `WITH last AS (SELECT * FROM log.events WHERE position = 301), stamp AS (SELECT recorded_at - interval '1 day' AS at FROM last)
       INSERT INTO log.events SELECT 302, '00000000-0000-4000-8000-000000000001', 'back-dated', 'toll.changed', 'new', 0, NULL, stamp.at,
         '{"body":{},"id":"00000000-0000-4000-8000-000000000001","key":"back-dated","recordedAt":"' ||
         to_char(stamp.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '","revision":0,"stream":"new","type":"toll.changed","v":1}' FROM stamp`,
      /position 302 cannot be signed\. The entry was recorded at .* after one recorded at/,
    ],
  ])('halts it at an entry that %s', async (_what, statement, reason) => {
    const halts = await tampered((client) => client.query(statement));
    await asOwner(async (client) => {
      await client.query("SET session_replication_role = 'replica'");
      await client.query('DELETE FROM log.events WHERE position > 301');
    });
    expect(halts.map(({ message }) => message)).toEqual([expect.stringMatching(reason)]);
    expect((await readTreeState(database.pool)).size).toBe(301);
  });

  it('halts it when the log ends before what was signed', async () => {
    const halts = await tampered(async (client) => {
      await client.query('DELETE FROM log.events WHERE position = 301');
      await client.query('UPDATE log.head SET position = 300');
    });
    expect(halts.map(({ message }) => message)).toEqual([expect.stringMatching(/no entry at position 301/)]);
  });
});

describe('the key of a log', () => {
  let folder: string;
  beforeAll(async () => {
    await open();
    folder = await mkdtemp(join(tmpdir(), 'audit-key-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await close();
  });

  const warnings: string[] = [];
  const place = (name: string, isNamed = false) => ({
    file: join(folder, name),
    isNamed,
    onWarning: (message: string) => warnings.push(message),
  });

  it('is made at the first start, for its owner alone to read, by one of several processes', async () => {
    const opened = await Promise.all([1, 2, 3].map(() => openAuditKey(database.pool, place('audit.key'))));
    expect(new Set(opened.map(({ vkey }) => vkey)).size).toBe(1);
    expect((await stat(place('audit.key').file)).mode & 0o777).toBe(0o600);
    const [first] = opened;
    expect(await openAuditKey(database.pool, place('audit.key'))).toMatchObject({ vkey: first?.vkey });
    const secret = await readFile(place('audit.key').file, 'utf8');
    const { rows } = await database.pool.query("SELECT value FROM log.settings WHERE name = 'audit-key'");
    expect(rows).toEqual([{ value: first?.vkey }]);
    expect(secret).toMatch(/^PRIVATE\+KEY\+policy-timeline\//);
  });

  it('is not made a second time', async () => {
    const elsewhere = await openAuditKey(database.pool, place('elsewhere.key'));
    expect(elsewhere.signer).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/This process signs nothing: set AUDIT_KEY_FILE/)]);
    await expect(stat(place('elsewhere.key').file)).rejects.toThrow(/ENOENT/);
    await expect(openAuditKey(database.pool, place('elsewhere.key', true))).rejects.toThrow(/Put the key file there/);
  });

  it('is never another one', async () => {
    const { file } = place('other.key', true);
    await writeFile(file, secretKeyText('log.example', new Uint8Array(32).fill(9)), { mode: 0o600 });
    await expect(openAuditKey(database.pool, place('other.key', true))).rejects.toThrow(/a log has one key for ever/);
    await writeFile(file, 'no key');
    await expect(openAuditKey(database.pool, place('other.key', true))).rejects.toThrow(/holds no key/);
  });

  it('is complained of when others may read it', async () => {
    const { file } = place('audit.key');
    await chmod(file, 0o644);
    warnings.length = 0;
    await openAuditKey(database.pool, place('audit.key'));
    expect(warnings).toEqual([`Others may read the audit's key: chmod 600 ${file}`]);
  });
});
