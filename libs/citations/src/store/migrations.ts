import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { runMigrations } from '#postgres';
import { CREATE_CITATIONS, INDEX_CITATIONS } from './citation-schema.sql.js';

class CreateCitations1764500000000 implements MigrationInterface {
  readonly name = 'CreateCitations1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_CITATIONS);
  }

  down(): Promise<void> {
    throw new Error('Citations are in print: their first migration is not taken back.');
  }
}

class IndexCitations1764550000000 implements MigrationInterface {
  readonly name = 'IndexCitations1764550000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEX_CITATIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX citation.citations_subject');
  }
}

/**
 * Brings the schema of citations to today's form, beside a log whose schema is there. The login of the URL becomes its
 * owner. Safe to call from several processes at once, and again.
 */
export const migrateCitations = (url: string): Promise<void> =>
  runMigrations(
    new DataSource({
      type: 'postgres',
      url,
      entities: [],
      migrations: [CreateCitations1764500000000, IndexCitations1764550000000],
      migrationsTableName: 'policy_timeline_citation_migrations',
    }),
    'citationMigration',
  );
