import { trace } from '@opentelemetry/api';
import type { Pool, PoolClient } from 'pg';
import { type RetrySchedule, isConnectionFault, retry } from '#postgres';
import { isAppendRefused, type StreamEnd } from '../../plan-append.js';
import { lastPositionIn, planFlush } from '../../plan-flush.js';
import { type LogPosition, positionOf } from '../../positions.js';
import {
  type AppendOutcome,
  type AppendRequest,
  LogOverloadedError,
  LogUnavailableError,
  type TogetherOutcome,
} from '../../port.js';
import { callAppend } from './append-call.js';
import { AppendConnections } from './append-connections.js';
import { reportUnavailability, makeUnsettledError } from '../unavailability.js';
import { CachedLogView } from '../cached-log-view.js';
import { StreamEndCache } from '../../stream-end-cache.js';

/** The number of requests that may wait for a flush; further ones are refused with {@link LogOverloadedError}. */
export const QUEUE_LIMIT = 10_000;

/** The number of requests that go into one flush at most. */
export const FLUSH_LIMIT = 512;

/** The length of a flush, in characters, after which no further request is added: it is written as one statement. */
const FLUSH_LENGTH = 2 * 1024 * 1024;

/** The number of plans for a flush while the log is not as expected; after that, other appends wait for it. */
const PLANS_LIMIT = 4;

/** The waits after which a flush is tried again whose connection was lost. */
const APPEND_RETRIES: RetrySchedule = { waitsMs: [50, 200, 500, 1000, 2000], then: 'give-up' };

interface Waiting {
  readonly request: AppendRequest;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Appends that wait share a flush: one call, one commit.
 *
 * One flush is under way at a time; what arrives meanwhile forms the next. Outcomes are each request's own.
 */
export class GroupCommit {
  readonly #cache = new StreamEndCache<StreamEnd>();
  readonly #connections: AppendConnections;
  /** The end of the log as the last flush left it. */
  #head = positionOf(0);
  #queue: Waiting[] = [];
  #flushing: Promise<void> | undefined;

  constructor(pool: Pool) {
    this.#connections = new AppendConnections(pool, () => this.#cache.clear());
  }

  append(request: AppendRequest): Promise<AppendOutcome> {
    if (this.#queue.length >= QUEUE_LIMIT)
      return Promise.reject(new LogOverloadedError(`${QUEUE_LIMIT} appends are already waiting. Try again shortly.`));
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
      this.#flushing ??= this.#flushAll();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#flushing) await this.#flushing;
  }

  appendTogether(batches: AsyncIterable<readonly AppendRequest[]>): Promise<TogetherOutcome> {
    return this.#connections.use((client) => this.#inTransaction(client, batches));
  }

  async #flushAll(): Promise<void> {
    // One turn of the event loop lets callers that were woken together join the same flush.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, countForFlush(this.#queue));
      this.#queue = this.#queue.slice(batch.length);
      await this.#flush(batch);
    }
    // At once, not when the promise settles: whoever appends in between must start a flush of their own.
    this.#flushing = undefined;
  }

