import type { DataSource } from 'typeorm';

/** Runs what migrations of a data source are due, one process at a time by an advisory lock; then closes it. */
export async function runMigrations(dataSource: DataSource, lockNumber: number): Promise<void> {
  const source = await dataSource.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [lockNumber]);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await lock.release();
    await source.destroy();
  }
}
