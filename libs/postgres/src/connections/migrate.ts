import type { DataSource } from 'typeorm';
import { type AdvisoryLock, lockSession } from '../coordination/locks.js';

/** Runs what migrations of a data source are due, one process at a time; then closes it. */
export async function runMigrations(dataSource: DataSource, held: AdvisoryLock): Promise<void> {
  const source = await dataSource.initialize();
  const lock = source.createQueryRunner();
  try {
    await lockSession(lock, held);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await lock.release();
    await source.destroy();
  }
}
