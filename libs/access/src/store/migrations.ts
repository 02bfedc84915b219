import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { runMigrations } from '#postgres';
import { CREATE_ACCESS, CREATE_SESSIONS } from './access-schema.sql.js';

class CreateAccess1764530000000 implements MigrationInterface {
  readonly name = 'CreateAccess1764530000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_ACCESS);
  }

  down(): Promise<void> {
    throw new Error('Keys are in use: their first migration is not taken back.');
  }
}

class CreateSessions1764540000000 implements MigrationInterface {
  readonly name = 'CreateSessions1764540000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_SESSIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE access.sessions');
  }
}

/**
 * Brings the schema of keys and sessions to today's form, beside a log whose schema is there. The login of the URL
 * becomes its owner. Safe to call from several processes at once, and again.
 */
export const migrateAccess = (url: string): Promise<void> =>
  runMigrations(
    new DataSource({
      type: 'postgres',
      url,
      entities: [],
      migrations: [CreateAccess1764530000000, CreateSessions1764540000000],
      migrationsTableName: 'policy_timeline_access_migrations',
    }),
    'accessMigration',
  );
