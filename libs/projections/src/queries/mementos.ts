import { type Instant, type Position, position } from '#domain';
import { positionsIn, rowsOfPolicy, stretchBeginnings } from '../core/boxes/stretches.js';
import type { ResolvedCoordinate, Unanswered } from '../rows/answers.js';
import { READ_WAIT_MS, type ReadContext } from './read-context.js';

/** An instant at which an answer became another, with the last position recorded by then. */
export interface Memento {
  readonly at: Instant;
  readonly recorded: Position;
}

/** The mementos of a policy: when its answer became another, all three times at that instant. */
export interface Mementos {
  /** Slug of the policy. */
  readonly policy: string;
  readonly count: number;
  /** Those that were picked, by their place among all. */
  readonly picked: ReadonlyMap<number, Memento>;
}

/** The mementos of a policy up to a coordinate, of which some are picked by their places. */
export async function mementosUpTo(
  { pool, times, log }: ReadContext,
  { policy, recorded, knownAt }: Pick<ResolvedCoordinate, 'recorded' | 'knownAt'> & { readonly policy: number },
  pick: (beginnings: readonly Instant[]) => readonly number[],
): Promise<Pick<Mementos, 'count' | 'picked'> | Extract<Unanswered, { outcome: 'not-settled' }>> {
  const rows = await rowsOfPolicy(pool, policy, recorded);
  const recordTimes = new Map<number, Instant>();
  for (const each of positionsIn(rows)) {
    const at = await times.of(position(each));
    if (at !== null) recordTimes.set(each, at);
  }
  const beginnings = await stretchBeginnings(rows, {
    until: knownAt,
    timeOf: (each) => {
      const at = recordTimes.get(each);
      if (at === undefined) throw new Error(`Position ${each} was recorded at no time.`);
      return at;
    },
  });
  const picked = new Map<number, Memento>();
  for (const place of new Set(pick(beginnings))) {
    const at = beginnings[place];
    if (at === undefined) continue;
    const last = await log.positionAt(at, READ_WAIT_MS);
    if (last === undefined) return { outcome: 'not-settled' };
    picked.set(place, { at, recorded: position(last) });
  }
  return { count: beginnings.length, picked };
}
