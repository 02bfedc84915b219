import { setTimeout as delay } from 'node:timers/promises';
import {
  appendInTurn,
  type AppendOutcome,
  type AppendRequest,
  FLUSH_LIMIT,
  LogOverloadedError,
  LogUnavailableError,
  QUEUE_LIMIT,
  type TogetherOutcome,
} from '#event-log/adapter';
import { appendAllOrNone } from './append-together.js';
import { type FailedAppends, StoreWriter, type StoreWriterNeeds } from './store-writer.js';

interface Waiting {
  readonly request: AppendRequest;
  /** It is one of a series whose order is to be kept. */
  readonly inOrder: boolean;
  readonly since: number;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** The wait before requests are tried again that conflicted with others. */
const PAUSE_MS = 20;

/**
 * Appends that wait share a flush: planned together, their names reserved in one call, appended at once.
 *
 * One flush is under way at a time; its requests are answered once their events have positions, while the next one is
 * under way. Outcomes are each request's own.
 */
export class StoreCommit {
  readonly #writer: StoreWriter;
  #queue: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly needs: StoreWriterNeeds) {
    this.#writer = new StoreWriter(needs);
  }

  append(request: AppendRequest): Promise<AppendOutcome> {
    return this.#append(request, false);
  }

  /** Appends each request on its own; the store has them in their order, whatever their streams. */
  appendMany(requests: readonly AppendRequest[]): Promise<readonly AppendOutcome[]> {
    return appendInTurn(requests, (request) => this.#append(request, true));
  }

  async appendTogether(batches: AsyncIterable<readonly AppendRequest[]>): Promise<TogetherOutcome> {
    const requests: AppendRequest[] = [];
    for await (const batch of batches) requests.push(...batch);
    return this.#takeTurn(() => appendAllOrNone(this.#writer, requests, this.needs.limits.contendedMs));
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    await this.#turn;
    for (let open: Promise<void> | undefined; (open = this.#flushing); await this.#writer.drain()) await open;
    await this.#writer.drain();
    this.#writer.close();
  }

  #append(request: AppendRequest, inOrder: boolean): Promise<AppendOutcome> {
    if (this.#queue.length >= QUEUE_LIMIT)
      return Promise.reject(new LogOverloadedError(`${QUEUE_LIMIT} appends are already waiting. Try again shortly.`));
    return new Promise((resolve, reject) => {
      this.#enqueue([{ request, inOrder, since: Date.now(), resolve, reject }]);
    });
  }

  #enqueue(waiting: readonly Waiting[]): void {
    this.#queue.push(...waiting);
    if (this.#queue.length > 0) this.#flushing ??= this.#flushAll();
  }

  async #flushAll(): Promise<void> {
    // One turn of the event loop lets callers that were woken together join the same flush.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, FLUSH_LIMIT);
      this.#queue = this.#queue.slice(FLUSH_LIMIT);
      const again = this.#rejectExpired(await this.#takeTurn(() => this.#flush(batch)));
      if (again.length > 0 && this.#queue.length === 0) await delay(PAUSE_MS);
      this.#queue = [...again, ...this.#queue];
    }
    this.#flushing = undefined;
  }

  #takeTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Rejects those that other appends have been in the way of for too long; answers the others. */
  #rejectExpired(again: readonly Waiting[]): readonly Waiting[] {
    const since = Date.now() - this.needs.limits.contendedMs;
    for (const waiting of again)
      if (waiting.since < since)
        waiting.reject(
          new LogUnavailableError(
            'Concurrent appends conflicted with this one. Nothing was recorded; try again shortly.',
          ),
        );
    return again.filter((waiting) => waiting.since >= since);
  }

  /** Answers what is to be tried again. */
  async #flush(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    try {
      const { requests, outcomes, ...rest } = await this.#writer.plan(batch.map(({ request }) => request));
      const inOrder = batch.some((waiting) => waiting.inOrder);
      const failed = await this.#writer.append({ requests, outcomes, ...rest }, { inOrder });
      const outcomeOf = new Map(requests.map((request, index) => [request, outcomes[index]]));
      const again: Waiting[] = [];
      for (const waiting of batch) {
        const planned = outcomeOf.get(waiting.request);
        const error = planned && errorOf(waiting.request, planned, failed);
        if (error) waiting.reject(error.cause);
        else if (!planned || restsOnFailed(waiting.request, planned, failed)) again.push(waiting);
        else this.#writer.trackWork(this.#answerOnceLocated(waiting, planned));
      }
      return again;
    } catch (error) {
      // What one request cannot have must not cost the others theirs.
      if (batch.length > 1 && !(error instanceof LogUnavailableError)) {
        const again: Waiting[] = [];
        for (const waiting of batch) again.push(...(await this.#flush([waiting])));
        return again;
      }
      for (const { reject } of batch) reject(error);
      return [];
    }
  }

  async #answerOnceLocated(waiting: Waiting, planned: AppendOutcome): Promise<void> {
    try {
      const outcome = await this.#writer.locateOutcome(waiting.request, planned);
      if (outcome) waiting.resolve(outcome);
      else this.#enqueue(this.#rejectExpired([waiting]));
    } catch (error) {
      waiting.reject(error);
    }
  }
}

/** The error by which a request's own events were not appended; undefined where they were, or others came first. */
function errorOf(
  { events: [first] }: AppendRequest,
  planned: AppendOutcome,
  failed: FailedAppends,
): { readonly cause: unknown } | undefined {
  const own = planned.outcome === 'appended' && first ? failed.get(first.id)?.result : undefined;
  return own && own.outcome !== 'conflict' ? { cause: own.error } : undefined;
}

/** True for an outcome that names events, or the end of a stream, that were not appended. */
function restsOnFailed({ stream }: AppendRequest, planned: AppendOutcome, failed: FailedAppends): boolean {
  switch (planned.outcome) {
    case 'appended':
    case 'duplicate':
      return planned.locations.some(({ id }) => failed.has(id));
    case 'key-reused':
    case 'idempotency-key-reused':
      return failed.has(planned.location.id);
    case 'conflict':
      return [...failed.values()].some((one) => one.stream === stream);
    case 'pending':
      return false;
  }
}
