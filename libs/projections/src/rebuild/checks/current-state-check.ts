import type { Pool } from 'pg';
import { type Instant, type Position, policyOf } from '#domain';
import { type EventLog, type LogEntry, canonicalJson } from '#event-log';
import { replayedFacts } from '../../core/replay/replay.js';
import { Replays } from '../../core/replay/replay-threads.js';
import { shownFacts } from '../../core/state.js';
import { readCurrentStates } from '../../core/states/current-states.js';

/** What it is checked with. */
interface StateCheck {
  readonly pool: Pool;
  readonly log: Pick<EventLog, 'readStream'>;
  readonly now: () => Instant;
}

/** For so long at most, the events of one policy are folded to check its current state. */
const replays = new Replays(600_000);

/**
 * True unless a policy's current state would be served now and differs from what the policy's events fold to now.
 *
 * One that has ended, or that the policy has changed since, is served to nobody.
 */
export async function isCurrentStateRight(
  { pool, log, now }: StateCheck,
  policy: LogEntry,
  recorded: Position,
): Promise<boolean> {
  const knownAt = now();
  const { states } = await readCurrentStates(pool, [policy.position], { recorded, now: knownAt });
  const stored = states.get(policy.position);
  if (!stored) return true;
  const at = { recorded, knownAt, validAt: knownAt };
  const folded = shownFacts(await replayedFacts({ log, replays }, policyOf(policy.stream), at));
  return canonicalJson(folded) === canonicalJson(stored);
}
