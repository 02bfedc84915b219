import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { entryText, readEntry } from '../entries/entry.js';
import { type Draft, type FlushPlan, type FlushLocation, lastPositionIn, planFlush } from '../plan-flush.js';
import { type LogView, isAppendRefused } from '../plan-append.js';
import { type LogPosition, type StreamRevision, positionOf } from '../positions.js';
import {
  type AppendOutcome,
  type AppendRequest,
  type EventLog,
  type Head,
  type LogEntry,
  type EventLocation,
  type TogetherOutcome,
  assertGapless,
} from '../port.js';
import { WaitingReaders } from '../waiting-readers.js';

/** An event log in memory, for tests of what uses a log: the readable reference for the adapters. */
export function createMemoryEventLog(now: () => number): EventLog {
  return new MemoryEventLog(now);
}

class MemoryEventLog implements EventLog {
  readonly #entries: LogEntry[] = [];
  readonly #byKey = new Map<string, EventLocation>();
  readonly #byIdempotencyKey = new Map<string, EventLocation>();
  readonly #streamEnds = new Map<string, EventLocation>();
  readonly #readers = new WaitingReaders();
  readonly #view: LogView = {
    streamEnd: (stream) => this.#streamEnds.get(stream),
    findKey: (key) => this.#byKey.get(key),
    findIdempotencyKey: (idempotencyKey) => this.#byIdempotencyKey.get(idempotencyKey),
  };
  /** Appends take turns: what is appended together is not seen half. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly now: () => number) {}

  append(request: AppendRequest): Promise<AppendOutcome> {
    return this.#takeTurn(async () => {
      const [outcome] = this.#flush([request]);
      if (!outcome) throw new Error('A request has no outcome.');
      return outcome;
    });
  }

  appendMany(requests: readonly AppendRequest[]): Promise<readonly AppendOutcome[]> {
    return this.#takeTurn(async () => this.#flush(requests));
  }

  appendTogether(batches: AsyncIterable<readonly AppendRequest[]>): Promise<TogetherOutcome> {
    return this.#takeTurn(async () => {
      const requests: AppendRequest[] = [];
      for await (const batch of batches) requests.push(...batch);
      const plan = planFlush(requests, this.#view);
      const location = this.#locateNextFlush();
      const outcomes = plan.outcomes(location);
      const index = outcomes.findIndex(isAppendRefused);
      const reason = outcomes[index];
      if (reason) return { outcome: 'refused', index, reason };
      this.#storeFlush(plan, location);
      return { outcome: 'appended', events: plan.drafts.length, last: lastPositionIn(outcomes) };
    });
  }

  readFirsts(after: LogPosition, limit: number): Promise<readonly LogEntry[]> {
    return Promise.resolve(
      this.#entries.filter(({ revision, position }) => revision === 0 && position > after).slice(0, limit),
    );
  }

  readTypes(types: readonly string[], after: LogPosition, limit: number): Promise<readonly LogEntry[]> {
    const wanted = new Set(types);
    return Promise.resolve(
      this.#entries
        .slice(after)
        .filter(({ type }) => wanted.has(type))
        .slice(0, limit),
    );
  }

  readStream(
    stream: string,
    { after, limit }: { readonly after?: StreamRevision; readonly limit: number },
  ): Promise<readonly LogEntry[]> {
    return Promise.resolve(
      this.#entries.filter((entry) => entry.stream === stream && entry.revision > (after ?? -1)).slice(0, limit),
    );
  }

  readAll(after: LogPosition, limit: number): Promise<readonly LogEntry[]> {
    const entries = this.#entries.slice(after, after + limit);
    assertGapless(after, entries);
    return Promise.resolve(entries);
  }

  readKeys(keys: readonly string[]): Promise<readonly LogEntry[]> {
    const wanted = new Set(keys);
    return Promise.resolve(this.#entries.filter(({ key }) => wanted.has(key)));
  }

  readIdempotencyKey(key: string): Promise<LogEntry | undefined> {
    const location = this.#byIdempotencyKey.get(key);
    return Promise.resolve(location && this.#entries[location.position - 1]);
  }

  head(): Promise<Head> {
    return Promise.resolve({ position: this.#lastPosition(), recordedAt: this.#entries.at(-1)?.recordedAt ?? null });
  }

  async positionAt(instantMs: number, timeoutMs: number): Promise<LogPosition | undefined> {
    const end = performance.now() + timeoutMs;
    while (Math.trunc(this.now()) <= instantMs && (this.#entries.at(-1)?.recordedAt ?? 0) <= instantMs) {
      if (performance.now() >= end) return undefined;
      await delay(1);
    }
    return this.#entries.findLast(({ recordedAt }) => recordedAt <= instantMs)?.position ?? positionOf(0);
  }

  recordedAtOf(position: LogPosition): Promise<number | undefined> {
    return Promise.resolve(this.#entries[position - 1]?.recordedAt);
  }

  async *subscribe(
    after: LogPosition,
    { signal, batchLimit }: { readonly signal: AbortSignal; readonly batchLimit: number },
  ): AsyncGenerator<readonly LogEntry[]> {
    for (let position = after; !signal.aborted;) {
      const appended = this.#readers.next(signal);
      const entries = await this.readAll(position, batchLimit);
      if (entries.length > 0) yield entries;
      else await appended;
      position = entries.at(-1)?.position ?? position;
    }
  }

  close(): Promise<void> {
    return this.#turn.then(() => undefined);
  }

  #flush(requests: readonly AppendRequest[]): readonly AppendOutcome[] {
    const plan = planFlush(requests, this.#view);
    const location = this.#locateNextFlush();
    this.#storeFlush(plan, location);
    return plan.outcomes(location);
  }

  #locateNextFlush(): FlushLocation {
    return {
      base: this.#lastPosition(),
      recordedAt: Math.max(Math.trunc(this.now()), this.#entries.at(-1)?.recordedAt ?? 0),
    };
  }

  #storeFlush({ drafts, kept }: FlushPlan, location: FlushLocation): void {
    for (const draft of drafts) this.#store(draft, location);
    for (const { idempotencyKey, at } of kept) {
      const entry = this.#entries[('position' in at ? at.position : location.base + at.offset) - 1];
      const first = entry && this.#byKey.get(entry.key);
      if (first) this.#byIdempotencyKey.set(idempotencyKey, first);
    }
    this.#readers.wake();
  }

  #store({ event, stream, revision, offset, prev }: Draft, { base, recordedAt }: FlushLocation): void {
    const position = positionOf(base + offset);
    const previous = prev && ('position' in prev ? prev.position : positionOf(base + prev.offset));
    const { id, key, type, erasable = [] } = event;
    const entry = entryText(event, stream, { position, revision, prev: previous, recordedAt });
    const stored = { position, id, key, type, stream, revision, recordedAt, entry, ...readEntry(entry), erasable };
    this.#entries.push(previous === undefined ? stored : { ...stored, prev: previous });
    const location = { position, revision, recordedAt, id, key, stream };
    this.#byKey.set(key, location);
    this.#streamEnds.set(stream, location);
  }

  #lastPosition(): LogPosition {
    return positionOf(this.#entries.length);
  }

  #takeTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
