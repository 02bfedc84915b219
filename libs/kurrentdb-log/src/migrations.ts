import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { type LogAdditions, logDataSource, migrateEventLog } from '#event-log/adapter';
import { guardEntities } from './guard/guard-entities.js';
import { CREATE_GUARD } from './guard/guard-schema.sql.js';
import { mirrorEntities } from './sequencer/mirror-entities.js';
import { CREATE_MIRROR, CREATE_MIRRORING } from './sequencer/mirror-schema.sql.js';
import {
  CREATE_KEEP_KEY,
  CREATE_RESERVATIONS,
  CREATE_RESERVE,
  DROP_RESERVATIONS,
  DROP_RESERVE,
} from './append/reservations.sql.js';

class Mirror1764000000002 implements MigrationInterface {
  readonly name = 'Mirror1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [CREATE_MIRROR, CREATE_MIRRORING]) await runner.query(statement);
  }

  down(): Promise<void> {
    throw new Error('Where the store has the entries of a log is for ever: it is not taken away by a migration.');
  }
}

class ReserveNames1764000000003 implements MigrationInterface {
  readonly name = 'ReserveNames1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [CREATE_RESERVATIONS, CREATE_RESERVE, CREATE_KEEP_KEY]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DROP_RESERVATIONS);
  }
}

class GuardTheStore1764000000004 implements MigrationInterface {
  readonly name = 'GuardTheStore1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_GUARD);
  }

  down(): Promise<void> {
    throw new Error('What was found about a store is not taken away by a migration.');
  }
}

class JudgeLeases1764000000006 implements MigrationInterface {
  readonly name = 'JudgeLeases1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_MIRRORING);
  }

  down(): Promise<void> {
    throw new Error('The functions that mirror are not taken back to what they were.');
  }
}

class ReserveAsExpected1764000000010 implements MigrationInterface {
  readonly name = 'ReserveAsExpected1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [DROP_RESERVE, CREATE_RESERVE]) await runner.query(statement);
  }

  down(): Promise<void> {
    throw new Error('The function that reserves is not taken back to what it was.');
  }
}

/** Tables and migrations for a log that is kept in KurrentDB. Every database has them, so that a log can be moved. */
const additions: LogAdditions = {
  entities: [...mirrorEntities, ...guardEntities],
  migrations: [
    Mirror1764000000002,
    ReserveNames1764000000003,
    GuardTheStore1764000000004,
    JudgeLeases1764000000006,
    ReserveAsExpected1764000000010,
  ],
};

/** The data source of the whole schema of a log, wherever it is kept. */
export const storeDataSource = (url: string): DataSource => logDataSource(url, additions);

/** Migrates the schema of a log, wherever it is kept: see {@link migrateEventLog}. */
export const migrateLog = (url: string): Promise<void> => migrateEventLog(url, additions);
