import type { Pool } from 'pg';
import { isConnectionFault, textArray } from '#postgres';
import { type Place, type Position, positionOf, type Revision, type WakeUps } from '#event-log/adapter';

/** The time of a place that has no position yet: its event is in the store, and not in the log. */
const UNPLACED_AT = -1;

/** A place whose position is still to come. */
export const unplaced = (place: Pick<Place, 'id' | 'key' | 'stream' | 'revision'>): Place => ({
  ...place,
  position: positionOf(0),
  recordedAt: UNPLACED_AT,
});

export const isUnplaced = ({ recordedAt }: Place): boolean => recordedAt === UNPLACED_AT;

/** Where a flush lands as far as can be said before it has positions. */
export const UNPLACED_LANDING = { base: positionOf(0), recordedAt: UNPLACED_AT };

interface Awaited {
  readonly stream: string;
  readonly revision: Revision;
  readonly found: (place: Place) => void;
  readonly expiresAt: number;
  readonly expired: () => void;
}

interface PlaceRow {
  readonly stream: string;
  readonly revision: Revision;
  readonly position: Position;
  readonly id: string;
  readonly key: string;
  readonly at: number;
}

/** Where events of the store came to stand in the log. Many wait for one query. */
const PLACES = `SELECT e.stream, e.revision, e.position::float8 AS position, e.id, e.key,
    (extract(epoch FROM e.recorded_at) * 1000)::float8 AS at
  FROM unnest($1::text[], $2::integer[]) AS w(stream, revision)
  JOIN log.events e ON e.stream = w.stream AND e.revision = w.revision`;

/** Waits for events of the store to be given their positions in the log. */
export class PlaceWatch {
  readonly #awaited = new Map<string, Awaited[]>();
  #isWatching = false;

  constructor(
    private readonly pool: Pool,
    private readonly wakeUps: WakeUps,
  ) {}

  /** The place of what the log has at a stream's revision; undefined when it is not there within the limit. */
  placeAt(stream: string, revision: Revision, limitMs: number): Promise<Place | undefined> {
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
      const { rows } = await this.pool.query<PlaceRow>({
        name: 'log-places',
        text: PLACES,
        values: [textArray(all.map(({ stream }) => stream)), all.map(({ revision }) => revision)],
      });
      for (const { at, ...row } of rows) {
        const name = nameOf(row.stream, row.revision);
        const place = { ...row, position: positionOf(row.position), recordedAt: Math.round(at) };
        for (const { found } of this.#awaited.get(name) ?? []) found(place);
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
