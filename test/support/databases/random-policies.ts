import fc from 'fast-check';
import { type RecordedEvent, instant, position } from '#domain';
import { createPostgresEventLog } from '#event-log';
import { eventsOfPolicy } from '../../../libs/projections/src/core/replay/replay.js';
import type { ResolvedCoordinate } from '../../../libs/projections/src/rows/answers.js';
import { appendAll } from '../events/append-bodies.js';
import { boundaries, corpus } from '../events/corpus.js';
import { type MigratedDatabase, createMigratedDatabase } from './migrated-database.js';
import { policyRequests } from './one-log.js';
import { composeProjections } from './projections.js';

/** A log of random policies, and its read models on a database of their own. */
export interface RandomPolicies {
  readonly pool: MigratedDatabase['pool'];
  /** The events of each policy as the log gives them back, by the number of the policy. */
  readonly recorded: ReadonlyMap<number, readonly RecordedEvent[]>;
  readonly slugs: ReadonlyMap<number, string>;
  stop(): Promise<void>;
}

interface Size {
  readonly policies: number;
  readonly eventsEach: number;
  readonly seed: number;
}

/** Records random policies and waits for their read models. */
export async function recordRandomPolicies({ policies, eventsEach, seed }: Size): Promise<RandomPolicies> {
  const database = await createMigratedDatabase();
  const log = createPostgresEventLog({ pool: database.pool });
  const projections = composeProjections({ pool: database.pool, log, now: () => instant(Date.now()), onStopped: fail });
  await projections.start();
  const recorded = new Map<number, readonly RecordedEvent[]>();
  const slugs = new Map<number, string>();
  const corpora = fc.sample(corpus({ size: eventsEach }), { numRuns: policies, seed });
  for (const [index, { events }] of corpora.entries()) {
    const slug = `policy-${index}`;
    const { position: number } = await log.head();
    await appendAll(log, policyRequests(slug, events));
    recorded.set(number + 1, await eventsOfPolicy(log, slug, Infinity));
    slugs.set(number + 1, slug);
  }
  const head = await log.head();
  await projections.readSide.waitFor(head.position, 30_000);
  return {
    pool: database.pool,
    recorded,
    slugs,
    stop: async () => {
      await projections.stop();
      await log.close();
      await database.drop();
    },
  };
}

/** Nothing stops a runner here but a test that expects it. */
const fail = (error: unknown): void => {
  throw error;
};

/** Coordinates of a policy on and beside every boundary in its events. */
export function coordinatesOf(
  policy: number,
  events: readonly RecordedEvent[],
  { count, seed }: { readonly count: number; readonly seed: number },
): readonly ResolvedCoordinate[] {
  const instants = fc.constantFrom(...boundaries(events));
  const place = fc.integer({ min: policy, max: Number(events.at(-1)?.position ?? policy) }).map(position);
  return fc.sample(
    fc.record({ recorded: place, recordedAt: fc.constant(null), knownAt: instants, validAt: instants }),
    { numRuns: count, seed },
  );
}
