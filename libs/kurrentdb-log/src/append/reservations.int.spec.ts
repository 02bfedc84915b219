import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPostgresEventLog } from '#event-log/adapter';
import { event, uniqueName, requestFor } from '../../../event-log/src/contract/contract-requests.js';
import { openMirrorUnderTest } from '../contract/mirror-under-test.js';
import type { PostgresUnderTest } from '../../../event-log/src/contract/postgres-under-test.js';
import { type Claim, Reservations } from './reservations.js';

describe('reservations', () => {
  let postgres: PostgresUnderTest;

  beforeEach(async () => {
    postgres = await openMirrorUnderTest();
  });
  afterEach(() => postgres.close());

  const reserved = async (): Promise<readonly string[]> => {
    const { rows } = await postgres.pool.query<{ name: string }>('SELECT name FROM log.reservations ORDER BY name');
    return rows.map((row) => row.name);
  };

  it('are swept away where their event is in the log, and stay where it is still to come', async () => {
    const reservations = new Reservations(postgres.pool);
    const [recorded, coming] = [uniqueName(), uniqueName()];
    const [first, second] = [uniqueName(), uniqueName()];
    const claim = (kind: Claim['kind'], taken: string): Claim => ({
      kind,
      name: taken,
      id: randomUUID(),
      stream: uniqueName(),
      revision: 0,
    });
    await reservations.reserve({
      holder: randomUUID(),
      expected: new Map(),
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
    await log.append({ ...requestFor(uniqueName(), []), events: [event(recorded)], idempotencyKey: first });
    await log.close();

    await reservations.sweep();

    expect(await reserved()).toEqual([coming, second].sort());
  });

  it('are swept of what can be erased where its event is recorded or another has its place, and of nothing else', async () => {
    const reservations = new Reservations(postgres.pool);
    const [recorded, taken] = [event(uniqueName()), uniqueName()];
    const log = createPostgresEventLog({ pool: postgres.pool });
    await log.append({ ...requestFor(taken, []), events: [recorded] });
    await log.close();
    const reserve = (id: string, stream: string) =>
      reservations.reserve({
        holder: randomUUID(),
        expected: new Map(),
        newKeys: [],
        newIdempotencyKeys: [],
        claims: [{ kind: 'key', name: uniqueName(), id, stream, revision: 0 }],
      });
    const keep = (id: string) =>
      reservations.keepErasable([{ id, digest: 'of its body', pointer: '/note', salt: 'c2FsdA==', value: 'ours' }]);
    const [tooLate, coming, triedBefore, unreserved] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await keep(triedBefore);
    await postgres.pool.query('SELECT pg_sleep(0.01)');
    await reserve(tooLate, taken);
    await reserve(coming, uniqueName());
    await reserve(triedBefore, taken);
    for (const id of [recorded.id, tooLate, coming, triedBefore, unreserved]) await keep(id);

    await reservations.sweep();

    const { rows } = await postgres.pool.query<{ id: string }>('SELECT id FROM log.pending_erasable');
    expect(rows.map(({ id }) => id).sort()).toEqual([coming, triedBefore, unreserved].sort());
  });
});
