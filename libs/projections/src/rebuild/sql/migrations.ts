import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '#event-log';
import { runMigrations } from '#postgres';
import { READER_ROLE } from './analytics.js';
import { ANALYTICS } from './views/view.js';

// The views belong to the application, which makes them anew whenever it switches the tables under them. A login that
// must not create roles leaves that to an administrator.
const CREATE_ANALYTICS = `
CREATE SCHEMA ${ANALYTICS} AUTHORIZATION ${APPLICATION_ROLE};
DO $$ BEGIN
  IF to_regrole('${READER_ROLE}') IS NULL THEN CREATE ROLE ${READER_ROLE} NOLOGIN; END IF;
EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END $$;
`;

class CreateAnalytics1764600000000 implements MigrationInterface {
  readonly name = 'CreateAnalytics1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_ANALYTICS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP SCHEMA ${ANALYTICS} CASCADE`);
  }
}

/**
 * Makes the schema for readers by SQL, beside a log whose schema is there, and their role where the login may. Safe to
 * call from several processes at once, and again.
 */
export const migrateAnalytics = (url: string): Promise<void> =>
  runMigrations(
    new DataSource({
      type: 'postgres',
      url,
      entities: [],
      migrations: [CreateAnalytics1764600000000],
      migrationsTableName: 'policy_timeline_analytics_migrations',
    }),
    'analyticsMigration',
  );
