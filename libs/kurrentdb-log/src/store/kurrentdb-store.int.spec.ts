import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectedRevisionCases, uniqueName, revisionAt } from '../../../event-log/src/contract/contract-requests.js';
import { type StoreUnderTest, openStoreUnderTest, serverName, storeOnDouble } from '../contract/store-under-test.js';
import type { EventStore, StoreEvent, StorePosition, StoreSignal, StoredRecord } from './store.js';

// In canonical JSON "10" comes before "9", which a JavaScript object would turn around.
const BYTES = '{"10":1,"9":2,"é":"ü"}';

const event = (key = uniqueName()): StoreEvent => ({
  id: randomUUID(),
  type: 'toll.changed',
  data: Buffer.from(BYTES),
  metadata: { key, v: '1' },
});

const keyOf = ({ metadata }: StoredRecord): string | undefined => metadata['key'];

/** What a subscription tells until it has told enough. */
async function told(
  store: EventStore,
  until: (signals: readonly StoreSignal[]) => boolean,
  after?: StorePosition,
): Promise<readonly StoreSignal[]> {
  const stop = new AbortController();
  const signals: StoreSignal[] = [];
  for await (const signal of store.subscribeAll({ signal: stop.signal, batchLimit: 100, ...(after && { after }) })) {
    signals.push(signal);
    if (until(signals)) stop.abort();
  }
  return signals;
}

const recordsOf = (signals: readonly StoreSignal[]): readonly StoredRecord[] =>
  signals.flatMap((signal) => (signal.kind === 'records' ? signal.records : []));

const isCaughtUp = (signals: readonly StoreSignal[]): boolean => signals.at(-1)?.kind === 'caught-up';

