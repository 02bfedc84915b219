import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type AppendOutcome,
  type AppendRequest,
  canonicalJson,
  type EventLog,
  LogUnavailableError,
} from '#event-log/adapter';
import { eventually } from '../../../../test/support/eventually.js';
import type { KurrentDouble } from '../../../../test/support/kurrentdb/double.js';
import {
  START,
  event,
  readEverything,
  uniqueName,
  outcomeOf,
  requestFor,
} from '../../../event-log/src/contract/contract-requests.js';
import { type KurrentUnderTest, type KurrentTestLimits, openKurrentUnderTest } from '../contract/kurrent-under-test.js';
import { storeOnDouble } from '../contract/store-under-test.js';

/** Limits at which a test need not wait for long. */
const SHORT: KurrentTestLimits = {
  store: { appendMs: 1_000, readMs: 2_000, serverMs: 2_000, subscribedMs: 2_000, firstRetryMs: 10, lastRetryMs: 100 },
  log: { settleMs: 1_500, locationMs: 5_000, contendedMs: 2_000, reservationMs: 10_000 },
};

let kurrent: KurrentUnderTest;
let double: KurrentDouble;

async function open(options: Parameters<typeof storeOnDouble>[0] = {}): Promise<EventLog> {
  const underTest = await storeOnDouble(options);
  double = underTest.double;
  kurrent = await openKurrentUnderTest(underTest);
  await kurrent.stopSequencer();
  kurrent.startSequencer({ ...SHORT.store, quietMs: 500 });
  const log = kurrent.open(SHORT);
  // What follows is about a log at work, not about the first connection.
  expect(outcomeOf(await log.append(own()))).toBe('appended');
  return log;
}

afterEach(async () => {
  double.faults.heal();
  await double.start();
  await kurrent.close();
});

const own = (): AppendRequest => requestFor(uniqueName(), [uniqueName()], 'none');

const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Sends a request until it is settled, as its caller does on 503; says how often it had to be sent. */
async function settled(log: EventLog, one: AppendRequest): Promise<{ outcome: AppendOutcome; sent: number }> {
  for (let sent = 1; sent < 100; sent += 1)
    try {
      return { outcome: await log.append(one), sent };
    } catch (error) {
      expect(error).toBeInstanceOf(LogUnavailableError);
    }
  throw new Error('A request was not settled.');
}

/** Each request is settled, and the log holds each of their events once, and nothing else. */
async function expectEachOnce(log: EventLog, requests: readonly AppendRequest[], during: () => Promise<void>) {
  const settling = Promise.all(requests.map((one) => settled(log, one)));
  await during();
  const answers = await settling;
  for (const { outcome } of answers) expect(['appended', 'duplicate']).toContain(outcomeOf(outcome));
  const entries = (await readEverything(log)).slice(1);
  expect(entries.map(({ key }) => key).sort()).toEqual(
    requests.flatMap(({ events }) => events.map(({ key }) => key)).sort(),
  );
  expect(entries.map(({ position }) => position)).toEqual(entries.map((_, index) => index + 2));
  expect(double.data.all.filter(({ type }) => !type.startsWith('$'))).toHaveLength(entries.length + 1);
}

/** As many streams as a flush has at most, many events each, so that faults meet all stages of an append. */
const many = (): readonly AppendRequest[] => {
  const streams = Array.from({ length: 20 }, uniqueName);
  return Array.from({ length: 120 }, (_, index) => requestFor(streams[index % 20] ?? '', [uniqueName()]));
};

describe('a store that fails while it is appended to', () => {
  it('records each event once when it is killed and started again', async () => {
    const log = await open();
    await expectEachOnce(log, many(), async () => {
      for (let kill = 0; kill < 3; kill += 1) {
        await eventually('events are appended', () => double.data.all.length > 10 + 30 * kill);
        double.kill();
        await double.start();
      }
    });
  });

  it('records each event once when every connection is cut again and again', async () => {
    const log = await open();
    await expectEachOnce(log, many(), async () => {
      for (let cut = 0; cut < 5; cut += 1) {
        await eventually('events are appended', () => double.data.all.length > 10 + 20 * cut);
        double.cut();
      }
    });
  });

  it('records each event once when the leader changes', async () => {
    const log = await open({ nodes: 3 });
    await expectEachOnce(log, many(), async () => {
      for (let change = 0; change < 3; change += 1) {
        await eventually('events are appended', () => double.data.all.length > 10 + 30 * change);
        double.changeLeader();
        double.cut();
      }
    });
  });

  it.each(['answersToCut', 'answersToSwallow'] as const)(
    'records once, and says so, what was appended though its answer was lost (%s)',
    async (fault) => {
      const log = await open();
      const one = own();
      double.faults[fault] = 1;
      expect(outcomeOf(await log.append(one))).toBe('appended');
      expect(double.data.all.filter(({ id }) => id === one.events[0]?.id)).toHaveLength(1);
    },
  );

  it('is waited for when it is slow', async () => {
    const log = await open();
    double.faults.slowMs = 150;
    expect(outcomeOf(await log.append(own()))).toBe('appended');
  });
});

