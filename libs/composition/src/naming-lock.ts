import type pg from 'pg';
import { LogOverloadedError } from '#event-log';
import { faultOf, lockSession, unlockSession } from '#postgres';

/**
 * Lets one process at a time give names to policies.
 *
 * The lock ends with its connection: a process that ends holds up no other, and one that loses its connection while it
 * appends may be overtaken. A wait beyond the pool's limit for locks fails as too many writes.
 */
export const createNamingLock =
  (pool: pg.Pool) =>
  async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const client = await pool.connect();
    let isUnlocked = false;
    try {
      await lockSession(client, 'naming').catch((error: unknown) => {
        throw faultOf(error) === 'lock-timeout'
          ? new LogOverloadedError('Another process is registering policies.')
          : error;
      });
      const result = await work();
      await unlockSession(client, 'naming').then(
        () => (isUnlocked = true),
        // The work is done, and a connection that cannot say so is closed, which unlocks too.
        () => undefined,
      );
      return result;
    } finally {
      client.release(!isUnlocked);
    }
  };
