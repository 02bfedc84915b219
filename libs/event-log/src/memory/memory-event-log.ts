import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { entryText, readEntry } from '../entry.js';
import { type Draft, type FlushPlan, type Landing, lastOf, planFlush } from '../plan-flush.js';
import type { OnRecord } from '../plan-append.js';
import { type Position, type Revision, positionOf } from '../positions.js';
import {
  type AppendOutcome,
  type AppendRequest,
  type EventLog,
  type Head,
  type LogEntry,
  type Place,
  type TogetherOutcome,
  assertGapless,
} from '../port.js';

/** An event log in memory, for tests of what stands on a log: the readable reference for the adapters. */
export function createMemoryEventLog(now: () => number): EventLog {
  return new MemoryEventLog(now);
}

class MemoryEventLog implements EventLog {
  readonly #entries: LogEntry[] = [];
  readonly #places = new Map<string, Place>();
  readonly #idempotent = new Map<string, Place>();
  readonly #heads = new Map<string, Place>();
  readonly #readers = new Set<() => void>();
  readonly #record: OnRecord = {
    head: (stream) => this.#heads.get(stream),
    place: (key) => this.#places.get(key),
    idempotent: (idempotencyKey) => this.#idempotent.get(idempotencyKey),
  };
  /** Appends take turns: what is appended together is not seen half. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly now: () => number) {}

  append(request: AppendRequest): Promise<AppendOutcome> {
    return this.#inTurn(async () => {
      const [outcome] = this.#flush([request]);
      if (!outcome) throw new Error('A request was not judged.');
      return outcome;
    });
  }

  appendMany(requests: readonly AppendRequest[]): Promise<readonly AppendOutcome[]> {
    return this.#inTurn(async () => this.#flush(requests));
  }

  appendTogether(batches: AsyncIterable<readonly AppendRequest[]>): Promise<TogetherOutcome> {
    return this.#inTurn(async () => {
      const requests: AppendRequest[] = [];
      for await (const batch of batches) requests.push(...batch);
      const plan = planFlush(requests, this.#record);
      const landing = this.#landing();
      const outcomes = plan.outcomes(landing);
      const index = outcomes.findIndex(({ outcome }) => outcome !== 'appended' && outcome !== 'duplicate');
      const reason = outcomes[index];
      if (reason) return { outcome: 'refused', index, reason };
      this.#land(plan, landing);
      return { outcome: 'appended', events: plan.drafts.length, last: lastOf(outcomes) };
    });
  }

  readFirsts(after: Position, limit: number): Promise<readonly LogEntry[]> {
    return Promise.resolve(
      this.#entries.filter(({ revision, position }) => revision === 0 && position > after).slice(0, limit),
    );
  }

  readTypes(types: readonly string[], after: Position, limit: number): Promise<readonly LogEntry[]> {
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
    { after, limit }: { readonly after?: Revision; readonly limit: number },
  ): Promise<readonly LogEntry[]> {
    return Promise.resolve(
      this.#entries.filter((entry) => entry.stream === stream && entry.revision > (after ?? -1)).slice(0, limit),
    );
  }

  readAll(after: Position, limit: number): Promise<readonly LogEntry[]> {
    const entries = this.#entries.slice(after, after + limit);
    assertGapless(after, entries);
    return Promise.resolve(entries);
  }

  readKeys(keys: readonly string[]): Promise<readonly LogEntry[]> {
    const wanted = new Set(keys);
    return Promise.resolve(this.#entries.filter(({ key }) => wanted.has(key)));
  }

  readIdempotencyKey(key: string): Promise<LogEntry | undefined> {
    const place = this.#idempotent.get(key);
    return Promise.resolve(place && this.#entries[place.position - 1]);
  }

  head(): Promise<Head> {
    return Promise.resolve({ position: this.#last(), recordedAt: this.#entries.at(-1)?.recordedAt ?? null });
  }

  async positionAt(instantMs: number, timeoutMs: number): Promise<Position | undefined> {
    const end = performance.now() + timeoutMs;
    while (Math.trunc(this.now()) <= instantMs && (this.#entries.at(-1)?.recordedAt ?? 0) <= instantMs) {
      if (performance.now() >= end) return undefined;
      await delay(1);
    }
    return this.#entries.findLast(({ recordedAt }) => recordedAt <= instantMs)?.position ?? positionOf(0);
  }

  recordedAtOf(position: Position): Promise<number | undefined> {
    return Promise.resolve(this.#entries[position - 1]?.recordedAt);
  }

  async *subscribe(
    after: Position,
    { signal, batchLimit }: { readonly signal: AbortSignal; readonly batchLimit: number },
  ): AsyncGenerator<readonly LogEntry[]> {
    for (let position = after; !signal.aborted;) {
      const appended = this.#nextAppend(signal);
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
    const plan = planFlush(requests, this.#record);
    const landing = this.#landing();
    this.#land(plan, landing);
    return plan.outcomes(landing);
  }

  #landing(): Landing {
    return { base: this.#last(), recordedAt: Math.max(Math.trunc(this.now()), this.#entries.at(-1)?.recordedAt ?? 0) };
  }

  #land({ drafts, kept }: FlushPlan, landing: Landing): void {
    for (const draft of drafts) this.#store(draft, landing);
    for (const { idempotencyKey, at } of kept) {
      const entry = this.#entries[('position' in at ? at.position : landing.base + at.offset) - 1];
      const place = entry && this.#places.get(entry.key);
      if (place) this.#idempotent.set(idempotencyKey, place);
    }
    for (const wake of this.#readers) wake();
  }

  #store({ event, stream, revision, offset, prev }: Draft, { base, recordedAt }: Landing): void {
    const position = positionOf(base + offset);
    const previous = prev && ('position' in prev ? prev.position : positionOf(base + prev.offset));
    const { id, key, type, erasable = [] } = event;
    const entry = entryText(event, stream, { position, revision, prev: previous, recordedAt });
    const stored = { position, id, key, type, stream, revision, recordedAt, entry, ...readEntry(entry), erasable };
    this.#entries.push(previous === undefined ? stored : { ...stored, prev: previous });
    const place = { position, revision, recordedAt, id, key, stream };
    this.#places.set(key, place);
    this.#heads.set(stream, place);
  }

  #last(): Position {
    return positionOf(this.#entries.length);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #nextAppend(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#readers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#readers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
