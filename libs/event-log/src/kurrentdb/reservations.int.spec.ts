import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { event, name, request } from '../contract/contract-requests.js';
import { type PostgresUnderTest, openPostgresUnderTest } from '../contract/postgres-under-test.js';
import { createPostgresEventLog } from '../postgres/postgres-event-log.js';
import { type Claim, Reservations } from './reservations.js';

describe('reservations', () => {
  let postgres: PostgresUnderTest;

  beforeEach(async () => {
    postgres = await openPostgresUnderTest();
  });
  afterEach(() => postgres.close());

  const reserved = async (): Promise<readonly string[]> => {
    const { rows } = await postgres.pool.query<{ name: string }>('SELECT name FROM log.reservations ORDER BY name');
    return rows.map((row) => row.name);
  };

  it('are swept away where their event is in the log, and stay where it is still to come', async () => {
    const reservations = new Reservations(postgres.pool);
    const [recorded, coming] = [name(), name()];
    const [first, second] = [name(), name()];
    const claim = (kind: Claim['kind'], taken: string): Claim => ({
      kind,
      name: taken,
      id: randomUUID(),
      stream: name(),
      revision: 0,
    });
    await reservations.reserve({
      holder: randomUUID(),
      believed: new Map(),
      newKeys: [],
      newIdempotencyKeys: [],
      claims: [
        claim('key', recorded),
        claim('key', coming),
        claim('idempotency-key', first),
        claim('idempotency-key', second),
      ],
    });
    const log = createPostgresEventLog({ pool: postgres.pool });
    await log.append({ ...request(name(), []), events: [event(recorded)], idempotencyKey: first });
    await log.close();

    await reservations.sweep();

    expect(await reserved()).toEqual([coming, second].sort());
  });
});
