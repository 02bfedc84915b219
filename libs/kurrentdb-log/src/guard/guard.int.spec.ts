import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { settleSetting } from '#event-log/adapter';
import { eventually } from '../../../../test/support/eventually.js';
import { event, uniqueName } from '../../../event-log/src/contract/contract-requests.js';
import { openMirrorUnderTest } from '../contract/mirror-under-test.js';
import type { PostgresUnderTest } from '../../../event-log/src/contract/postgres-under-test.js';
import { StoreInMemory } from '../contract/store-in-memory.js';
import { Guard } from './guard.js';
import type { GuardFinding } from './guard-comparison.js';
import { readStoreStatus } from './guard-status.js';
import { Sequencer } from '../sequencer/sequencer.js';
import type { StoredRecord, StreamLimit } from '../store/store.js';

const RECORDS = 1_200;
const never = new AbortController().signal;

describe('the guard over a store', () => {
  const store = new StoreInMemory();
  let postgres: PostgresUnderTest;
  let kept: readonly StoredRecord[];
  let limits: StreamLimit[] = [];

  beforeAll(async () => {
    postgres = await openMirrorUnderTest();
    await settleSetting(postgres.pool, 'log', 'kurrentdb');
    for (let index = 0; index < RECORDS; index += 1)
      if (index % 100 === 7) store.add({ stream: 'policy-a' });
      else store.addEvent(event(uniqueName()), { stream: `policy-${index % 5}` });
    // A key that is taken, and a repeat: what stands for them is compared, too.
    const [first] = store.records;
    if (first) store.add({ ...first, stream: 'policy-b' });
    kept = [...store.records];
    const stop = new AbortController();
    const needs = { pool: postgres.pool, store, name: 'one', onTrouble: () => undefined };
    const sequencing = new Sequencer(needs).run(stop.signal);
    await eventually('the log is level', async () => (await postgres.log.head()).position === store.records.length);
    stop.abort();
    await sequencing;
  });
  beforeEach(() => {
    limits = [];
  });
  afterEach(() => {
    store.records.splice(0, Infinity, ...kept);
  });
  afterAll(() => postgres.close());

  function guardOver(): { readonly guard: Guard; readonly found: GuardFinding[] } {
    const found: GuardFinding[] = [];
    const guard = new Guard({
      pool: postgres.pool,
      store: {
        readAll: (page) => store.readAll(page),
        readStream: (stream, page) => store.readStream(stream, page),
        readLimits: async (after) => limits.filter(({ at }) => !after || at.commit > after.commit),
      },
      onFinding: (finding) => found.push(finding),
      onTrouble: (error) => {
        throw error;
      },
    });
    return { guard, found };
  }

  async function compared(): Promise<readonly Pick<GuardFinding, 'kind' | 'position'>[]> {
    const { guard, found } = guardOver();
    expect(await guard.compare(never, { restMs: 0 })).toBe(true);
    return found.map(({ kind, position }) => ({ kind, ...(position === undefined ? {} : { position }) }));
  }

  const change = (position: number, changes: Partial<StoredRecord>): void => {
    const record = store.records[position - 1];
    if (record) store.records[position - 1] = { ...record, ...changes };
  };

  it('finds nothing where nothing was done', async () => {
    expect(await compared()).toEqual([]);
    expect(await readStoreStatus(postgres.pool)).toMatchObject({
      findings: { altered: 0, blanked: 0, missing: 0, added: 0 },
      limitedStreams: 0,
      disregarded: RECORDS / 100 + 1,
      comparedAt: expect.any(Number),
    });
  });

  it.each<[string, Partial<StoredRecord>, GuardFinding['kind']]>([
    ['its content', { data: Buffer.from('{"content":"two"}') }, 'altered'],
    ['its id', { id: '00000000-0000-4000-8000-000000000000' }, 'altered'],
    ['its type', { type: 'toll.changed-again' }, 'altered'],
    ['its key', { metadata: { key: 'another', v: '1' } }, 'altered'],
    ['its form', { metadata: { key: 'another', v: '2' } }, 'altered'],
    ['when it came', { createdMs: 1_600_000_000_000 }, 'altered'],
    ['its stream', { stream: 'policy-c' }, 'altered'],
    ['its revision', { revision: 999 }, 'altered'],
    ['all of its content', { data: new Uint8Array(40) }, 'blanked'],
    ['what is left of it', { data: new Uint8Array() }, 'blanked'],
  ])('finds an event of which somebody changed %s', async (_what, changes, kind) => {
    change(601, changes);
    expect(await compared()).toEqual([{ kind, position: 601 }]);
    store.records.splice(0, Infinity, ...kept);
    change(8, changes);
    expect(await compared()).toEqual([{ kind, position: 8 }]);
  });

  it.each([1, 500, 501, RECORDS + 1])('finds that event %i is gone', async (position) => {
    store.records.splice(position - 1, 1);
    expect(await compared()).toEqual([{ kind: 'missing', position }]);
    const { findings, examples } = await readStoreStatus(postgres.pool);
    expect(findings.missing).toBe(1);
    expect(examples).toEqual([expect.stringContaining('has lost')]);
  });

  it('finds that a whole stretch is gone', async () => {
    store.records.splice(100, 1_050);
    const found = await compared();
    expect(found).toEqual(Array.from({ length: 1_000 }, (_, index) => ({ kind: 'missing', position: 101 + index })));
  });

  it.each([0, 499, 500, 700])('finds an event that was added behind the first %i', async (count) => {
    const [before, after] = [store.records[count - 1], store.records[count]];
    if (!after) throw new Error('There is none behind.');
    const at = { commit: (before?.at.commit ?? 0n) + 1n, prepare: (before?.at.prepare ?? 0n) + 1n };
    store.records.splice(count, 0, { ...after, at });
    expect(await compared()).toEqual([{ kind: 'added' }]);
  });

  it('tells of what is put right no more, once it has compared again', async () => {
    store.records.splice(10, 1);
    await compared();
    store.records.splice(0, Infinity, ...kept);
    await compared();
    expect((await readStoreStatus(postgres.pool)).findings.missing).toBe(0);
  });

  it('does not take for added what the log has not got yet', async () => {
    store.addEvent(event(uniqueName()));
    expect(await compared()).toEqual([]);
  });

  it('refuses a store that has not the last event where it was', async () => {
    const { guard } = guardOver();
    await guard.assertSameStore();
    store.records.pop();
    await expect(guard.assertSameStore()).rejects.toThrow('KURRENTDB_URL names another store');
    const last = kept.at(-1);
    if (last) store.records.push({ ...last, at: { commit: 1n, prepare: 1n } });
    await expect(guard.assertSameStore()).rejects.toMatchObject({ name: 'MirrorMismatchError' });
  });

  it('refuses limits by which the store would forget events, until they are taken back', async () => {
    const at = (commit: number): StreamLimit['at'] => ({ commit: BigInt(commit), prepare: BigInt(commit) });
    const { guard } = guardOver();
    await guard.assertUnlimited();
    limits.push({ stream: 'policy-1', at: at(10), limit: 'max-age', value: 60 });
    limits.push({ stream: 'policy-1', at: at(10), limit: 'max-count', value: 5 });
    limits.push({ stream: 'policy-2', at: at(11), limit: 'deleted' });
    await expect(guard.assertUnlimited()).rejects.toThrow(
      /"policy-1" keeps its events for 60 s .*"policy-1" keeps 5 events .*"policy-2" was deleted/,
    );
    expect((await readStoreStatus(postgres.pool)).limitedStreams).toBe(2);
    limits.push({ stream: 'policy-1', at: at(12), limit: 'none' });
    await expect(guard.assertUnlimited()).rejects.toThrow(/^(?!.*policy-1).*"policy-2" was deleted/);
    limits.push({ stream: 'policy-2', at: at(13), limit: 'truncated-before', value: 3 });
    await expect(guardOver().guard.assertUnlimited()).rejects.toThrow('"policy-2" begins with event 3');
    limits.push({ stream: 'policy-2', at: at(14), limit: 'none' });
    await guard.assertUnlimited();
    limits.push({ stream: 'policy-3', at: at(15), limit: 'tombstoned' });
    limits.push({ stream: 'policy-3', at: at(16), limit: 'none' });
    await expect(guard.assertUnlimited()).rejects.toThrow('"policy-3" was deleted permanently');
  });
});