describe('a store that is not there', () => {
  it.each<[string, () => void]>([
    ['is down', () => double.kill()],
    [
      'answers nothing',
      () => ['append', 'read', 'features'].forEach((call) => double.faults.silent.add(call as 'append')),
    ],
  ])('is unavailable within the limit when it %s, and a repeat is recorded once it is back', async (_what, fail) => {
    const log = await open();
    fail();
    const one = own();
    const begun = performance.now();
    expect(await thrownBy(log.append(one))).toBeInstanceOf(LogUnavailableError);
    expect(performance.now() - begun).toBeLessThan(10_000);
    double.faults.heal();
    await double.start();
    expect(outcomeOf((await settled(log, one)).outcome)).toBe('appended');
    expect(await log.readKeys(one.events.map(({ key }) => key))).toHaveLength(1);
  });

  it('leaves an append unsettled that it took without ever answering, for a repeat anywhere to find', async () => {
    const log = await open();
    const one = own();
    double.faults.answersToSwallow = 100;
    expect(await thrownBy(log.append(one))).toBeInstanceOf(LogUnavailableError);
    double.faults.heal();
    const { outcome } = await settled(kurrent.open(SHORT), one);
    expect(outcomeOf(outcome)).toBe('duplicate');
    expect(double.data.all.filter(({ id }) => id === one.events[0]?.id)).toHaveLength(1);
  });
});

describe('names that an append reserves', () => {
  const reserve = (one: AppendRequest, ageMs: number): Promise<unknown> =>
    kurrent.postgres.administrator.query(
      `INSERT INTO log.reservations (kind, name, id, stream, revision, holder, reserved_at)
        VALUES ('key', $1, $2, $3, 0, $4, clock_timestamp() - $5 * interval '1 ms')`,
      [one.events[0]?.key, one.events[0]?.id, one.stream, randomUUID(), ageMs],
    );

  const isReserved = async (one: AppendRequest): Promise<boolean> =>
    (await kurrent.postgres.pool.query('SELECT FROM log.reservations WHERE name = $1', [one.events[0]?.key]))
      .rowCount === 1;

  const reservations = async (): Promise<number> =>
    (await kurrent.postgres.pool.query('SELECT FROM log.reservations')).rowCount ?? -1;

  /** The same key in another stream, with other content. */
  const other = (one: AppendRequest): AppendRequest => ({
    stream: uniqueName(),
    expected: 'any',
    events: [event(one.events[0]?.key ?? '', 'two')],
  });

  it('are free again once the events are in the log', async () => {
    const log = await open();
    await Promise.all(Array.from({ length: 20 }, () => log.append({ ...own(), idempotencyKey: uniqueName() })));
    await eventually('no names are reserved', async () => (await reservations()) === 0);
  });

  it('make another process wait, and then see who was first', async () => {
    const log = await open();
    const one = own();
    const gate = withResolvers();
    double.faults.appendGate = gate.promise;
    const first = log.append(one);
    await eventually('the name is reserved', () => isReserved(one));
    const second = kurrent.open(SHORT).append(other(one));
    gate.resolve();
    expect(outcomeOf(await first)).toBe('appended');
    expect(await second).toMatchObject({ outcome: 'key-reused', location: { id: one.events[0]?.id } });
  });

  it('of a process that says nothing leave others unavailable, not in doubt', async () => {
    const log = await open();
    const one = own();
    await reserve(one, 0);
    expect(await thrownBy(log.append(other(one)))).toBeInstanceOf(LogUnavailableError);
  });

  it('of a dead process are taken over where its event never came', async () => {
    const log = await open();
    // The other one before the clock was set back by an hour.
    for (const ageMs of [60_000, -3_600_000]) {
      const one = own();
      await reserve(one, ageMs);
      expect(outcomeOf(await log.append(other(one)))).toBe('appended');
      expect(outcomeOf(await log.append(one))).toBe('key-reused');
    }
  });

  it('of a dead process are kept where its event came', async () => {
    const log = await open();
    const one = own();
    await reserve(one, 60_000);
    const [{ id, key, type, body } = event('none')] = one.events;
    const written = { id, type, data: Buffer.from(body), metadata: { key, v: '1' } };
    await kurrent.stopSequencer();
    await kurrent.underTest.open().append({ stream: one.stream, expected: 'none', events: [written] });
    const second = log.append(other(one));
    kurrent.startSequencer();
    expect(await second).toMatchObject({ outcome: 'key-reused', location: { id } });
    expect(outcomeOf(await log.append(one))).toBe('duplicate');
  });

  it('are answered for even where they were lost: the later event is disregarded', async () => {
    const log = await open();
    const one = own();
    const gate = withResolvers();
    double.faults.appendGate = gate.promise;
    const late = log.append(one);
    await eventually('the name is reserved', () => isReserved(one));
    await kurrent.postgres.administrator.query('DELETE FROM log.reservations');
    double.faults.appendGate = undefined;
    const early = await kurrent.open(SHORT).append(other(one));
    gate.resolve();
    expect(outcomeOf(early)).toBe('appended');
    expect(await late).toMatchObject({
      outcome: 'key-reused',
      location: { id: early.outcome === 'appended' ? early.locations[0]?.id : '' },
    });
  });
});

