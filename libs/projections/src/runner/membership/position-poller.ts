import type { Pool } from 'pg';
import { type Position, position } from '#domain';
import type { EventLog } from '#event-log';
import type { RecordTimes } from '../../core/record-times.js';
import type { AdvancedElsewhere, ChangeFeed, Replaced } from '../change-feed.js';
import { partitionOf } from '../ledgers/partitions.js';
import type { UnitPositions, UnitStanding } from './unit-positions.js';
import { type StoredUnit, readUnits } from './partition-units.js';

/** More entries than this are not listed: any row may then differ. */
const LISTED_ENTRIES = 5_000;

interface Needs {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly times: RecordTimes;
  readonly positions: UnitPositions;
  readonly feed: ChangeFeed;
  /** The number of this process, once it takes part. */
  readonly member: () => number | undefined;
}

/** Learns from the database what other processes have applied, and publishes it. */
export class PositionPoller {
  #polling: Promise<void> | undefined;
  #isAskedAgain = false;
  #generations: string | undefined;

  constructor(private readonly needs: Needs) {}

  /** Reads how far units have come; called meanwhile, it reads once more. */
  poll(): Promise<void> {
    this.#isAskedAgain = true;
    return (this.#polling ??= this.#pollAll().finally(() => (this.#polling = undefined)));
  }

  async #pollAll(): Promise<void> {
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      await this.#pollOnce();
    }
  }

  async #pollOnce(): Promise<void> {
    const { pool, feed } = this.needs;
    const generations = await generationsOf(pool);
    const stored = await readUnits(pool);
    const units: UnitStanding[] = [];
    for (const unit of stored) units.push(await this.#standingOf(unit));
    const isReplaced = generations !== this.#generations;
    const change: Replaced | AdvancedElsewhere = isReplaced
      ? { kind: 'replaced' }
      : await this.#advancedElsewhere(stored);
    await feed.publish({ ...change, units });
    this.#generations = generations;
  }

  async #advancedElsewhere(units: readonly StoredUnit[]): Promise<AdvancedElsewhere | Replaced> {
    const moved = units.filter((unit) => !this.#isPublishedHere(unit) && unit.position > this.#knownOf(unit));
    if (moved.length === 0) return { kind: 'advanced-elsewhere', entries: [] };
    const after = position(Math.min(...moved.map((unit) => this.#knownOf(unit))));
    const count = Math.max(...moved.map((unit) => unit.position)) - after;
    if (count > LISTED_ENTRIES) return { kind: 'replaced' };
    const partitions = new Set(moved.map(({ partition }) => partition));
    const entries = await this.needs.log.readAll(after, count);
    return { kind: 'advanced-elsewhere', entries: entries.filter(({ stream }) => partitions.has(partitionOf(stream))) };
  }

  /** True where this process has owned the unit since its position was last read: then it has published all of it. */
  #isPublishedHere(unit: StoredUnit): boolean {
    return (
      unit.owner !== null && unit.owner === this.needs.member() && this.needs.positions.one(unit)?.epoch === unit.epoch
    );
  }

  #knownOf(unit: StoredUnit): Position {
    return this.needs.positions.one(unit)?.progress.position ?? position(0);
  }

  async #standingOf(unit: StoredUnit): Promise<UnitStanding> {
    const { times, positions } = this.needs;
    const known = positions.one(unit);
    if (known?.progress.position === unit.position) return { ...unit, progress: known.progress };
    const recordedAt = unit.position === 0 ? null : await times.of(unit.position);
    return { ...unit, progress: { position: unit.position, recordedAt } };
  }
}

async function generationsOf(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ generations: string }>({
    name: 'generations',
    text: "SELECT string_agg(name || ' ' || generation, ',' ORDER BY name) AS generations FROM read.projections",
  });
  return rows[0]?.generations ?? '';
}
