import { type Position, policyStream } from '#domain';
import type { Progress } from '../core/progress.js';
import { Replays } from '../core/replay/replay-threads.js';
import type { ReadContext } from '../queries/read-context.js';
import { Restatements } from '../rebuild/restatements.js';
import { partitionOf } from '../runner/ledgers/partitions.js';
import type { ReadModels } from './read-models.js';

/** What questions need of the read models: how far they have come, waiting for a position, and where answers come from. */
export class ReadSide {
  /** When read models were switched for others with other results. */
  readonly restatements: Restatements;

  /** `replays` folds long streams for answers. */
  constructor(
    private readonly readModels: ReadModels,
    readonly replays = new Replays(),
  ) {
    const { needs, feed } = readModels;
    this.restatements = new Restatements(needs.pool);
    feed.subscribe(({ kind }) => (kind === 'replaced' ? this.restatements.look() : undefined));
  }

  /** How far the partitions have come that are not stopped. */
  get progress(): Progress {
    return this.readModels.positions.running();
  }

  /** How far answers about a policy have come; without one, those about all of them. */
  progressOf(policy?: string): Progress {
    const { positions } = this.readModels;
    return policy === undefined ? positions.least() : positions.of(partitionOf(policyStream(policy)));
  }

  /** Waits until the read models hold a position, at most so long; answers the position that they hold. */
  async waitFor(position: Position, timeoutMs: number): Promise<Position> {
    const { positions, condition } = this.readModels;
    if (this.progress.position < position && condition.state === 'running')
      await positions.reached(position, timeoutMs);
    // Answers are to say how far behind they are; otherwise nobody looks at the head.
    if (this.progress.position < position) await this.readModels.seeHead();
    return this.progress.position;
  }

  /** Waits until the read models hold more than a position, at most so long. */
  beyond(position: Position, timeoutMs: number): Promise<void> {
    return this.readModels.positions.beyond(position, timeoutMs);
  }

  /** What questions are answered from: those that rest on read models of these names, and are about one policy. */
  context({ names = [], policy }: { readonly names?: readonly string[]; readonly policy?: string } = {}): ReadContext {
    const { needs, times, descriptions, currentStates, positions } = this.readModels;
    const { pool, log, now } = needs;
    return {
      pool,
      log,
      times,
      replays: this.replays,
      descriptions,
      currentStates,
      now,
      progress: () => this.progressOf(policy),
      isBuilding: () => positions.isBuilding(names),
      lagMs: () => this.#lagMs(policy),
      waitFor: async (position, timeoutMs) => {
        await this.waitFor(position, timeoutMs);
        return this.progressOf(policy).position;
      },
      restingOn: (others) => this.context({ names: others }),
      about: (one) => (one === undefined ? this.context({ names }) : this.context({ names, policy: one })),
    };
  }

  /** How old the oldest entry is that the log holds and the read models do not, as last seen; 0 when level. */
  #lagMs(policy?: string): number {
    const { head, needs } = this.readModels;
    const { position, recordedAt } = this.progressOf(policy);
    if (head.position <= position || recordedAt === null) return 0;
    return Math.max(0, needs.now() - recordedAt);
  }
}
