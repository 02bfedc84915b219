import { createHash, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type pg from 'pg';
import { canonicalJson, DISREGARDED, readDisregarded, settleSetting } from '#event-log/adapter';
import { eventually } from '../../../../test/support/eventually.js';
import {
  event,
  readEverything,
  uniqueName,
  requestFor,
  START,
} from '../../../event-log/src/contract/contract-requests.js';
import { driverError } from '../../../event-log/src/contract/faulty-pool.js';
import { openMirrorUnderTest } from '../contract/mirror-under-test.js';
import type { PostgresUnderTest } from '../../../event-log/src/contract/postgres-under-test.js';
import { StoreInMemory } from '../contract/store-in-memory.js';
import { callMirror, type MirrorMismatchError } from './mirror-call.js';
import { draftsOf, readRecord } from './mirror-draft.js';
import { Sequencer } from './sequencer.js';
import { BATCH_LIMIT } from './sequencer-feed.js';
import { SEQUENCER_LEASE_MS, acquireSequencer } from './sequencer-lease.js';

describe('the sequencer', () => {
  let postgres: PostgresUnderTest;
  let store: StoreInMemory;
  let running: { readonly stop: () => Promise<void> }[];

  beforeEach(async () => {
    postgres = await openMirrorUnderTest();
    await settleSetting(postgres.pool, 'log', 'kurrentdb');
    store = new StoreInMemory();
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    await postgres.close();
  });

  interface Running {
    readonly troubles: unknown[];
    readonly ended: Promise<unknown>;
    stop(): Promise<void>;
  }

  function start(pool = postgres.pool, source: Pick<StoreInMemory, 'subscribeAll'> = store): Running {
    const stop = new AbortController();
    const troubles: unknown[] = [];
    const sequencer = new Sequencer({
      pool,
      store: source,
      name: randomUUID(),
      onTrouble: (error) => troubles.push(error),
    });
    const ended = sequencer.run(stop.signal).then(
      () => undefined,
      (error: unknown) => error,
    );
    const started = {
      troubles,
      ended,
      stop: async () => {
        stop.abort();
        await ended;
      },
    };
    running.push(started);
    return started;
  }

  const level = (): Promise<void> =>
    eventually(
      'the log is level with the store',
      async () => (await postgres.log.head()).position === store.records.length,
    );

  const entries = () => readEverything(postgres.log);

  it('gives every event the next position, in the order of the store, with the entry that it would have had', async () => {
    for (let index = 0; index < 30; index += 1) store.addEvent(event(uniqueName()), { stream: `policy-${index % 3}` });
    start();
    await level();
    for (let index = 0; index < 5; index += 1) store.addEvent(event(uniqueName()), { stream: 'policy-1' });
    await level();
    const mirrored = await entries();
    expect(mirrored.map(({ id, stream, revision }) => ({ id, stream, revision }))).toEqual(
      store.records.map(({ id, stream, revision }) => ({ id, stream, revision })),
    );
    for (const [index, { entry, position, erasable: _erasable, recordedAt, prev, ...rest }] of mirrored.entries()) {
      const record = store.records[index];
      expect(position).toBe(index + 1);
      expect(prev).toBe(mirrored.findLast((one) => one.stream === rest.stream && one.position < position)?.position);
      const previous = prev === undefined ? {} : { prev };
      expect(entry).toBe(canonicalJson({ ...rest, ...previous, recordedAt: new Date(recordedAt).toISOString() }));
      expect(canonicalJson(rest.body)).toBe(Buffer.from(record?.data ?? []).toString());
    }
    const times = mirrored.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  it("keeps the server's time and the place in the store beside each entry", async () => {
    for (let index = 0; index < 3; index += 1) store.addEvent(event(uniqueName()));
    start();
    await level();
    const { rows } = await postgres.pool.query(
      'SELECT store_commit, store_prepare, (extract(epoch FROM store_created_at) * 1000)::float8 AS ms FROM log.mirrored ORDER BY position',
    );
    expect(rows).toEqual(
      store.records.map(({ at, createdMs }) => ({
        store_commit: String(at.commit),
        store_prepare: String(at.prepare),
        ms: createdMs,
      })),
    );
  });

  it('wakes whoever follows the log', async () => {
    start();
    const stop = new AbortController();
    const reading = postgres.log.subscribe(START, { signal: stop.signal, batchLimit: 10 })[Symbol.asyncIterator]();
    const next = reading.next();
    const { id } = store.addEvent(event(uniqueName()));
    expect((await next).value).toEqual([expect.objectContaining({ id, position: 1 })]);
    stop.abort();
  });

  it('goes on where it ended', async () => {
    for (let index = 0; index < 10; index += 1) store.addEvent(event(uniqueName()));
    const first = start();
    await level();
    await first.stop();
    for (let index = 0; index < 10; index += 1) store.addEvent(event(uniqueName()));
    start();
    await level();
    expect((await entries()).map(({ id }) => id)).toEqual(store.records.map(({ id }) => id));
  });

  it('keeps idempotency keys, and moves what can be erased to its position with the event', async () => {
    const [idempotencyKey, body] = [uniqueName(), canonicalJson({ note: { commit: 'x' } })];
    const secret = { ...event(uniqueName()), body };
    const digest = draftsOf([readRecord(store.addEvent(secret, { metadata: { idempotencyKey } }))])[0]?.digest;
    const pending = 'INSERT INTO log.pending_erasable (id, digest, pointer, salt, value) VALUES ($1, $2, $3, $4, $5)';
    await postgres.pool.query(pending, [secret.id, digest, '/note', 'c2FsdA==', 'between us']);
    await postgres.pool.query(pending, [secret.id, 'of another try', '/note', 'cGVwcGVy', 'between us']);
    start();
    await level();
    const [entry] = await entries();
    expect(entry?.erasable).toEqual([{ pointer: '/note', value: 'between us' }]);
    expect((await postgres.log.readIdempotencyKey(idempotencyKey))?.id).toBe(secret.id);
    const { rows } = await postgres.pool.query('SELECT salt FROM log.erasable');
    expect(rows).toEqual([{ salt: 'c2FsdA==' }]);
    expect((await postgres.pool.query('SELECT FROM log.pending_erasable')).rowCount).toBe(0);
  });

  describe('disregards, and gives a position to,', () => {
    const reasons = async (): Promise<readonly (string | undefined)[]> =>
      (await entries()).map((entry) => readDisregarded(entry)?.reason);

    async function expectOnRecordFirst(key: string): Promise<void> {
      const found = await postgres.log.readKeys([key]);
      expect(found.map(({ id }) => id)).toEqual([store.records.find(({ metadata }) => metadata['key'] === key)?.id]);
    }

    it.each(['in one batch', 'in another batch'])('the later of two events with one key, %s', async (when) => {
      const key = uniqueName();
      store.addEvent(event(key, 'one'), { stream: 'policy-a' });
      start();
      if (when === 'in another batch') await level();
      store.addEvent(event(key, 'two'), { stream: 'policy-b' });
      store.addEvent(event(uniqueName()), { stream: 'policy-b' });
      await level();
      expect(await reasons()).toEqual([undefined, 'key-taken', undefined]);
      await expectOnRecordFirst(key);
      const [, second, third] = await entries();
      expect(second).toMatchObject({
        type: DISREGARDED,
        key: 'disregarded:policy-b/0',
        stream: 'policy-b',
        revision: 0,
        body: { reason: 'key-taken', key, type: 'toll.changed', body: { content: 'two', key } },
      });
      expect(third).toMatchObject({ revision: 1, prev: 2 });
    });

    it('an event that the store took twice', async () => {
      const twice = event(uniqueName());
      store.addEvent(twice);
      store.addEvent(twice);
      start();
      await level();
      expect(await reasons()).toEqual([undefined, 'repeated']);
      store.addEvent(twice);
      await level();
      expect(await reasons()).toEqual([undefined, 'repeated', 'repeated']);
    });

    it('the later of two requests with one idempotency key', async () => {
      const metadata = { idempotencyKey: uniqueName() };
      const { id } = store.addEvent(event(uniqueName()), { metadata });
      store.addEvent(event(uniqueName()), { metadata });
      start();
      await level();
      store.addEvent(event(uniqueName()), { metadata });
      await level();
      expect(await reasons()).toEqual([undefined, 'idempotency-key-taken', 'idempotency-key-taken']);
      expect((await postgres.log.readIdempotencyKey(metadata.idempotencyKey))?.id).toBe(id);
    });

    it('a request whole, when one of its events is', async () => {
      const key = uniqueName();
      store.addEvent(event(key, 'one'), { stream: 'policy-a' });
      start();
      await level();
      store.addEvent(event(uniqueName()), { stream: 'policy-b', metadata: { part: '1/3' } });
      store.addEvent(event(key, 'two'), { stream: 'policy-b', metadata: { part: '2/3' } });
      store.addEvent(event(uniqueName()), { stream: 'policy-b', metadata: { part: '3/3' } });
      await level();
      expect(await reasons()).toEqual([undefined, 'request-disregarded', 'key-taken', 'request-disregarded']);
    });

    it('what is not in the form of an event of this log', async () => {
      const { id } = event(uniqueName());
      const ours = { key: uniqueName(), v: '1' };
      store.add({ id, data: Buffer.from('{"a":1,"b":2}') });
      store.add({ data: Buffer.from('{"b":2,"a":1}'), metadata: { ...ours, key: uniqueName() } });
      store.add({ data: Buffer.from('{"a":[{"d":1,"c":2}]}'), metadata: { ...ours, key: uniqueName() } });
      store.add({ data: Buffer.from('{"a":"\\ud800"}'), metadata: { ...ours, key: uniqueName() } });
      store.add({ data: Buffer.from('[1]'), metadata: { ...ours, key: uniqueName() } });
      store.add({ data: Buffer.from([0xff, 0x00]), metadata: { ...ours, key: uniqueName() } });
      store.add({ data: Buffer.from('"\\ud800"'), metadata: { ...ours, key: uniqueName() } });
      store.add({
        data: Buffer.from(canonicalJson({ long: 'x'.repeat(65_500) })),
        metadata: { ...ours, key: uniqueName() },
      });
      store.add({ metadata: { ...ours, key: 'a\0b' } });
      store.add({ metadata: { ...ours, key: 'half of a pair: \ud800' } });
      store.add({ type: DISREGARDED, metadata: { ...ours, key: uniqueName() } });
      store.addEvent(event(uniqueName()));
      start();
      await level();
      const mirrored = await entries();
      expect(mirrored.map((entry) => readDisregarded(entry)?.reason)).toEqual([
        ...Array.from({ length: 11 }, () => 'not-ours'),
        undefined,
      ]);
      const sha256 = createHash('sha256').update('{"a":1,"b":2}').digest('hex');
      expect(mirrored[0]?.body).toEqual({ reason: 'not-ours', id, type: 'toll.changed', bytes: 13, sha256 });
    });
  });

  it('stops at a form that only a newer version knows', async () => {
    store.addEvent(event(uniqueName()));
    store.addEvent(event(uniqueName()), { metadata: { v: '3' } });
    expect(await start().ended).toMatchObject({ name: 'NewerFormError', message: expect.stringContaining('form 3') });
    expect((await postgres.log.head()).position).toBe(0);
  });

  it('stops where the store has lost events of a stream, or is another one', async () => {
    store.addEvent(event(uniqueName()));
    const first = start();
    await level();
    await first.stop();
    const gone = new StoreInMemory();
    for (let index = 0; index < 4; index += 1) gone.addEvent(event(uniqueName()));
    gone.records.splice(1, 1);
    const lost = (await start(postgres.pool, gone).ended) as MirrorMismatchError;
    expect([lost.name, lost.message]).toEqual([
      'MirrorMismatchError',
      expect.stringContaining('revision 2 of the stream "policy-ferry"'),
    ]);
    expect((await postgres.log.head()).position).toBe(1);
  });

  it('lets nobody else write into the log, and nobody without the lease', async () => {
    await expect(postgres.log.append(requestFor(uniqueName(), [uniqueName()]))).rejects.toThrow('Nothing was recorded');
    const batch = {
      after: undefined,
      to: store.addEvent(event(uniqueName())).at,
      drafts: draftsOf(store.records.map(readRecord)),
    };
    const lease = await acquireSequencer(postgres.pool, 'first');
    expect(lease).toMatchObject({ epoch: '1', copiedTo: undefined });
    expect(await acquireSequencer(postgres.pool, 'second')).toBeUndefined();
    if (!lease) return;
    expect(await callMirror(postgres.pool, { ...lease, owner: 'second' }, batch)).toEqual({ outcome: 'taken-over' });
    expect(await callMirror(postgres.pool, { ...lease, epoch: '0' }, batch)).toEqual({ outcome: 'taken-over' });
    expect(await callMirror(postgres.pool, lease, { ...batch, after: { commit: 7n, prepare: 7n } })).toEqual({
      outcome: 'taken-over',
    });
    expect(await callMirror(postgres.pool, lease, batch)).toEqual({ outcome: 'mirrored', head: 1 });
    // Sent again because the answer was lost.
    expect(await callMirror(postgres.pool, lease, batch)).toEqual({ outcome: 'mirrored', head: 1 });
    expect(await entries()).toHaveLength(1);
    // The clock of the database was set back by a year, and nobody was seen since.
    await postgres.administrator.query("UPDATE log.sequencer SET seen_at = clock_timestamp() + interval '1 year'");
    expect(await acquireSequencer(postgres.pool, 'second')).toMatchObject({ epoch: '2' });
  });

  it('takes over from one that is paused, which then writes nothing and does not disturb', async () => {
    const paused = postgres.openPool();
    let isPaused = false;
    const waking: (() => void)[] = [];
    intercept(paused, async (_statement, query) => {
      if (isPaused) await new Promise<void>((resolve) => waking.push(resolve));
      return query();
    });
    start(paused);
    store.addEvent(event(uniqueName()));
    await level();
    isPaused = true;
    start();
    const begun = Date.now();
    for (let index = 0; index < 20; index += 1) store.addEvent(event(uniqueName()));
    await level();
    expect(Date.now() - begun).toBeLessThan(SEQUENCER_LEASE_MS + 3_000);
    isPaused = false;
    for (const wake of waking) wake();
    for (let index = 0; index < 20; index += 1) store.addEvent(event(uniqueName()));
    await level();
    expect((await entries()).map(({ id }) => id)).toEqual(store.records.map(({ id }) => id));
  });

  it.each(['instead', 'afterwards'] as const)('copies once what a lost connection left open (%s)', async (comes) => {
    const pool = postgres.openPool();
    const faults = ['ECONNRESET', '57P01'];
    intercept(pool, async (statement, query) => {
      const fault = nameOf(statement) === 'log-mirror' ? faults.shift() : undefined;
      if (fault === undefined) return query();
      if (comes === 'afterwards') await query();
      throw driverError(fault);
    });
    const { troubles } = start(pool);
    for (let index = 0; index < 10; index += 1) store.addEvent(event(uniqueName()));
    await level();
    store.addEvent(event(uniqueName()));
    await level();
    expect((await entries()).map(({ id }) => id)).toEqual(store.records.map(({ id }) => id));
    await eventually('it says that it goes on', () => troubles.at(-1) === null);
  });

  it('copies every event once and in order while its connections are cut and the lease goes to and fro', async () => {
    const others = [start(), start(postgres.openPool())];
    for (let round = 0; round < 8; round += 1) {
      for (let index = 0; index < 40; index += 1)
        store.addEvent(event(uniqueName()), { stream: `policy-${index % 5}` });
      await postgres.cutConnections();
      const [oldest] = others;
      if (round % 2 === 0 && oldest) {
        await oldest.stop();
        others.shift();
        others.push(start(postgres.openPool()));
      }
    }
    await level();
    expect((await entries()).map(({ id }) => id)).toEqual(store.records.map(({ id }) => id));
  });

  describe('sends batches while the one before is being copied', () => {
    const MANY = 4 * BATCH_LIMIT + 200;

    it('and copies in its turn what comes too early', async () => {
      const pool = postgres.openPool();
      const answers: pg.QueryResult<{ outcome: string }>[] = [];
      let calls = 0;
      intercept(pool, async (statement, query) => {
        if (nameOf(statement) !== 'log-mirror') return query();
        calls += 1;
        if (calls === 1) await eventually('the second is answered', () => answers.length > 0);
        const answer = (await query()) as pg.QueryResult<{ outcome: string }>;
        answers.push(answer);
        return answer;
      });
      for (let index = 0; index < MANY; index += 1)
        store.addEvent(event(uniqueName()), { stream: `policy-${index % 7}` });
      start(pool);
      await level();
      expect(answers[0]?.rows[0]?.outcome).toBe('taken-over');
      expect((await entries()).map(({ id }) => id)).toEqual(store.records.map(({ id }) => id));
    });

    it('and judges again what was judged without it, with connections that are lost', async () => {
      const [pool, key] = [postgres.openPool(), uniqueName()];
      let calls = 0;
      intercept(pool, async (statement, query) => {
        if (nameOf(statement) !== 'log-mirror') return query();
        calls += 1;
        const answer = calls % 4 === 3 ? undefined : await query();
        if (calls % 2 === 1) throw driverError('ECONNRESET');
        return answer;
      });
      for (let index = 0; index < MANY; index += 1) {
        const isAgain = index === 10 || index === BATCH_LIMIT + 10 || index === 3 * BATCH_LIMIT + 10;
        store.addEvent(event(isAgain ? key : uniqueName(), `${index}`), { stream: `policy-${index % 7}` });
      }
      start(pool);
      await level();
      const disregarded = (await entries()).flatMap((entry) => (readDisregarded(entry) ? [entry.position] : []));
      expect(disregarded).toEqual([BATCH_LIMIT + 11, 3 * BATCH_LIMIT + 11]);
    });

    it('and ends at what contradicts the log, copying nothing after it', async () => {
      for (let index = 0; index < MANY; index += 1) store.addEvent(event(uniqueName()));
      store.records.splice(BATCH_LIMIT + 10, 1);
      expect(await start().ended).toMatchObject({ name: 'MirrorMismatchError' });
      expect((await postgres.log.head()).position).toBe(BATCH_LIMIT);
    });
  });

  it('comes to the same log however the records are cut into batches', async () => {
    const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const given = fc.record({
      key: keys,
      content: fc.constantFrom('one', 'two'),
      stream: fc.constantFrom('policy-a', 'policy-b'),
      idempotencyKey: fc.option(fc.constantFrom('i', 'j'), { nil: undefined }),
      isOurs: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(given, { minLength: 1, maxLength: 25 }), fc.array(fc.nat(5)), async (records, cuts) => {
        const source = new StoreInMemory();
        for (const { key, content, stream, idempotencyKey, isOurs } of records)
          source.addEvent(event(key, content), {
            stream,
            metadata: { ...(idempotencyKey === undefined ? {} : { idempotencyKey }), ...(isOurs ? {} : { v: 'x' }) },
          });
        const whole = draftsOf(source.records.map(readRecord)).map(({ id, key, type, after }) => ({
          id,
          key,
          type,
          after,
        }));
        await postgres.tamper(
          'TRUNCATE log.events, log.mirrored, log.idempotency_keys; UPDATE log.head SET position = 0, recorded_at = NULL; UPDATE log.sequencer SET owner = NULL, store_commit = NULL, store_prepare = NULL',
        );
        await mirrorInPieces(source, cuts);
        const mirrored = await readEverything(postgres.log);
        expect(mirrored.map(({ id, key, type }) => ({ id, key, type }))).toEqual(
          whole.map(({ id, key, type }) => ({ id, key, type })),
        );
        expect(mirrored.every(({ entry }, index) => entry.endsWith(whole[index]?.after ?? '?'))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  /** As the sequencer does it, a few records at a time. */
  async function mirrorInPieces(source: StoreInMemory, cuts: readonly number[]): Promise<void> {
    const pieces = {
      async *subscribeAll(): AsyncGenerator<{ kind: 'records'; records: StoreInMemory['records'] }> {
        let from = 0;
        for (const size of [...cuts, source.records.length]) {
          const records = source.records.slice(from, from + size + 1);
          if (records.length > 0) yield { kind: 'records', records };
          from += size + 1;
          await eventually(
            'the piece is copied',
            async () => (await postgres.log.head()).position >= Math.min(from, source.records.length),
          );
        }
      },
    };
    const sequencer = start(postgres.pool, pieces);
    await eventually('all is copied', async () => (await postgres.log.head()).position === source.records.length);
    await sequencer.stop();
  }
});

/** Stands between whoever asks a pool and the pool. */
function intercept(pool: pg.Pool, between: (statement: unknown, query: () => unknown) => Promise<unknown>): void {
  const query = pool.query.bind(pool) as (...given: unknown[]) => unknown;
  Object.assign(pool, { query: (...given: unknown[]) => between(given[0], () => query(...given)) });
}

const nameOf = (statement: unknown): unknown =>
  typeof statement === 'object' && statement !== null ? Reflect.get(statement, 'name') : undefined;