describe(`the event store (${serverName})`, () => {
  let underTest: StoreUnderTest;
  let store: EventStore;
  beforeAll(async () => {
    underTest = await openStoreUnderTest();
    store = underTest.open();
  });
  afterAll(() => underTest.close());

  it.each(expectedRevisionCases)('expecting %s of a stream with %i events: %s', async (expected, events, outcome) => {
    const stream = uniqueName();
    for (let index = 0; index < events; index += 1) await store.append({ stream, expected: 'any', events: [event()] });
    const answer = await store.append({ stream, expected, events: [event()] });
    expect(answer).toMatchObject(
      outcome === 'appended'
        ? { outcome, next: events }
        : { outcome, stream, actual: events === 0 ? null : events - 1 },
    );
    expect(await store.readStreamEnd(stream)).toBe(outcome === 'appended' ? events : events === 0 ? null : events - 1);
  });

  it('appends once what is appended again where it was expected', async () => {
    const [stream, events] = [uniqueName(), [event(), event()]];
    const first = await store.append({ stream, expected: 'none', events });
    await store.append({ stream, expected: revisionAt(1), events: [event()] });
    expect(await store.append({ stream, expected: 'none', events })).toMatchObject({ outcome: 'appended', next: 1 });
    expect(first).toMatchObject({ outcome: 'appended', next: 1 });
    expect(await store.readStreamEnd(stream)).toBe(2);
  });

  it('keeps the bytes that it was given, with flat metadata, and says where and when', async () => {
    const [stream, one] = [uniqueName(), event()];
    const before = Date.now();
    const appended = await store.append({ stream, expected: 'none', events: [one] });
    const [read] = await store.readStream(stream, { from: 0, limit: 10 });
    expect(read).toMatchObject({ stream, revision: 0, id: one.id, type: one.type, metadata: one.metadata });
    expect(Buffer.from(read?.data ?? []).toString('utf8')).toBe(BYTES);
    expect(appended).toMatchObject({ at: read?.at });
    expect(Math.abs((read?.createdMs ?? 0) - before)).toBeLessThan(60_000);
  });

  it('reads a stream and all events by pages', async () => {
    const [stream, events] = [uniqueName(), [event(), event(), event()]];
    const { length } = await store.readAll({ limit: 1000 });
    await store.append({ stream, expected: 'none', events });
    expect((await store.readStream(stream, { from: 1, limit: 1 })).map(keyOf)).toEqual([events[1]?.metadata['key']]);
    expect(await store.readStream(uniqueName(), { from: 0, limit: 1 })).toEqual([]);
    const all = await store.readAll({ limit: 1000 });
    expect(all.slice(length).map(keyOf)).toEqual(events.map(({ metadata }) => metadata['key']));
    const [first] = all.slice(length);
    if (!first) throw new Error('Nothing was read.');
    expect((await store.readAll({ after: first.at, limit: 1 })).map(keyOf)).toEqual([events[1]?.metadata['key']]);
  });

  it('tells a subscriber what is there, that it is caught up, and what comes', async () => {
    const events = Array.from({ length: 30 }, () => event());
    const before = (await store.readAll({ limit: 10_000 })).at(-1)?.at;
    for (const one of events.slice(0, 20))
      await store.append({ stream: uniqueName(), expected: 'none', events: [one] });
    let later = false;
    const signals = await told(
      store,
      (all) => {
        if (!later && all.some(({ kind }) => kind === 'caught-up')) {
          later = true;
          void store.append({ stream: uniqueName(), expected: 'none', events: events.slice(20) });
        }
        return recordsOf(all).length >= 30;
      },
      before,
    );
    expect(recordsOf(signals).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    const caughtUp = signals.findIndex(({ kind }) => kind === 'caught-up');
    expect(recordsOf(signals.slice(0, caughtUp))).toHaveLength(20);
  });

  it('goes on after any event, and gives the time to the millisecond', async () => {
    const events = Array.from({ length: 5 }, () => event());
    await store.append({ stream: uniqueName(), expected: 'none', events });
    const all = recordsOf(await told(store, isCaughtUp));
    const third = all.find(({ id }) => id === events[2]?.id);
    if (!third) throw new Error('The third event was not told.');
    const rest = recordsOf(await told(store, isCaughtUp, third.at));
    expect(rest.map(({ id }) => id)).toEqual([events[3]?.id, events[4]?.id]);
    expect(all.some(({ createdMs }) => createdMs % 1000 !== 0)).toBe(true);
  });

  it('says which version it is', async () => {
    expect((await store.describeServer()).version).toMatch(/^\d+\.\d+/);
  });
});

describe('an event store without events', () => {
  it('has passed no place', async () => {
    const underTest = await storeOnDouble();
    const store = underTest.open();
    expect(await told(store, isCaughtUp)).toEqual([{ kind: 'caught-up' }]);
    await underTest.close();
  });
});

describe('the limits of streams in the event store', () => {
  it('are what was set last, what was deleted, and what was deleted for ever', async () => {
    const underTest = await storeOnDouble();
    const { double, prefix } = underTest;
    const store = underTest.open();
    expect(await store.readLimits()).toEqual([]);
    double.data.setMetadata(`${prefix}aged`, '{"$maxAge":100,"$maxCount":2}');
    double.data.setMetadata('another-log', '{"$maxAge":100}');
    double.data.delete(`${prefix}gone`);
    double.data.setMetadata(`${prefix}cut`, '{"$tb":3}');
    const [first] = await store.readLimits();
    double.data.setMetadata(`${prefix}cut`, '{}');
    double.data.tombstone(`${prefix}buried`);
    const found = (await store.readLimits()).map(({ at: _at, ...limit }) => limit);
    expect(found).toEqual([
      { stream: 'aged', limit: 'max-age', value: 100 },
      { stream: 'aged', limit: 'max-count', value: 2 },
      { stream: 'gone', limit: 'deleted' },
      { stream: 'cut', limit: 'truncated-before', value: 3 },
      { stream: 'cut', limit: 'none' },
      { stream: 'buried', limit: 'tombstoned' },
    ]);
    expect((await store.readLimits(first?.at))[0]).toMatchObject({ stream: 'gone' });
    await expect(store.append({ stream: 'buried', expected: 'any', events: [event()] })).rejects.toThrow(
      'permanently deleted',
    );
    await expect(store.readStreamEnd('buried')).rejects.toThrow('permanently deleted');
    await underTest.close();
  });
});

describe('an event store that takes appends to several streams', () => {
  it('appends all or none', async () => {
    const underTest = await storeOnDouble({ version: '25.1.0' });
    const store = underTest.open();
    expect(await store.describeServer()).toEqual({ version: '25.1.0', appendsTogether: true });
    const [one, other] = [uniqueName(), uniqueName()];
    await store.append({ stream: one, expected: 'none', events: [event()] });
    const refused = [
      { stream: other, expected: 'none', events: [event()] },
      { stream: one, expected: 'none', events: [event()] },
    ] as const;
    expect(await store.appendTogether(refused)).toEqual({ outcome: 'conflict', stream: one, actual: 0 });
    expect(await store.readStreamEnd(other)).toBeNull();
    const taken = refused.map((each) => ({ ...each, expected: each.stream === one ? revisionAt(0) : each.expected }));
    expect(await store.appendTogether(taken)).toMatchObject({ outcome: 'appended' });
    expect([await store.readStreamEnd(one), await store.readStreamEnd(other)]).toEqual([1, 0]);
    const all = recordsOf(await told(store, isCaughtUp));
    expect(all.map(({ metadata }) => metadata['key'])).toHaveLength(3);
    expect(recordsOf(await told(store, isCaughtUp, all[1]?.at))).toEqual(all.slice(2));
    await underTest.close();
  });
});
