import type pg from 'pg';
import type { Template } from '../../../../test/support/databases/database.js';
import { migrateLog } from '../migrations.js';
import { type PostgresUnderTest, openPostgresUnderTest } from '../../../event-log/src/contract/postgres-under-test.js';

/** The template of a database with an empty log that can be kept in KurrentDB. */
export const mirrorTemplate: Template = { name: 'log', prepare: migrateLog };

/** Opens an empty log, as {@link openPostgresUnderTest}, on a database that a store can be mirrored into. */
export const openMirrorUnderTest = (settings?: pg.PoolConfig): Promise<PostgresUnderTest> =>
  openPostgresUnderTest(settings, mirrorTemplate);
