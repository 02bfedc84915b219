import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type TestDatabase, createTestDatabase } from '../../../test/support/databases/database.js';
import { template } from '../../event-log/src/contract/postgres-under-test.js';
import { mirrorTemplate } from './contract/mirror-under-test.js';
import { migrateLog, storeDataSource } from './migrations.js';

const databases: TestDatabase[] = [];

beforeAll(async () => {
  databases.push(await createTestDatabase(mirrorTemplate), await createTestDatabase(template));
  // The second was a log in PostgreSQL alone, with nothing for a store.
  await migrateLog(databases[1]?.url ?? '');
});
afterAll(() => Promise.all(databases.map((database) => database.drop())));

it.each([
  ['a new database', 0],
  ['one that had only the tables of every log', 1],
])('%s has the tables that the entities describe', async (_, index) => {
  const source = await storeDataSource(databases[index]?.url ?? '').initialize();
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  await source.destroy();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});
