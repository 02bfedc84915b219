import type { Position } from '#domain';
import type { Progress } from '../core/progress.js';
import { Replays } from '../core/replay/replay-threads.js';
import { FactsCache } from '../core/states/facts-cache.js';
import type { ReadContext } from '../queries/read-context.js';
import { Restatements } from '../rebuild/restatements.js';
import type { ReadModels } from './read-models.js';
import { factsSubscriber } from './subscribers.js';

/** What questions need of the read models: how far they have come, waiting for a position, and where answers come from. */
export class ReadSide {
  /** The facts of the policies that are asked for. */
  readonly facts: FactsCache;
  /** When read models were switched for others with other results. */
  readonly restatements: Restatements;

  /** `replays` folds long streams for answers. */
  constructor(
    private readonly readModels: ReadModels,
    readonly replays = new Replays(),
  ) {
    const { needs, feed, descriptions } = readModels;
    this.facts = new FactsCache(needs.pool);
    this.restatements = new Restatements(needs.pool);
    feed.subscribe(factsSubscriber(this.facts, descriptions));
    feed.subscribe(({ kind }) => (kind === 'replaced' ? this.restatements.look() : undefined));
  }

  /** How far answers that rest on these read models have come; without names, the partitions that are not stopped. */
  progressOf(names?: readonly string[]): Progress {
    const { positions } = this.readModels;
    return names ? positions.least() : positions.running();
  }

  /** Waits until the read models hold a position, at most so long; answers the position that they hold. */
  async waitFor(position: Position, timeoutMs: number): Promise<Position> {
    const { positions, condition } = this.readModels;
    if (this.progressOf().position < position && condition.state === 'running')
      await positions.reached(position, timeoutMs);
    // Answers are to say how far behind they are; otherwise nobody looks at the head.
    if (this.progressOf().position < position) await this.readModels.seeHead();
    return this.progressOf().position;
  }

  /** Waits until the read models hold more than a position, at most so long. */
  beyond(position: Position, timeoutMs: number): Promise<void> {
    return this.readModels.positions.beyond(position, timeoutMs);
  }

  /** What questions are answered from. */
  context(names?: readonly string[]): ReadContext {
    const { needs, times, descriptions, heads, positions } = this.readModels;
    const { pool, log, now } = needs;
    return {
      pool,
      log,
      times,
      facts: this.facts,
      replays: this.replays,
      descriptions,
      heads,
      now,
      progress: () => this.progressOf(names),
      isBuilding: () => positions.isBuilding(names ?? []),
      lagMs: () => this.#lagMs(names),
      waitFor: async (position, timeoutMs) => {
        await this.waitFor(position, timeoutMs);
        return this.progressOf(names).position;
      },
      restingOn: (others) => this.context(others),
    };
  }

  /** How old the oldest entry is that the log holds and the read models do not, as last seen; 0 when level. */
  #lagMs(names?: readonly string[]): number {
    const { head, needs } = this.readModels;
    const { position, recordedAt } = this.progressOf(names);
    if (head.position <= position || recordedAt === null) return 0;
    return Math.max(0, needs.now() - recordedAt);
  }
}
