import type { Pool } from 'pg';
import { type Position, instant, position } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import type { RecordTimes } from '../../core/record-times.js';
import { partitionOf, unitKey } from '../ledgers/partitions.js';
import type { UnitPositions, UnitStanding } from './unit-positions.js';
import { type StoredUnit, readUnits } from './partition-units.js';

/** Of further back than so many entries it is not looked up what they changed: everything may have. */
const LOOKED_UP = 5_000;

interface Needs {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly times: RecordTimes;
  readonly positions: UnitPositions;
  /** True for a unit whose movements this process makes itself. */
  readonly isHeld: (unit: StoredUnit) => boolean;
  /** Told what others brought on, before anybody is told how far they have come; null when it may be anything. */
  readonly onElsewhere: (entries: readonly LogEntry[] | null, after: Position) => Promise<void>;
  /** Told that read models were exchanged for others. */
  readonly onExchanged: () => Promise<void>;
}

/** Learns from the database what other processes have brought on. */
export class Follower {
  #following: Promise<void> | undefined;
  #isAskedAgain = false;
  #generations: string | undefined;

  constructor(private readonly needs: Needs) {}

  /** Looks how far units have come; while it looks, further calls make it look once more. */
  follow(): Promise<void> {
    this.#isAskedAgain = true;
    return (this.#following ??= this.#followAll().finally(() => (this.#following = undefined)));
  }

  async #followAll(): Promise<void> {
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      await this.#followOnce();
    }
  }

  async #followOnce(): Promise<void> {
    const { pool, positions, isHeld, onElsewhere, onExchanged } = this.needs;
    const generations = await generationsOf(pool);
    const units = await readUnits(pool);
    const moved = units.filter((unit) => !isHeld(unit) && unit.position > positions.positionOf(unit));
    if (this.#generations !== undefined && generations !== this.#generations) await onExchanged();
    else if (moved.length > 0 && this.#generations !== undefined) {
      const after = position(Math.min(...moved.map((unit) => positions.positionOf(unit))));
      await onElsewhere(await this.#entriesOf(moved, after), after);
    }
    this.#generations = generations;
    const standings: UnitStanding[] = [];
    for (const unit of units) standings.push(await this.#standingOf(unit));
    positions.note(standings);
  }

  /** The entries that were brought on; null when there are too many. */
  async #entriesOf(moved: readonly StoredUnit[], after: Position): Promise<readonly LogEntry[] | null> {
    const to = Math.max(...moved.map((unit) => unit.position));
    if (to - after > LOOKED_UP) return null;
    const partitions = new Set(moved.map(({ partition }) => partition));
    const entries = await this.needs.log.readAll(after, to - after);
    return entries.filter(({ stream }) => partitions.has(partitionOf(stream)));
  }

  async #standingOf(unit: StoredUnit): Promise<UnitStanding> {
    const { times, positions } = this.needs;
    const known = positions.all().find((each) => unitKey(each) === unitKey(unit));
    if (known?.progress.position === unit.position) return { ...known, ...unit, progress: known.progress };
    const recordedAt = unit.position === 0 ? null : await times.of(unit.position);
    return {
      ...unit,
      progress: { position: unit.position, recordedAt: recordedAt === null ? null : instant(recordedAt) },
    };
  }
}

async function generationsOf(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ generations: string }>({
    name: 'generations',
    text: "SELECT string_agg(name || ' ' || generation, ',' ORDER BY name) AS generations FROM read.projections",
  });
  return rows[0]?.generations ?? '';
}