describe('a log whose sequencer', () => {
  it('does not run answers that an append is pending, and its place when it is repeated', async () => {
    await open();
    await kurrent.stopSequencer();
    const log = kurrent.open({ ...SHORT, log: { ...SHORT.log, locationMs: 100 } });
    const one = own();
    const keys = one.events.map(({ key }) => key);
    expect(await log.append(one)).toEqual({ outcome: 'pending', stream: one.stream, keys });
    expect(await log.append(one)).toEqual({ outcome: 'pending', stream: one.stream, keys });
    expect(await log.readKeys(keys)).toEqual([]);
    kurrent.startSequencer();
    await eventually('the event is in the log', async () => (await log.readKeys(keys)).length === 1);
    expect(outcomeOf(await log.append(one))).toBe('duplicate');
  });

  it.each<[string, () => void]>([
    ['ends without notice', () => double.endSubscriptions()],
    ['breaks', () => double.cut()],
    ['goes silent', () => double.stallSubscriptions()],
  ])('loses its subscription goes on, with nothing skipped or doubled (it %s)', async (_what, fail) => {
    const log = await open();
    const requests = Array.from({ length: 60 }, own);
    const appending = Promise.all(requests.map((one) => settled(log, one)));
    for (let count = 1; count <= 3; count += 1) {
      await eventually('events are appended', () => double.data.all.length > 15 * count);
      fail();
      await eventually('another subscription is made', () => double.subscriptions > 0);
    }
    await appending;
    const entries = await readEverything(log);
    expect(entries.map(({ id }) => id)).toEqual(double.data.all.map(({ id }) => id));
    expect(entries.map(({ position }) => position)).toEqual(entries.map((_, index) => index + 1));
  });
});

describe('what can be erased', () => {
  it('never enters the store', async () => {
    const log = await open();
    const body = canonicalJson({ note: { commit: 'c29tZSBoYXNo' } });
    const erasable = [{ pointer: '/note', salt: 'c2FsdA==', value: 'between us' }];
    const one = { ...event(uniqueName()), body, erasable };
    await log.append({ stream: uniqueName(), expected: 'none', events: [one] });
    const [entry] = await log.readKeys([one.key]);
    expect(entry?.erasable).toEqual([{ pointer: '/note', value: 'between us' }]);
    const stored = double.data.all.map(({ data, metadata }) => Buffer.concat([data, metadata]).toString('utf8')).join();
    expect(stored).toContain(body);
    expect(stored).not.toMatch(/between us|c2FsdA==/);
  });
});

describe('appends together on a server that takes none to several streams', () => {
  it('are completed by the same request when they broke off half-way', async () => {
    const log = await open();
    const requests = [own(), own(), own()];
    const batches = async function* (): AsyncGenerator<readonly AppendRequest[]> {
      yield requests;
    };
    double.faults.answersToSwallow = 100;
    expect(await thrownBy(log.appendTogether(batches()))).toBeInstanceOf(LogUnavailableError);
    double.faults.heal();
    expect(await log.appendTogether(batches())).toMatchObject({ outcome: 'appended', last: 4 });
    expect(await readEverything(log, START)).toHaveLength(4);
  });
});

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((resolved) => {
    resolve = resolved;
  });
  return { promise, resolve };
}
