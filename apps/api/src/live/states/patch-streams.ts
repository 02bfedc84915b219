import type { Instant } from '#domain';
import type { EventLog } from '#event-log';
import { type PolicyRow, type StateChanges, type Viewpoint, goesWithClock } from '#projections';
import type { StateDocument } from '#temporal';
import { AllStates } from './all-states.js';
import type { StreamConnection } from '../connection.js';
import { frameOf } from '../frames.js';
import type { PatchFeed } from './patch-feed.js';
import type { PatchFeeds } from './patch-feeds.js';
import { stateChangeMessage, wholeStateMessage } from './patch-message.js';
import { type PatchPoint, patchId } from './resume-points.js';
import { Semaphore } from '../semaphore.js';

/** The most clients that read states to catch up at a time. */
const CATCHING_UP_AT_ONCE = 4;

/** The request of a client of patches. */
export interface PatchRequest {
  readonly connection: StreamConnection;
  readonly viewpoint: Viewpoint;
  /** Absent: every policy. */
  readonly policy?: PolicyRow | undefined;
  /** Where it resumes; absent: from nothing. */
  readonly from?: PatchPoint | undefined;
}

interface Needs {
  readonly states: StateChanges;
  readonly feeds: PatchFeeds;
  readonly log: Pick<EventLog, 'recordedAtOf'>;
  readonly now: () => Instant;
  /** Called for each client that was moved back to catching up. */
  readonly onBehind: () => void;
}

/** The state that a client holds, and the point at which it was sent. */
interface Held {
  readonly point: PatchPoint;
  readonly state: StateDocument;
}

/** The subscribers of states: each first catches up, then receives patches from a feed. */
export class PatchStreams {
  readonly #catchingUp = new Semaphore(CATCHING_UP_AT_ONCE);

  constructor(private readonly needs: Needs) {}

  /** Sends a client its states until its stream ends. */
  follow(request: PatchRequest): Promise<void> {
    return this.needs.feeds.withFeed(request.viewpoint, async (feed) => {
      const follower = new PatchSubscription(request, { ...this.needs, feed, catchingUp: this.#catchingUp });
      while (request.connection.isOpen) await follower.followOnce();
    });
  }
}

class PatchSubscription {
  #shown: PatchPoint | undefined;
  #isReset = false;
  #isCaughtUp = false;

  constructor(
    private readonly request: PatchRequest,
    private readonly needs: Needs & { readonly feed: PatchFeed; readonly catchingUp: Semaphore },
  ) {
    const { from } = request;
    this.#shown = from && from.position > 0 ? from : undefined;
  }

  /** Lets the client catch up, then feeds it until it falls behind. */
  async followOnce(): Promise<void> {
    const { connection, policy } = this.request;
    await this.#checkResumePoint();
    if (policy) await this.#followPolicy(policy);
    else await this.#followAll();
    await connection.waitUntilDrained();
  }

  /** Resets a client whose resume point is older than a restatement, since its states may be wrong. */
  async #checkResumePoint(): Promise<void> {
    const shown = this.#shown;
    const { connection } = this.request;
    const { feeds, states } = this.needs;
    // Everything readable by now is sent before `caught-up`.
    await feeds.waitUntilReached(
      later(states.progress.position, shown?.position ?? states.progress.position),
      connection.closed,
    );
    const isStale = shown !== undefined && (this.#isReset || !(await this.#isAfterRestatement(shown)));
    if (!isStale) return;
    this.#isReset = false;
    this.#shown = undefined;
    const reason = 'States were restated since then; whole states follow.';
    connection.write(frameOf({ kind: 'reset', data: { position: shown.position, reason } }));
  }

  async #isAfterRestatement({ position, instant }: PatchPoint): Promise<boolean> {
    const { states, log } = this.needs;
    const restatedAt = states.restatedAt();
    if (goesWithClock(this.request.viewpoint) && instant >= restatedAt) return true;
    return ((await log.recordedAtOf(position)) ?? 0) >= restatedAt;
  }

  async #followPolicy(policy: PolicyRow): Promise<void> {
    const { states, feeds, feed, now, catchingUp } = this.needs;
    const held = await catchingUp.run(() => this.#showMissed(policy));
    if (held) await feeds.waitUntilReached(held.point.position, this.request.connection.closed);
    const fed = await feeds.inTurn(async () => {
      const state = await feed.watch(policy, now());
      const at = feed.at(feed.shown);
      const isSame =
        held && stateChangeMessage(held.state, state, { policy: policy.slug, at, causes: [] }) === undefined;
      const between = held && { from: feed.at(held.point), to: at };
      const causes = between && !isSame ? await states.causesOf(policy.policy, between) : [];
      if (!isSame) this.#show(policy, { state, held, causes, point: feed.shown });
      this.#sendCaughtUp(feed.shown);
      return this.#feed((client) => feed.feedPolicy(policy, client));
    });
    await fed.left;
  }

  /** Sends a resuming client what it has missed so far, outside of turn; undefined if it has nothing to resume from. */
  async #showMissed(policy: PolicyRow): Promise<Held | undefined> {
    const { states, feed, now } = this.needs;
    const { viewpoint } = this.request;
    const shown = this.#shown;
    if (!shown || shown.position < policy.policy) return undefined;
    const from = { point: shown, state: await states.stateOf(policy.policy, feed.at(shown)) };
    const instant = goesWithClock(viewpoint) ? later(now(), shown.instant) : feed.shown.instant;
    const point = { position: later(feed.shown.position, shown.position), instant };
    const between = { from: feed.at(shown), to: feed.at(point) };
    const state = await states.stateOf(policy.policy, between.to);
    if (stateChangeMessage(from.state, state, { policy: policy.slug, at: between.to, causes: [] }) === undefined)
      return from;
    const causes = await states.causesOf(policy.policy, between);
    this.#show(policy, { state, held: from, causes, point });
    return { point, state };
  }