  async #flush(batch: readonly Waiting[]): Promise<void> {
    // A flush is of many requests, so it is within none of them.
    const span = trace.getTracer('policy-timeline').startSpan('flush', { root: true });
    try {
      const outcomes = await this.#appendWithReconnect(batch.map(({ request }) => request)).finally(() => span.end());
      batch.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index];
        if (outcome) resolve(outcome);
        else reject(new Error('A request has no outcome.'));
      });
    } catch (error) {
      this.#cache.clear();
      if (batch.length === 1 || error instanceof LogUnavailableError) for (const { reject } of batch) reject(error);
      // What one request cannot have must not cost the others theirs.
      else for (const waiting of batch) await this.#flush([waiting]);
    }
  }

  /** A lost connection leaves open whether the flush was recorded. The ids settle it: what is there was recorded by it. */
  async #appendWithReconnect(requests: readonly AppendRequest[]): Promise<readonly AppendOutcome[]> {
    const before = this.#head;
    let loss: unknown;
    const attempt = async (): Promise<readonly AppendOutcome[]> => {
      const outcomes = await this.#connections.use(
        async (client) =>
          (await this.#append(client, this.#cache, requests)) ?? (await this.#appendAlone(client, requests)),
      );
      return loss === undefined ? outcomes : claimAsOurs(outcomes, before);
    };
    const onTrouble = (error: unknown): void => {
      if (error === null) return;
      this.#cache.clear();
      loss = error;
    };
    try {
      return await retry(attempt, { schedule: APPEND_RETRIES, mayPass: isLoss, onTrouble });
    } catch (error) {
      this.#cache.clear();
      // What an earlier try left open is open still, whatever became of this one.
      throw error instanceof LogUnavailableError && (loss !== undefined || isLoss(error))
        ? makeUnsettledError(error)
        : error;
    }
  }

  /**
   * Appends while others wait: those who append to the same streams in each of their flushes would always be first.
   *
   * A call holds the head until the commit even when it stores nothing, so what one learns is still so for the next.
   */
  async #appendAlone(client: PoolClient, requests: readonly AppendRequest[]): Promise<readonly AppendOutcome[]> {
    // Of its own: what is not committed yet must not be seen by other flushes.
    const cache = new StreamEndCache<StreamEnd>();
    await reportUnavailability(client.query('BEGIN'));
    const outcomes = assertUndisturbed(await this.#append(client, cache, requests));
    await reportUnavailability(client.query('COMMIT'));
    this.#head = lastPositionIn(outcomes, this.#head);
    return outcomes;
  }

  /** Undefined when others appended in between each time. */
  async #append(
    client: PoolClient,
    cache: StreamEndCache<StreamEnd>,
    requests: readonly AppendRequest[],
  ): Promise<readonly AppendOutcome[] | undefined> {
    const view = new CachedLogView(cache);
    for (let attempt = 0; attempt < PLANS_LIMIT; attempt += 1) {
      const plan = planFlush(requests, view);
      const answer = await callAppend(client, view.expectedFor(requests, plan), plan);
      if ('location' in answer) {
        view.noteAppended(plan, answer.location);
        if (cache === this.#cache) this.#head = positionOf(answer.location.base + plan.drafts.length);
        return plan.outcomes(answer.location);
      }
      view.correct(answer.actual, requests);
    }
    return undefined;
  }

  async #inTransaction(client: PoolClient, batches: AsyncIterable<readonly AppendRequest[]>): Promise<TogetherOutcome> {
    // Of its own: what is not committed yet must not be seen by other flushes.
    const cache = new StreamEndCache<StreamEnd>();
    await reportUnavailability(client.query('BEGIN'));
    let [events, index, last] = [0, 0, positionOf(0)];
    for await (const batch of batches)
      for (const flush of chunksOf(batch, FLUSH_LIMIT)) {
        const outcomes = assertUndisturbed(await this.#append(client, cache, flush));
        const refused = outcomes.findIndex(isAppendRefused);
        const reason = outcomes[refused];
        if (reason) {
          await reportUnavailability(client.query('ROLLBACK'));
          return { outcome: 'refused', index: index + refused, reason };
        }
        events += outcomes.flatMap((outcome) => (outcome.outcome === 'appended' ? outcome.locations : [])).length;
        index += flush.length;
        last = lastPositionIn(outcomes, last);
      }
    await reportUnavailability(client.query('COMMIT'));
    return { outcome: 'appended', events, last };
  }
}

/** The number of waiting requests that go into the next flush: at least one. */
function countForFlush(queue: readonly Waiting[]): number {
  let length = 0;
  const last = queue.findIndex(({ request }, index) => {
    length += request.events.reduce((sum, { body }) => sum + body.length, 0);
    return index + 1 === FLUSH_LIMIT || length >= FLUSH_LENGTH;
  });
  return last < 0 ? queue.length : last + 1;
}

/** Returns the outcomes; while the head is held, the log cannot have changed between two calls. */
function assertUndisturbed<Outcomes>(outcomes: Outcomes | undefined): Outcomes {
  if (outcomes === undefined) throw new Error('The log changed although its head was held.');
  return outcomes;
}

/** After a lost connection: what is there now and was not before is taken to be ours, for the first that asked for it. */
function claimAsOurs(outcomes: readonly AppendOutcome[], before: LogPosition): readonly AppendOutcome[] {
  const claimed = new Set<LogPosition>();
  return outcomes.map((outcome) => {
    if (outcome.outcome !== 'duplicate' && outcome.outcome !== 'appended') return outcome;
    const position = outcome.locations[0]?.position ?? before;
    if (position <= before || claimed.has(position)) return outcome;
    claimed.add(position);
    return { ...outcome, outcome: 'appended' };
  });
}

/** Appends a long series, a flush at a time, so that it never fills the queue. */
export async function appendInTurn(
  requests: readonly AppendRequest[],
  append: (request: AppendRequest) => Promise<AppendOutcome>,
): Promise<readonly AppendOutcome[]> {
  const outcomes: AppendOutcome[] = [];
  for (const flush of chunksOf(requests, FLUSH_LIMIT)) outcomes.push(...(await Promise.all(flush.map(append))));
  return outcomes;
}

/** A list in parts of at most `size`. */
function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** True where a lost connection leaves open what was recorded. */
const isLoss = (error: unknown): boolean => error instanceof LogUnavailableError && isConnectionFault(error.cause);
