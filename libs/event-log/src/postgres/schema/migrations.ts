import { DataSource, EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';
import { runMigrations } from '#postgres';
import { DISREGARDED } from '../../disregarded.js';
import {
  BUILD_BESIDE,
  CREATE_ANNOUNCE,
  CREATE_APPEND,
  CREATE_LOG,
  CREATE_RESTORE,
  DROP_APPEND,
  GRANT_APPEND,
  GRANT_TO_APPLICATION,
  INDEX_DISREGARDED,
} from './schema.sql.js';

/** The log's tables as TypeORM sees them: a test compares them with what the migrations make. */
const schema = 'log';

const events = new EntitySchema({
  name: 'events',
  schema,
  columns: {
    position: { type: 'bigint', primary: true, primaryKeyConstraintName: 'events_pkey' },
    id: { type: 'uuid' },
    key: { type: 'text' },
    type: { type: 'text' },
    stream: { type: 'text' },
    revision: { type: 'integer' },
    prev: { type: 'bigint', nullable: true },
    recorded_at: { type: 'timestamptz', precision: 3 },
    entry: { type: 'text' },
  },
  uniques: [
    { name: 'events_id_key', columns: ['id'] },
    { name: 'events_key_key', columns: ['key'] },
    { name: 'events_stream_revision_key', columns: ['stream', 'revision'] },
  ],
  indices: [
    { name: 'events_recorded_at_idx', columns: ['recorded_at', 'position'] },
    { name: 'events_first_idx', columns: ['position'], where: 'revision = 0' },
    { name: 'events_disregarded_idx', columns: ['position'], where: `type = '${DISREGARDED}'` },
  ],
});

const head = new EntitySchema({
  name: 'head',
  schema,
  columns: {
    one: { type: 'boolean', primary: true, default: true, primaryKeyConstraintName: 'head_pkey' },
    position: { type: 'bigint' },
    recorded_at: { type: 'timestamptz', precision: 3, nullable: true },
  },
  checks: [{ name: 'head_is_one_row', expression: 'one' }],
});

const idempotencyKeys = new EntitySchema({
  name: 'idempotency_keys',
  schema,
  columns: {
    idempotency_key: { type: 'text', primary: true, primaryKeyConstraintName: 'idempotency_keys_pkey' },
    position: { type: 'bigint' },
  },
});

const erasable = new EntitySchema({
  name: 'erasable',
  schema,
  columns: {
    position: { type: 'bigint', primary: true, primaryKeyConstraintName: 'erasable_pkey' },
    pointer: { type: 'text', primary: true, primaryKeyConstraintName: 'erasable_pkey' },
    salt: { type: 'text' },
    value: { type: 'text' },
  },
});

const settings = new EntitySchema({
  name: 'settings',
  schema,
  columns: {
    name: { type: 'text', primary: true, primaryKeyConstraintName: 'settings_pkey' },
    value: { type: 'text' },
  },
});

class CreateLog1764000000000 implements MigrationInterface {
  readonly name = 'CreateLog1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [CREATE_LOG, CREATE_APPEND, GRANT_TO_APPLICATION]) await runner.query(statement);
  }

  down(): Promise<void> {
    throw new Error('The event log is for ever: its first migration is not taken back.');
  }
}

class BuildBeside1764000000001 implements MigrationInterface {
  readonly name = 'BuildBeside1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BUILD_BESIDE);
  }

  down(): Promise<void> {
    throw new Error('Schemas that may hold read models are not taken away by a migration.');
  }
}

class IndexDisregarded1764000000007 implements MigrationInterface {
  readonly name = 'IndexDisregarded1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEX_DISREGARDED);
  }

  down(): Promise<void> {
    throw new Error('Logs had this index before this migration: it is not taken away.');
  }
}

class AnnouncePositions1764000000008 implements MigrationInterface {
  readonly name = 'AnnouncePositions1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_ANNOUNCE);
  }

  down(): Promise<void> {
    throw new Error('The function that announces is not taken back to what it was.');
  }
}

class AppendAsExpected1764000000009 implements MigrationInterface {
  readonly name = 'AppendAsExpected1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [DROP_APPEND, CREATE_APPEND, GRANT_APPEND]) await runner.query(statement);
  }

  down(): Promise<void> {
    throw new Error('The function that appends is not taken back to what it was.');
  }
}

class RestoreEntries1764000000015 implements MigrationInterface {
  readonly name = 'RestoreEntries1764000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_RESTORE);
  }

  down(): Promise<void> {
    throw new Error('The function that restores is not taken away: backups need it.');
  }
}

/** Tables and migrations that an adapter adds to the schema of every log. */
export interface LogAdditions {
  readonly entities: readonly EntitySchema[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

const NO_ADDITIONS: LogAdditions = { entities: [], migrations: [] };

/** The data source of the log's schema: migrations and, for administration, reads. */
export const logDataSource = (url: string, additions: LogAdditions = NO_ADDITIONS): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    entities: [events, head, idempotencyKeys, erasable, settings, ...additions.entities],
    migrations: [
      CreateLog1764000000000,
      BuildBeside1764000000001,
      IndexDisregarded1764000000007,
      AnnouncePositions1764000000008,
      AppendAsExpected1764000000009,
      RestoreEntries1764000000015,
      ...additions.migrations,
    ],
    migrationsTableName: 'policy_timeline_migrations',
  });

/**
 * Brings the log's schema to today's form.
 *
 * The login of the URL becomes the owner of the log; it must be allowed to create schemas and, the first time on a
 * server, the application's role. Safe to call from several processes at once, and again.
 */
export const migrateEventLog = (url: string, additions?: LogAdditions): Promise<void> =>
  runMigrations(logDataSource(url, additions), 'logMigration');
