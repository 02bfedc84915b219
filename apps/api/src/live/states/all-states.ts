import type { Instant } from '#domain';
import type { StateChanges, Viewpoint } from '#projections';
import type { StreamConnection } from '../connection.js';
import type { PatchFeed } from './patch-feed.js';
import { wholeStateMessage } from './patch-message.js';
import { type PatchPoint, patchId } from './resume-points.js';

/** The number of states read at a time. */
const PAGE = 50;

/** A client is fed when at most this many states are left to send. */
const FEW = 10;

/** The most rounds to get there. */
const ROUNDS = 20;

interface Needs {
  readonly states: StateChanges;
  readonly feed: PatchFeed;
  readonly connection: StreamConnection;
  readonly viewpoint: Viewpoint;
}

/** A state to send: its policy, coordinate, message id and causes. */
interface Due {
  readonly policy: number;
  readonly at: PatchPoint;
  readonly id: string;
  readonly causes: () => Promise<readonly string[]>;
}

/** States that are read at one coordinate. */
interface DueTogether {
  readonly due: readonly Due[];
  readonly seen: PatchPoint;
}

/**
 * Sends a client the whole states of all policies that may differ from what it holds.
 *
 * Guarantee: wherever the client is disconnected, the last id that it received is a coordinate after which everything it
 * has not received counts as changed. So states are sent in the order of their last change; if two changed at the same
 * instant, only the last of them has its id.
 */
export class AllStates {
  constructor(private readonly needs: Needs) {}

  /** Sends until little is left; returns the coordinate reached. */
  async showNear(from: PatchPoint | undefined, aim: () => PatchPoint): Promise<PatchPoint> {
    let shown = from;
    for (let round = 0; round < ROUNDS && this.needs.connection.isOpen; round += 1) {
      const to = aim();
      const count = await this.#show(shown, to, { waits: true });
      shown = to;
      if (count <= FEW) break;
    }
    return shown ?? aim();
  }

  /** Sends all that is left, up to a coordinate, without waiting for the client. */
  async show(from: PatchPoint | undefined, to: PatchPoint): Promise<void> {
    await this.#show(from, to, { waits: false });
  }

  async #show(from: PatchPoint | undefined, to: PatchPoint, { waits }: { readonly waits: boolean }): Promise<number> {
    const timed = from ? await this.#changedByTime(from, to.instant) : { due: [], seen: to };
    const recorded = await this.#changedByEvents(from, to);
    for (const together of [timed, recorded]) await this.#send(together, waits);
    return timed.due.length + recorded.due.length;
  }

  /** The states that time changed, before anything recorded since. */
  async #changedByTime(from: PatchPoint, until: Instant): Promise<DueTogether> {
    const { states, feed, viewpoint } = this.needs;
    const seen = { position: from.position, instant: until };
    const between = { recorded: from.position, from: from.instant, to: until };
    const changed = await states.changedByTime(viewpoint, between);
    let before = from;
    const due = changed.map(({ policy, at: instant }, index): Due => {
      const at = { position: from.position, instant };
      const isLast = changed[index + 1]?.at !== instant;
      const id = patchId(isLast ? at : before);
      if (isLast) before = at;
      const coordinates = { from: feed.at(from), to: feed.at(seen) };
      return { policy, at, id, causes: () => states.causesOf(policy, coordinates) };
    });
    return { due, seen };
  }

  async #changedByEvents(from: PatchPoint | undefined, to: PatchPoint): Promise<DueTogether> {
    const { states, feed, viewpoint } = this.needs;
    const start = from && feed.at({ position: from.position, instant: to.instant });
    const changed = await states.recordedBetween({ viewpoint, from: start, to: feed.at(to) });
    const due = changed.map(({ policy, position, key }): Due => {
      const at = { position, instant: to.instant };
      return { policy, at, id: patchId(at), causes: () => Promise.resolve(from ? [key] : []) };
    });
    return { due, seen: to };
  }

  async #send({ due, seen }: DueTogether, waits: boolean): Promise<void> {
    const { states, feed, connection } = this.needs;
    const rows = states.policies();
    for (let start = 0; start < due.length && connection.isOpen; start += PAGE) {
      const page = due.slice(start, start + PAGE);
      const found = await states.statesOf(
        page.map(({ policy }) => policy),
        feed.at(seen),
      );
      for (const { policy, at, id, causes } of page) {
        const row = rows.get(policy);
        if (!row) continue;
        const circumstances = { policy: row.slug, at: feed.at(at), causes: await causes() };
        const message = wholeStateMessage(found.get(policy) ?? {}, circumstances);
        if (!connection.write(message.frame(id)) && waits) await connection.waitUntilDrained();
      }
    }
  }
}
