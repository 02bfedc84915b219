import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instant, position } from '#domain';
import { type EventLog, createPostgresEventLog, settleSetting } from '#event-log';
import { Sequencer } from '#kurrentdb-log';
import { keysInForce, stateAt } from '#temporal';
import { corpus } from '../../../../../test/support/events/corpus.js';
import { eventually } from '../../../../../test/support/eventually.js';
import {
  type MigratedDatabase,
  createMigratedDatabase,
} from '../../../../../test/support/databases/migrated-database.js';
import { policyRequests } from '../../../../../test/support/databases/one-log.js';
import { StoreInMemory } from '../../../../kurrentdb-log/src/contract/store-in-memory.js';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { eventsOfPolicy } from '../../core/replay/replay.js';
import { type ProjectionsOfProcess, composeProjections } from '../../../../../test/support/databases/projections.js';
import { compareWithReplay } from '../../rebuild/checks/replay-check.js';
import { eventsAt } from '../../queries/events/events.js';
import { anomaliesAt } from './anomalies.js';

const KINDS = new Set(['repeated', 'key-taken', 'not-ours']);

/** A record that the log did not take has no date, publication or source there. */
const NOT_IN_THE_LOG = {
  occurred: null,
  occurredFrom: null,
  occurredTo: null,
  occurredPrecision: 'unknown',
  publishedAt: null,
  source: null,
};

describe('records of an event store that the log did not take', () => {
  const store = new StoreInMemory();
  const stop = new AbortController();
  let database: MigratedDatabase;
  let log: EventLog;
  let projections: ProjectionsOfProcess;
  let sequencing: Promise<void>;
  let now: ResolvedCoordinate;

  const keyOf = (index: number): string => store.records[index]?.metadata['key'] ?? '';

  beforeAll(async () => {
    database = await createMigratedDatabase();
    await settleSetting(database.pool, 'log', 'kurrentdb');
    log = createPostgresEventLog({ pool: database.pool });
    const [first, second] = fc.sample(corpus({ size: 12 }), { numRuns: 2, seed: 7 });
    const requests = [
      ...policyRequests('harbour', first?.events ?? []),
      ...policyRequests('ferry', second?.events ?? []),
    ];
    for (const { stream, events } of requests) for (const event of events) store.addEvent(event, { stream });
    const [, one, other] = store.records;
    if (!one || !other) throw new Error('A corpus has events.');
    // A race recorded the key of one event for another policy; a retry was recorded again; somebody wrote by hand.
    store.addEvent({ id: crypto.randomUUID(), key: keyOf(1), type: other.type, body: text(other.data) }, ferry);
    store.addEvent({ id: other.id, key: keyOf(2), type: other.type, body: text(other.data) }, harbour);
    store.add({ ...harbour, type: 'policy.ended', data: Buffer.from('{ "by": "hand" }') });
    projections = composeProjections({ pool: database.pool, log, now: () => instant(Date.now()), onStopped: fail });
    await projections.start();
    const sequencer = new Sequencer({ pool: database.pool, store, name: 'one', onTrouble: fail });
    sequencing = sequencer.run(stop.signal);
    await eventually('the log is level', async () => (await log.head()).position === store.records.length);
    const head = position(store.records.length);
    await projections.readSide.waitFor(head, 30_000);
    const at = instant(Date.now());
    now = { recorded: head, recordedAt: null, knownAt: at, validAt: at };
  });
  afterAll(async () => {
    stop.abort();
    await sequencing;
    await projections.stop();
    await log.close();
    await database.drop();
  });

  const ferry = { stream: 'policy-ferry' };
  const harbour = { stream: 'policy-harbour' };

  it('are listed as anomalies, from their position on', async () => {
    const page = { limit: 1000 };
    const { items } = await anomaliesAt(database.pool, now, { filter: {}, page });
    const head = store.records.length;
    expect(items.filter(({ kind }) => KINDS.has(kind))).toEqual([
      {
        ...NOT_IN_THE_LOG,
        policyTitle: 'ferry',
        policy: 'ferry',
        event: expect.stringMatching(/^disregarded:policy-ferry\//),
        knownFrom: expect.any(String),
        position: head - 2,
        kind: 'key-taken',
        detail: expect.stringContaining(`"${keyOf(1)}" after the first`),
      },
      expect.objectContaining({ policy: 'harbour', position: head - 1, kind: 'repeated' }),
      expect.objectContaining({ policy: 'harbour', position: head, kind: 'not-ours' }),
    ]);
    const before = await anomaliesAt(database.pool, { ...now, recorded: position(head - 3) }, { filter: {}, page });
    expect(before.items.filter(({ kind }) => KINDS.has(kind))).toEqual([]);
    const ofKind = await anomaliesAt(database.pool, now, { filter: { kind: 'not-ours', policy: 'harbour' }, page });
    expect(ofKind.items).toHaveLength(1);
  });

  it.each(['harbour', 'ferry'])('assert nothing, and are in no timeline (%s)', async (slug) => {
    const head = store.records.length;
    const [with_, without] = await Promise.all([Infinity, head - 3].map((until) => eventsOfPolicy(log, slug, until)));
    expect(with_).toEqual(without);
    const state = stateAt(with_ ?? [], { recorded: now.recorded, knownAt: now.knownAt, validAt: now.validAt });
    const filter = { policy: slug };
    const listed = await eventsAt(database.pool, now, {
      filter,
      order: 'recorded',
      scope: 'primary',
      page: { limit: 1000 },
    });
    expect(listed.items.map(({ key }) => key).sort()).toEqual([...keysInForce(state)].sort());
  });

  it('are the same in read models that are built anew', async () => {
    const { isEqual, tables } = await compareWithReplay({ pool: database.pool, log });
    expect({ isEqual, disregarded: tables.find(({ table }) => table === 'disregarded')?.one.rows }).toEqual({
      isEqual: true,
      disregarded: 3,
    });
  });
});

const text = (data: Uint8Array): string => Buffer.from(data).toString();

function fail(error: unknown): void {
  if (error instanceof Error) throw error;
}
