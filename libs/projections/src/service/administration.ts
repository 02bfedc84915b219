import type { Pool } from 'pg';
import { type Position, policyStream, position } from '#domain';
import { inTransaction } from '#postgres';
import { CURRENT_STATES, clearCurrentStates } from '../core/states/current-states.js';
import type { Progress } from '../core/progress.js';
import type { Projection } from '../rows/projection.js';
import { type RebuildStatus, rebuildStatus } from '../rebuild/rebuild-status.js';
import { cancelRebuild, readRebuilds, requestRebuilds } from '../rebuild/rebuilds.js';
import { dropReplaced } from '../rebuild/switch-tables.js';
import { resumePartition } from '../runner/membership/stored-partitions.js';
import { type ParkedEventReport, readParkedEvents } from './parked-event-reports.js';
import type { ReadModels } from './read-models.js';

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
  /** The events that it has parked. */
  readonly parked: readonly ParkedEventReport[];
}

type StatusOfPartitions = Omit<ProjectionStatus, 'lagMs' | 'rebuild' | 'parked'>;

/** What operators see of the read models, and do to them. */
export class Administration {
  constructor(private readonly readModels: ReadModels) {}

  /** True once the tables exist: questions are answered as far as the read models have come. */
  get isOpen(): boolean {
    return this.readModels.condition.state !== 'starting';
  }

  /** True until the read models held for the first time what was in the log; never for long where others advance them. */
  get isStarting(): boolean {
    return this.readModels.condition.isStarting;
  }

  /** How far each read model has come, against the log as it is now. */
  async status(): Promise<readonly ProjectionStatus[]> {
    const { projections } = this.readModels;
    const head = await this.readModels.seeHead();
    const rebuilds = new Map((await readRebuilds(this.#pool)).map((rebuild) => [rebuild.name, rebuild]));
    const reports = await this.parkedEvents();
    const statuses = projections.map((projection) => {
      const parked = reports.filter((each) => each.projection === projection.name);
      const rebuild = rebuildStatus(rebuilds.get(projection.name));
      return { ...this.#statusOf(projection, head, parked), rebuild, parked };
    });
    const states = { ...this.#statusOf(CURRENT_STATES, head, []), rebuild: null, parked: [] };
    const all: ProjectionStatus[] = [];
    for (const status of [...statuses, states]) all.push({ ...status, lagMs: await this.#lagMs(status) });
    return all;
  }

  /** How long the oldest event that it lacks has been in the log. */
  async #lagMs({ lagEvents, position: reached }: Pick<ProjectionStatus, 'lagEvents' | 'position'>): Promise<number> {
    const recordedAt = lagEvents === 0 ? null : await this.readModels.times.of(position(reached + 1));
    return recordedAt === null ? 0 : Math.max(0, this.readModels.needs.now() - recordedAt);
  }

  #statusOf(
    { name, version }: Pick<Projection, 'name' | 'version'>,
    head: Progress,
    parked: readonly ParkedEventReport[],
  ): StatusOfPartitions {
    const { positions, condition } = this.readModels;
    const isBuilding = positions.isBuilding([name]);
    const reached = isBuilding ? position(0) : positions.least().position;
    const stopping = parked.find(({ stops }) => stops);
    return {
      name,
      version,
      position: reached,
      lagEvents: Math.max(0, head.position - reached),
      state: isBuilding ? 'building' : stopping ? 'stopped' : condition.state,
      lastError: stopping?.error ?? condition.lastError,
    };
  }

  /** Asks for a read model to be built anew beside the one in use; false when there is none of that name. */
  async rebuild(name: string): Promise<boolean> {
    if (name === CURRENT_STATES.name) await inTransaction(this.#pool, clearCurrentStates);
    else if (this.#named(name)) await requestRebuilds(this.#pool, [name]);
    else return false;
    await this.readModels.poll();
    return true;
  }

  /** Gives a rebuild up; false when none is under way. */
  cancelRebuild(name: string): Promise<boolean> {
    return cancelRebuild(this.#pool, name);
  }

  /** Takes away what a read model was before it was rebuilt; answers its tables, or null when there is none of that name. */
  async dropReplaced(name: string): Promise<readonly string[] | null> {
    const projection = this.#named(name);
    return projection ? dropReplaced(this.#pool, projection) : null;
  }

  /** Every parked event: a read model cannot process it, and no operator has retried or discarded it. */
  parkedEvents(): Promise<readonly ParkedEventReport[]> {
    return readParkedEvents(this.#pool);
  }

  /** Resumes a read model that has stopped before a parked event; call once the retry or the discard is on record. */
  async resume({ projection, policy }: Pick<ParkedEventReport, 'projection' | 'policy'>): Promise<void> {
    await resumePartition(this.#pool, projection, policyStream(policy));
  }

  get #pool(): Pool {
    return this.readModels.needs.pool;
  }

  #named(name: string): Projection | undefined {
    return this.readModels.projections.find((projection) => projection.name === name);
  }
}
