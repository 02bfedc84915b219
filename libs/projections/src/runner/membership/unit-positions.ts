import { type Position, position } from '#domain';
import type { Progress } from '../../core/progress.js';
import { type Unit, type UnitState, unitKey } from '../ledgers/partitions.js';

/** How far a unit has come, as this process knows it. */
export interface UnitStanding extends Unit {
  readonly progress: Progress;
  readonly state: UnitState;
  readonly error: string | null;
  readonly owner: number | null;
  /** Grows with each owner. */
  readonly epoch: number;
}

interface Waiting {
  readonly holds: () => boolean;
  readonly wake: () => void;
}

const NOWHERE: Progress = { position: position(0), recordedAt: null };

/** How far every unit has come, and who waits for it. Positions only grow. */
export class UnitPositions {
  readonly #units = new Map<string, UnitStanding>();
  readonly #lowest = new Map<string, Progress>();
  readonly #waiting = new Set<Waiting>();
  #awaited = 0;

  /** `onAwaited` is told when somebody begins to wait for a position. */
  constructor(private readonly onAwaited: () => void) {}

  /** True while somebody waits for a position. */
  get isAwaited(): boolean {
    return this.#awaited > 0;
  }

  /** Notes where units stand now; a unit that is known to stand further stays there. */
  note(standings: readonly UnitStanding[]): void {
    for (const standing of standings) {
      const known = this.#units.get(unitKey(standing));
      const progress =
        known && known.progress.position > standing.progress.position ? known.progress : standing.progress;
      this.#units.set(unitKey(standing), { ...standing, progress });
    }
    this.#lowest.clear();
    for (const { holds, wake } of [...this.#waiting]) if (holds()) wake();
  }

  /** Where a unit is; undefined before that is known. */
  one(unit: Unit): UnitStanding | undefined {
    return this.#units.get(unitKey(unit));
  }

  all(): readonly UnitStanding[] {
    return [...this.#units.values()];
  }

  /** How far these read models have come in every partition. */
  of(projections: readonly string[]): Progress {
    return this.#lowestOf(projections.join(' '), ({ projection }) => projections.includes(projection));
  }

  /** How far all read models have come that do not stand still at an event they cannot take. */
  running(): Progress {
    return this.#lowestOf('', ({ state }) => state !== 'stopped');
  }

  /** True when one of these read models, or any without names, was not built for the first time yet. */
  isBuilding(projections?: readonly string[]): boolean {
    for (const { state, projection } of this.#units.values())
      if (state === 'building' && (projections?.includes(projection) ?? true)) return true;
    return false;
  }

  /** Waits until what is running holds a position, at most so long, or until {@link wakeAll}. */
  async reached(wanted: Position, timeoutMs?: number): Promise<void> {
    this.#awaited += 1;
    this.onAwaited();
    await this.#until(() => this.running().position >= wanted, timeoutMs);
    this.#awaited -= 1;
  }

  /** Waits until these read models hold more than a position, at most so long, or until {@link wakeAll}. */
  beyond(known: Position, projections: readonly string[], timeoutMs: number): Promise<void> {
    return this.#until(() => this.of(projections).position > known, timeoutMs);
  }

  /** Waits until every read model is there, or until {@link wakeAll}. */
  built(): Promise<void> {
    return this.#until(() => this.all().every(({ state }) => state !== 'building'));
  }

  wakeAll(): void {
    for (const { wake } of [...this.#waiting]) wake();
  }

  #until(holds: () => boolean, timeoutMs?: number): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve();
      };
      const waiting: Waiting = { holds, wake };
      const timer = timeoutMs === undefined ? undefined : setTimeout(wake, timeoutMs);
      this.#waiting.add(waiting);
    });
  }

  #lowestOf(key: string, concerns: (unit: UnitStanding) => boolean): Progress {
    const known = this.#lowest.get(key);
    if (known) return known;
    let lowest: Progress | undefined;
    for (const unit of this.#units.values())
      if (concerns(unit) && (!lowest || unit.progress.position < lowest.position)) lowest = unit.progress;
    this.#lowest.set(key, lowest ?? NOWHERE);
    return lowest ?? NOWHERE;
  }
}
