import { DataSource, EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';
import { runMigrations } from '#postgres';
import { CREATE_AUDIT } from './audit-schema.sql.js';

/** The audit's tables as TypeORM sees them: a test compares them with what the migrations make. */
const schema = 'audit';

const one = (table: string) =>
  ({ type: 'boolean', primary: true, default: true, primaryKeyConstraintName: `${table}_pkey` }) as const;

const checkpoints = new EntitySchema({
  name: 'checkpoints',
  schema,
  columns: {
    size: { type: 'bigint', primary: true, primaryKeyConstraintName: 'checkpoints_pkey' },
    root: { type: 'bytea' },
    note: { type: 'text' },
    signed_at: { type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' },
  },
});

const tiles = new EntitySchema({
  name: 'tiles',
  schema,
  columns: {
    level: { type: 'smallint', primary: true, primaryKeyConstraintName: 'tiles_pkey' },
    index: { type: 'bigint', primary: true, primaryKeyConstraintName: 'tiles_pkey' },
    hashes: { type: 'bytea' },
  },
  checks: [{ name: 'tiles_are_full', expression: 'octet_length(hashes) = 8192' }],
});

const heads = new EntitySchema({
  name: 'heads',
  schema,
  columns: {
    stream: { type: 'text', primary: true, primaryKeyConstraintName: 'heads_pkey' },
    position: { type: 'bigint' },
    revision: { type: 'integer' },
  },
  indices: [{ name: 'heads_position_idx', columns: ['position'] }],
});

const follower = new EntitySchema({
  name: 'follower',
  schema,
  columns: {
    one: one('follower'),
    position: { type: 'bigint' },
    edge: { type: 'bytea' },
    owner: { type: 'text', nullable: true },
    leased_until: { type: 'timestamptz', precision: 3 },
    error: { type: 'text', nullable: true },
  },
  checks: [{ name: 'follower_is_one_row', expression: 'one' }],
});

const selfCheck = new EntitySchema({
  name: 'self_check',
  schema,
  columns: { one: one('self_check'), report: { type: 'jsonb', nullable: true } },
  checks: [{ name: 'self_check_is_one_row', expression: 'one' }],
});

class CreateAudit1764100000000 implements MigrationInterface {
  readonly name = 'CreateAudit1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_AUDIT);
  }

  down(): Promise<void> {
    throw new Error('What was signed is for ever: the first migration of the audit is not taken back.');
  }
}

/** The data source of the audit's schema: migrations and, for administration, reads. */
export const auditDataSource = (url: string): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    entities: [checkpoints, tiles, heads, follower, selfCheck],
    migrations: [CreateAudit1764100000000],
    migrationsTableName: 'policy_timeline_audit_migrations',
  });

/**
 * Brings the audit's schema to today's form, beside a log whose schema is there. The login of the URL becomes its
 * owner. Safe to call from several processes at once, and again.
 */
export const migrateAudit = (url: string): Promise<void> => runMigrations(auditDataSource(url), 'auditMigration');
