import type { Pool } from 'pg';
import { type Instant, type Position, instant, policyOf } from '#domain';
import { type StoredParkedEvent, markRecorded, readParked } from '../runner/parking/stored-parked-events.js';

/** A parked event, as operators see it. */
export interface ParkedEventReport {
  readonly projection: string;
  readonly policy: string;
  readonly event: string;
  readonly position: Position;
  readonly error: string;
  readonly since: Instant;
  /** Whether the read model has stopped before it, or only the later events of the policy wait behind it. */
  readonly stops: boolean;
}

/** Every parked event. */
export const readParkedEvents = async (pool: Pool): Promise<readonly ParkedEventReport[]> =>
  (await readParked(pool)).map(reportOf);

/** Reports each parked event until it is on record: at least once. */
export async function reportParked(pool: Pool, report: (event: ParkedEventReport) => Promise<void>): Promise<void> {
  for (const each of await readParked(pool)) {
    if (each.isRecorded) continue;
    await report(reportOf(each));
    await markRecorded(pool, each);
  }
}

const reportOf = ({
  projection,
  stream,
  key,
  position,
  error,
  since,
  stops,
}: StoredParkedEvent): ParkedEventReport => ({
  projection,
  policy: policyOf(stream),
  event: key,
  position,
  error,
  since: instant(since),
  stops,
});
