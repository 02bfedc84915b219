import type { Pool } from 'pg';
import { type Instant, type Position, instant, policyOf } from '#domain';
import { type StoredParkedEvent, markRecorded, readParked } from '../runner/parking/parked-policies.js';

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

/** Every event that a read model could not process, and that nobody has dealt with. */
export const readParkedEvents = async (pool: Pool): Promise<readonly SetAsideEvent[]> =>
  (await readParked(pool)).map(shownAside);

/** Reports each parked event until it is on record: at least once. */
export async function reportParked(pool: Pool, report: (event: SetAsideEvent) => Promise<void>): Promise<void> {
  for (const each of await readParked(pool)) {
    if (each.isRecorded) continue;
    await report(shownAside(each));
    await markRecorded(pool, each);
  }
}

const shownAside = ({ projection, stream, key, position, error, since, stops }: StoredParkedEvent): SetAsideEvent => ({
  projection,
  policy: policyOf(stream),
  event: key,
  position,
  error,
  since: instant(since),
  stops,
});