  #show({ slug }: PolicyRow, { state, held, causes, point }: Omit<Held, 'point'> & Shown): void {
    const circumstances = { policy: slug, at: this.needs.feed.at(point), causes };
    const message = held
      ? stateChangeMessage(held.state, state, circumstances)
      : wholeStateMessage(state, circumstances);
    if (message) this.request.connection.write(message.frame(patchId(point)));
    this.#shown = point;
  }

  async #followAll(): Promise<void> {
    const { feeds, feed, now, states } = this.needs;
    const { connection, viewpoint } = this.request;
    const all = new AllStates({ states, feed, connection, viewpoint });
    // From its own point to that of the feed; what is recorded meanwhile is less each time.
    const aim = (): PatchPoint =>
      goesWithClock(viewpoint) ? { ...feed.shown, instant: later(now(), feed.shown.instant) } : feed.shown;
    this.#shown = await this.needs.catchingUp.run(() => all.showNear(this.#shown, aim));
    if (!connection.isOpen) return;
    await feeds.waitUntilReached(this.#shown.position, connection.closed);
    const fed = await feeds.inTurn(async () => {
      await feed.watchEverything(now());
      await all.show(this.#shown, feed.shown);
      this.#sendCaughtUp(feed.shown);
      return this.#feed((client) => feed.feedEverything(client));
    });
    await fed.left;
  }

  #sendCaughtUp(point: PatchPoint): void {
    this.#shown = point;
    if (this.#isCaughtUp) return;
    this.#isCaughtUp = true;
    const data = { position: point.position };
    this.request.connection.write(frameOf({ kind: 'caught-up', id: patchId(point), data }));
  }

  /** Feeds the client; `left` resolves when it has fallen behind or its stream has ended. */
  #feed(feed: (client: Parameters<PatchFeed['feedEverything']>[0]) => () => void): { readonly left: Promise<void> } {
    const { connection } = this.request;
    const { closed } = connection;
    return {
      left: new Promise((resolve) => {
        const end = (): void => {
          closed.removeEventListener('abort', end);
          leaveFeed();
          resolve();
        };
        const leave = (shown: PatchPoint, isReset = false): void => {
          this.#shown = shown;
          this.#isReset = isReset;
          if (!isReset) this.needs.onBehind();
          end();
        };
        const leaveFeed = feed({ connection, leave });
        closed.addEventListener('abort', end);
        if (closed.aborted) end();
      }),
    };
  }
}

interface Shown {
  readonly held: Held | undefined;
  readonly causes: readonly string[];
  readonly point: PatchPoint;
}

const later = <Value extends number>(one: Value, other: Value): Value => (one > other ? one : other);
