import type { Address } from '../../http/address.js';
import type { AtCoordinate, Coordinate } from '../../http/answers.js';
import { read } from '../../http/ask.js';
import { askOverHttp, forgetAnswers } from '../browser.js';
import { joinStream } from './shared-stream.js';
import {
  NOTHING_GATHERED,
  type Signal,
  concernsPage,
  gather,
  isPinnedAddress,
  policyShown,
  staysStill,
  waitBeforeActing,
} from './signals.js';

/** What a page says about the log that moves on behind it. */
export interface Notice {
  /** Since when the page does not follow the log. */
  readonly lostSince?: string | undefined;
  /** The policies whose states were computed anew, if any were. */
  readonly restated?: readonly string[] | undefined;
  /** The changes that a pinned page does not show. */
  readonly news: number;
}

/** What a page shows at the moment. */
export interface ShownPage {
  readonly address: Address;
  readonly coordinate: Coordinate | undefined;
  readonly permalink: string | undefined;
}

interface Following {
  readonly shown: () => ShownPage;
  readonly refresh: () => Promise<void>;
  readonly tell: (notice: Notice) => void;
}

/** A connection that comes back within this time is no loss to speak of. */
const LOSS_TO_TELL_MS = 2_000;

/** The states that follow a restatement come within this time. */
const RESTATING_MS = 5_000;

/** Where it cannot be asked where the log ends, it is asked again after this time. */
const ASK_AGAIN_MS = 5_000;

/** Lets a page follow the log for as long as the page is open: it asks again, or says what it does not show. */
export function followLog(following: Following): void {
  let stop = start(following);
  // A page that holds a connection or a lock could not be kept for the way back.
  addEventListener('pagehide', () => stop());
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    stop = start(following);
  });
}

function start(following: Following): () => void {
  const page = new FollowingPage(following);
  const leaving = new AbortController();
  const { signal } = leaving;
  addEventListener('focusout', () => page.actSoon(), { signal });
  void startPoint(following.shown(), signal).then((after) => {
    if (after === undefined) return;
    const leave = joinStream({ after, hear: (heard) => page.hear(heard) });
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
  });
  return () => {
    leaving.abort();
    page.leave();
  };
}

/** The point of the log at which a page begins to follow: that of a page of now, else where the log ends. */
async function startPoint({ address, coordinate }: ShownPage, signal: AbortSignal): Promise<string | undefined> {
  if (coordinate !== undefined && !isPinnedAddress(address)) return resumePoint(coordinate);
  while (!signal.aborted) {
    const answer = await read<AtCoordinate>(askOverHttp, '/v1/events?limit=1');
    if (answer.ok) return resumePoint(answer.body.coordinate);
    await new Promise((resolve) => {
      setTimeout(resolve, ASK_AGAIN_MS);
    });
  }
  return undefined;
}

const resumePoint = ({ recordedAt, knownAt }: Coordinate): string => `${recordedAt.position}.${Date.parse(knownAt)}`;

/** Somebody who writes must not lose what is under their hands. */
const isWriting = (): boolean => document.activeElement?.matches('input, select, textarea') ?? false;

/** One page that follows the log: what it was told and has not acted on, and what it says. */
class FollowingPage {
  #gathered = NOTHING_GATHERED;
  #notice: Notice = { news: 0 };
  #unseen: readonly string[] = [];
  #isJoined = false;
  #isActing = false;
  #spokenAt = Number.NEGATIVE_INFINITY;
  #restatedAt = Number.NEGATIVE_INFINITY;
  #acting: ReturnType<typeof setTimeout> | undefined;
  #losing: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly needs: Following) {}

  hear(signal: Signal): void {
    if (signal.kind === 'lost') {
      this.#losing ??= setTimeout(() => this.#say({ lostSince: signal.since }), LOSS_TO_TELL_MS);
      return;
    }
    // A pinned page stays as it is, but what it asks from now on is about the log as it has become.
    forgetAnswers();
    clearTimeout(this.#losing);
    this.#losing = undefined;
    if (this.#notice.lostSince !== undefined) this.#say({ lostSince: undefined });
    if (signal.kind === 'connected') void this.#join(signal.position);
    if (signal.kind === 'restated') this.#restatedAt = performance.now();
    this.#gathered = gather(this.#gathered, signal);
    this.actSoon();
  }

  /** Acts on what was told, after a while in which more may come. */
  actSoon(): void {
    if (this.#gathered === NOTHING_GATHERED || this.#acting !== undefined || this.#isActing) return;
    const isPinned = isPinnedAddress(this.needs.shown().address);
    const sinceSpokenMs = performance.now() - this.#spokenAt;
    this.#acting = setTimeout(() => void this.#act(), waitBeforeActing({ isPinned, sinceSpokenMs }));
  }

  leave(): void {
    clearTimeout(this.#acting);
    clearTimeout(this.#losing);
  }

  async #act(): Promise<void> {
    this.#acting = undefined;
    if (isWriting()) return;
    const told = this.#gathered;
    const { address, permalink } = this.needs.shown();
    this.#gathered = NOTHING_GATHERED;
    const isRestating = performance.now() - this.#restatedAt < RESTATING_MS;
    if (isRestating) this.#say({ restated: [...new Set([...(this.#notice.restated ?? []), ...told.policies])] });
    if (staysStill(address) || !concernsPage(told, policyShown(address, permalink))) return;
    if (isPinnedAddress(address)) this.#sayWhatIsNew(told.changes);
    else await this.#askAgain();
  }

  /** What was recorded between the answer shown and the connection is asked for once. */
  async #join(position: number): Promise<void> {
    if (this.#isJoined) return;
    this.#isJoined = true;
    const { address, coordinate } = this.needs.shown();
    const isBehind = coordinate !== undefined && coordinate.recordedAt.position < position;
    if (isBehind && !isPinnedAddress(address) && !staysStill(address) && !isWriting()) await this.#askAgain();
  }

  async #askAgain(): Promise<void> {
    this.#isActing = true;
    await this.needs.refresh();
    this.#isActing = false;
    this.actSoon();
  }

  #sayWhatIsNew(changes: readonly string[]): void {
    this.#unseen = [...new Set([...this.#unseen, ...changes])];
    if (this.#unseen.length === 0) return;
    this.#spokenAt = performance.now();
    this.#say({ news: this.#unseen.length });
  }

  #say(change: Partial<Notice>): void {
    this.#notice = { ...this.#notice, ...change };
    this.needs.tell(this.#notice);
  }
}
