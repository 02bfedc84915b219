import type { Pool } from 'pg';
import { type Instant, type Position, instant, policyOf, policyStream, position } from '#domain';
import { inTransaction } from '#postgres';
import { POLICY_HEADS, dropHeads } from '../core/states/policy-heads.js';
import type { Progress } from '../core/progress.js';
import type { Projection } from '../rows/projection.js';
import { type RebuildStatus, rebuildStatus } from '../rebuild/rebuild-status.js';
import { cancelRebuild, readRebuilds, requestRebuilds } from '../rebuild/rebuilds.js';
import { dropReplaced } from '../rebuild/switch-tables.js';
import { type SetAside, markRecorded, readSetAside, readUnrecorded } from '../runner/parking/parked-policies.js';
import type { PartitionPositions } from '../runner/membership/partition-positions.js';
import { resumePartition } from '../runner/membership/stored-partitions.js';

/** An event that a read model could not take. */
export interface SetAsideEvent {
  readonly projection: string;
  readonly policy: string;
  readonly event: string;
  readonly position: Position;
  readonly error: string;
  readonly since: Instant;
  /** Whether the read model stands still before it, or only the policy's later events queue behind it. */
  readonly stops: boolean;
}

/** What a read model may be doing. */
export const PROJECTION_STATES = ['starting', 'building', 'running', 'stopped'] as const;

/** How far one read model has come. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly position: Position;
  readonly lagEvents: number;
  readonly lagMs: number;
  readonly state: (typeof PROJECTION_STATES)[number];
  readonly lastError: string | null;
  /** Its latest rebuild; null when there was none. */
  readonly rebuild: RebuildStatus | null;
  /** What it could not take and waits for an operator. */
  readonly setAside: readonly SetAsideEvent[];
}

interface Needs {
  readonly pool: Pool;
  readonly projections: readonly Projection[];
  readonly positions: PartitionPositions;
  /** Looks where the log ends now. */
  readonly seeHead: () => Promise<Progress>;
  /** When a position was recorded. */
  readonly recordedAt: (position: Position) => Promise<Instant | null>;
  readonly now: () => Instant;
  /** Of this process. */
  readonly condition: () => Pick<ProjectionStatus, 'state' | 'lastError'>;
  /** Told that a rebuild was asked for. */
  readonly onRebuild: () => Promise<void>;
  /** Told that read models are to go on. */
  readonly onResumed: () => void;
}

type StatusOfPartitions = Omit<ProjectionStatus, 'lagMs' | 'rebuild' | 'setAside'>;

/** What operators see of the read models, and do to them. */
export class Administration {
  constructor(private readonly needs: Needs) {}

  /** How far each read model has come, against the log as it is now. */
  async status(): Promise<readonly ProjectionStatus[]> {
    const { pool, projections, seeHead } = this.needs;
    const head = await seeHead();
    const rebuilds = new Map((await readRebuilds(pool)).map((rebuild) => [rebuild.name, rebuild]));
    const aside = await this.setAside();
    const statuses = projections.map((projection) => {
      const setAside = aside.filter((each) => each.projection === projection.name);
      const rebuild = rebuildStatus(rebuilds.get(projection.name));
      return { ...this.#statusOf(projection, head, setAside), rebuild, setAside };
    });
    const heads = { ...this.#statusOf(POLICY_HEADS, head, []), rebuild: null, setAside: [] };
    const all: ProjectionStatus[] = [];
    for (const status of [...statuses, heads]) all.push({ ...status, lagMs: await this.#lagMs(status) });
    return all;
  }

  /** How long the oldest event that it lacks has been in the log. */
  async #lagMs({ lagEvents, position: reached }: Pick<ProjectionStatus, 'lagEvents' | 'position'>): Promise<number> {
    const recordedAt = lagEvents === 0 ? null : await this.needs.recordedAt(position(reached + 1));
    return recordedAt === null ? 0 : Math.max(0, this.needs.now() - recordedAt);
  }

  #statusOf(
    { name, version }: Pick<Projection, 'name' | 'version'>,
    head: Progress,
    setAside: readonly SetAsideEvent[],
  ): StatusOfPartitions {
    const { positions, condition } = this.needs;
    const isBuilding = positions.isBuilding([name]);
    const reached = isBuilding ? position(0) : positions.least().position;
    const stopping = setAside.find(({ stops }) => stops);
    return {
      name,
      version,
      position: reached,
      lagEvents: Math.max(0, head.position - reached),
      state: isBuilding ? 'building' : stopping ? 'stopped' : condition().state,
      lastError: stopping?.error ?? condition().lastError,
    };
  }

  /** Asks for a read model to be built anew beside the one in use; false when there is none of that name. */
  async rebuild(name: string): Promise<boolean> {
    const { pool, onRebuild } = this.needs;
    if (name === POLICY_HEADS.name) await inTransaction(pool, dropHeads);
    else if (this.#named(name)) await requestRebuilds(pool, [name]);
    else return false;
    await onRebuild();
    return true;
  }

  /** Gives a rebuild up; false when none is under way. */
  cancelRebuild(name: string): Promise<boolean> {
    return cancelRebuild(this.needs.pool, name);
  }

  /** Takes away what a read model was before it was rebuilt; answers its tables, or null when there is none of that name. */
  async dropReplaced(name: string): Promise<readonly string[] | null> {
    const projection = this.#named(name);
    return projection ? dropReplaced(this.needs.pool, projection) : null;
  }

  /** Every event that a read model could not take, and that nobody has dealt with. */
  async setAside(): Promise<readonly SetAsideEvent[]> {
    return (await readSetAside(this.needs.pool)).map(shownAside);
  }

  /** Tells of each event that was set aside until it is on record: at least once. */
  async tellSetAside(tell: (event: SetAsideEvent) => Promise<void>): Promise<void> {
    for (const each of await readUnrecorded(this.needs.pool)) {
      await tell(shownAside(each));
      await markRecorded(this.needs.pool, each);
    }
  }

  /** Lets a read model go on that stands still before an event; call once it is on record what is to become of it. */
  async resume({ projection, policy }: Pick<SetAsideEvent, 'projection' | 'policy'>): Promise<void> {
    await resumePartition(this.needs.pool, projection, policyStream(policy));
    this.needs.onResumed();
  }

  #named(name: string): Projection | undefined {
    return this.needs.projections.find((projection) => projection.name === name);
  }
}

const shownAside = ({ projection, stream, key, position, error, since, stops }: SetAside): SetAsideEvent => ({
  projection,
  policy: policyOf(stream),
  event: key,
  position,
  error,
  since: instant(since),
  stops,
});
