import { randomUUID } from 'node:crypto';
import { type NewEvent, WaitingReaders } from '#event-log/adapter';
import type { StorePosition, StoreSignal, StoredRecord } from '../store/store.js';

/** The parts of a record that a test gives; the rest is as the adapter would write it. */
export type RecordToStore = Partial<Omit<StoredRecord, 'at' | 'revision'>>;

/** The order of a store, for tests of what copies it: it takes whatever it is given. */
export class StoreInMemory {
  readonly records: StoredRecord[] = [];
  readonly #revisions = new Map<string, number>();
  readonly #readers = new WaitingReaders();
  #end = 0n;

  add(given: RecordToStore): StoredRecord {
    const { stream = 'policy-ferry' } = given;
    const revision = (this.#revisions.get(stream) ?? -1) + 1;
    this.#revisions.set(stream, revision);
    // Positions of a store have gaps.
    this.#end += 100n + BigInt(this.records.length % 7);
    const record: StoredRecord = {
      id: randomUUID(),
      type: 'toll.changed',
      createdMs: 1_700_000_000_123 + this.records.length,
      data: Buffer.from('{}'),
      metadata: {},
      ...given,
      stream,
      at: { commit: this.#end, prepare: this.#end },
      revision,
    };
    this.records.push(record);
    this.#readers.wake();
    return record;
  }

  /** Adds an event in the form in which the adapter stores it. */
  addEvent(event: NewEvent, given: RecordToStore = {}): StoredRecord {
    const { id, key, type, body } = event;
    return this.add({ id, type, data: Buffer.from(body), ...given, metadata: { key, v: '1', ...given.metadata } });
  }

  async *subscribeAll({
    after,
    signal,
    batchLimit,
  }: {
    readonly after?: StorePosition;
    readonly signal: AbortSignal;
    readonly batchLimit: number;
  }): AsyncGenerator<StoreSignal> {
    let next = after ? this.records.findIndex(({ at }) => at.commit > after.commit) : 0;
    if (next < 0) next = this.records.length;
    while (!signal.aborted) {
      const added = this.#readers.next(signal);
      const records = this.records.slice(next, next + batchLimit);
      next += records.length;
      if (records.length > 0) yield { kind: 'records', records };
      else {
        yield { kind: 'caught-up' };
        await added;
      }
    }
  }

  async readAll({ after, limit }: { readonly after?: StorePosition; readonly limit: number }): Promise<StoredRecord[]> {
    return this.records
      .filter(({ at }) => !after || at.commit > after.commit)
      .slice(0, limit)
      .map((record) => ({ ...record, createdMs: Math.floor(record.createdMs / 1_000) * 1_000 }));
  }

  async readStream(
    stream: string,
    { from, limit }: { readonly from: number; readonly limit: number },
  ): Promise<readonly StoredRecord[]> {
    return this.records.filter((each) => each.stream === stream && each.revision >= from).slice(0, limit);
  }
}
