import type { AllStreamResolvedEvent, AllStreamSubscription } from '@kurrent/kurrentdb-client';
import { sleep } from '#postgres';
import { clientPackage, connect, discard, limitTime } from './store-client.js';
import { StoreSilentError, toStoreFault } from './store-faults.js';
import type { StoreLimits } from './store-limits.js';
import { toStoredRecord } from './store-records.js';
import type { StorePosition, StoreSignal, StoredRecord } from './store.js';

/** The options of a subscription. */
export interface FollowOptions {
  readonly url: string;
  readonly prefix: string;
  readonly after?: StorePosition;
  readonly signal: AbortSignal;
  readonly batchLimit: number;
  readonly limits: StoreLimits;
  /** Called each time that a subscription is lost and will be made again. */
  readonly onLost?: (error: Error) => void;
}

/** The store sends its position after this many windows of 32 events that are none of the log's. */
const CHECKPOINT_WINDOWS = 8;

/** An empty store sends the position -1, which as an unsigned number is the greatest. */
const isStorePosition = ({ commit, prepare }: StorePosition): boolean => commit < 2n ** 63n && prepare < 2n ** 63n;

const QUIET = 'on a subscription';

/** Follows the log's events in the store, over as many subscriptions as it takes. */
export async function* follow(options: FollowOptions): AsyncGenerator<StoreSignal> {
  const { signal, limits } = options;
  let after = options.after;
  let waitMs = limits.firstRetryMs;
  while (!signal.aborted) {
    try {
      for await (const received of subscribeOnce({ ...options, ...(after && { after }) })) {
        waitMs = limits.firstRetryMs;
        after = positionAfter(received) ?? after;
        yield received;
      }
      // A subscription that ends without an error is as lost as one that breaks.
      if (!signal.aborted) options.onLost?.(new Error('The event store ended a subscription.'));
    } catch (error) {
      // An idle store is quiet too: nothing may be wrong, but only a new subscription can tell.
      if (error instanceof StoreSilentError && error.what === QUIET) continue;
      options.onLost?.(toStoreFault(error));
    }
    await sleep(waitMs, signal);
    waitMs = Math.min(waitMs * 2, limits.lastRetryMs);
  }
}

function positionAfter(received: StoreSignal): StorePosition | undefined {
  switch (received.kind) {
    case 'records':
      return received.records.at(-1)?.at;
    case 'passed':
      return received.at;
    case 'caught-up':
      return undefined;
  }
}

/** One subscription, with a client of its own, until it ends, breaks, or is quiet for too long. */
async function* subscribeOnce(options: FollowOptions): AsyncGenerator<StoreSignal> {
  const { signal, limits } = options;
  const client = connect(options.url);
  const tap = new Tap(options.prefix, options.batchLimit);
  const stop = (): void => tap.end();
  signal.addEventListener('abort', stop);
  try {
    const { START, streamNameFilter } = await clientPackage();
    tap.open(
      (await client).subscribeToAll(
        {
          fromPosition: options.after ?? START,
          filter: streamNameFilter({
            prefixes: [options.prefix],
            checkpointInterval: CHECKPOINT_WINDOWS,
            checkpointReached: (_subscription, at) => {
              if (isStorePosition(at)) tap.mark({ kind: 'passed', at });
            },
          }),
        },
        { highWaterMark: options.batchLimit },
      ),
    );
    await limitTime('a subscription', limits.subscribedMs, tap.confirmed);
    while (!signal.aborted) {
      const received = await limitTime(QUIET, limits.quietMs, tap.next());
      if (!received) return;
      yield received;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    tap.end();
    discard(client);
  }
}

/** The signals of a subscription in order: events, and the marks that the client reports beside them. */
class Tap {
  readonly confirmed: Promise<void>;
  #subscription: AllStreamSubscription | undefined;
  /** Marks, each with the number of events that come before it. */
  readonly #marks: { readonly mark: StoreSignal; readonly after: number }[] = [];
  #taken = 0;
  #end: { readonly error?: unknown } | undefined;
  #confirm: () => void = () => undefined;
  #wake: () => void = () => undefined;

  constructor(
    private readonly prefix: string,
    private readonly batchLimit: number,
  ) {
    this.confirmed = new Promise((resolve) => {
      this.#confirm = resolve;
    });
  }

  open(subscription: AllStreamSubscription): void {
    this.#subscription = subscription;
    subscription.on('confirmation', () => this.#confirm());
    subscription.on('caughtUp', () => this.mark({ kind: 'caught-up' }));
    subscription.on('readable', () => this.#wake());
    subscription.on('end', () => this.end());
    subscription.on('close', () => this.end());
    subscription.on('error', (error: unknown) => this.end(error));
    if (this.#end) void subscription.unsubscribe().catch(() => undefined);
  }

  /** The client reports a mark when it has passed on the events before it, which may not have been taken yet. */
  mark(mark: StoreSignal): void {
    this.#marks.push({ mark, after: this.#taken + (this.#subscription?.readableLength ?? 0) });
    this.#wake();
  }

  end(error?: unknown): void {
    if (this.#end) return;
    this.#end = error === undefined ? {} : { error };
    void this.#subscription?.unsubscribe().catch(() => undefined);
    this.#confirm();
    this.#wake();
  }

  /** Undefined at the end; throws where it ends with an error. */
  async next(): Promise<StoreSignal | undefined> {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const received = this.#take();
      if (received) return received;
      if (this.#end) {
        if (this.#end.error !== undefined) throw toStoreFault(this.#end.error);
        return undefined;
      }
      await woken;
      // Events come one by one: what arrives in the same turn of the event loop is received together.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  #take(): StoreSignal | undefined {
    const records: StoredRecord[] = [];
    let passed: StorePosition | undefined;
    while (records.length < this.batchLimit && !this.#isMarkDue()) {
      const resolved: AllStreamResolvedEvent | null = this.#end ? null : (this.#subscription?.read() ?? null);
      if (!resolved) break;
      this.#taken += 1;
      const record = toStoredRecord(this.prefix, resolved.event);
      if (record) records.push(record);
      else passed = resolved.event?.position ?? passed;
    }
    if (records.length > 0) return { kind: 'records', records };
    if (passed) return { kind: 'passed', at: passed };
    return this.#isMarkDue() ? this.#marks.shift()?.mark : undefined;
  }

  #isMarkDue(): boolean {
    const [next] = this.#marks;
    return next !== undefined && next.after <= this.#taken;
  }
}
