import { type Instant, type Position, instant } from '#domain';
import type { EventLog } from '#event-log';

/** So many positions are remembered; the oldest asked for give way. */
const POSITIONS_KEPT = 10_000;

/** When positions were recorded. That never changes, and links to answers name the same positions again and again. */
export class RecordTimes {
  readonly #times = new Map<Position, Instant>();

  constructor(private readonly log: Pick<EventLog, 'recordedAtOf'>) {}

  /** Null for position 0, and beyond the head. */
  async of(position: Position): Promise<Instant | null> {
    const known = this.#times.get(position);
    if (known !== undefined) return known;
    const recordedAt = await this.log.recordedAtOf(position);
    if (recordedAt === undefined) return null;
    const [oldest] = this.#times.keys();
    if (oldest !== undefined && this.#times.size >= POSITIONS_KEPT) this.#times.delete(oldest);
    this.#times.set(position, instant(recordedAt));
    return instant(recordedAt);
  }
}
