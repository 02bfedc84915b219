import type { Pool } from 'pg';
import { isConnectionFault, textArray } from '#postgres';
import {
  type EventLocation,
  type LogPosition,
  positionOf,
  type StreamRevision,
  type WakeUps,
} from '#event-log/adapter';

/** The time of a location that has no position yet: its event is in the store, and not in the log. */
const PENDING_RECORDED_AT = -1;

/** A location whose position is still to come. */
export const makePendingLocation = (
  location: Pick<EventLocation, 'id' | 'key' | 'stream' | 'revision'>,
): EventLocation => ({
  ...location,
  position: positionOf(0),
  recordedAt: PENDING_RECORDED_AT,
});

export const isPendingLocation = ({ recordedAt }: EventLocation): boolean => recordedAt === PENDING_RECORDED_AT;

/** The location of a flush that has no positions yet. */
export const PENDING_FLUSH_LOCATION = { base: positionOf(0), recordedAt: PENDING_RECORDED_AT };

interface Awaited {
  readonly stream: string;
  readonly revision: StreamRevision;
  readonly found: (location: EventLocation) => void;
  readonly expiresAt: number;
  readonly expired: () => void;
}

interface LocationRow {
  readonly stream: string;
  readonly revision: StreamRevision;
  readonly position: LogPosition;
  readonly id: string;
  readonly key: string;
  readonly at: number;
}

/** Reads the locations of many events at once. */
const LOCATIONS = `SELECT e.stream, e.revision, e.position::float8 AS position, e.id, e.key,
    (extract(epoch FROM e.recorded_at) * 1000)::float8 AS at
  FROM unnest($1::text[], $2::integer[]) AS w(stream, revision)
  JOIN log.events e ON e.stream = w.stream AND e.revision = w.revision`;

/** Waits for events of the store to be given their positions in the log. */
export class LocationWatch {
  readonly #awaited = new Map<string, Awaited[]>();
  #isWatching = false;

  constructor(
    private readonly pool: Pool,
    private readonly wakeUps: WakeUps,
  ) {}

  /** The location of the event that the log has at a stream's revision; undefined when it is not there within the limit. */
  waitForLocation(stream: string, revision: StreamRevision, limitMs: number): Promise<EventLocation | undefined> {
    return new Promise((resolve) => {
      const name = nameOf(stream, revision);
      const awaited: Awaited = {
        stream,
        revision,
        found: resolve,
        expiresAt: Date.now() + limitMs,
        expired: () => resolve(undefined),
      };
      this.#awaited.set(name, [...(this.#awaited.get(name) ?? []), awaited]);
      if (!this.#isWatching) void this.#watch();
    });
  }

  async #watch(): Promise<void> {
    this.#isWatching = true;
    // Those who were woken together wait together.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#awaited.size > 0) {
      const woken = new AbortController();
      const next = this.wakeUps.next(woken.signal);
      const timer = setTimeout(() => woken.abort(), this.#msToExpiry());
      const found = await this.#look();
      this.#expire();
      if (found > 0 || this.#awaited.size === 0) woken.abort();
      await next;
      clearTimeout(timer);
    }
    this.#isWatching = false;
  }

  async #look(): Promise<number> {
    const all = [...this.#awaited.values()].flatMap(([first]) => first ?? []);
    try {
      const { rows } = await this.pool.query<LocationRow>({
        name: 'log-locations',
        text: LOCATIONS,
        values: [textArray(all.map(({ stream }) => stream)), all.map(({ revision }) => revision)],
      });
      for (const { at, ...row } of rows) {
        const name = nameOf(row.stream, row.revision);
        const location = { ...row, position: positionOf(row.position), recordedAt: Math.round(at) };
        for (const { found } of this.#awaited.get(name) ?? []) found(location);
        this.#awaited.delete(name);
      }
      return rows.length;
    } catch (error) {
      // Who waits does so for a limited time, and asks again.
      if (!isConnectionFault(error)) this.#expire(Infinity);
      return 0;
    }
  }

  #expire(now = Date.now()): void {
    for (const [name, all] of this.#awaited) {
      const left = all.filter(({ expiresAt }) => expiresAt > now);
      if (left.length === all.length) continue;
      for (const { expiresAt, expired } of all) if (expiresAt <= now) expired();
      if (left.length > 0) this.#awaited.set(name, left);
      else this.#awaited.delete(name);
    }
  }

  #msToExpiry(): number {
    const next = Math.min(...[...this.#awaited.values()].flat().map(({ expiresAt }) => expiresAt));
    return Math.max(next - Date.now(), 1);
  }
}

const nameOf = (stream: string, revision: number): string => `${revision} ${stream}`;
