import type { Pool } from 'pg';
import { type Instant, type Position, policyOf } from '#domain';
import { type EventLog, type LogEntry, canonicalJson } from '#event-log';
import { replayedFacts } from '../../core/replay/replay.js';
import { Replays } from '../../core/replay/replay-threads.js';
import { type StateAnswer, stateAnswer } from '../../core/state.js';
import type { Described } from '../../rows/projection.js';
import { HEAD_BASIS } from '../../core/states/policy-heads.js';

/** A policy whose head is checked, against what its read models say as of the position that they have reached. */
export interface HeadToCheck {
  readonly first: LogEntry;
  readonly at: Position;
  readonly described: Described | undefined;
}

/** What it is checked with. */
interface HeadCheck {
  readonly pool: Pool;
  readonly log: Pick<EventLog, 'readStream'>;
  readonly now: () => Instant;
}

/** For so long at most, the events of one policy are folded to check its head. */
const replays = new Replays(600_000);

/**
 * True unless a policy's head would be served now and shows another state than the policy's events come to now.
 *
 * One that has ended, or that the policy has changed since, is served to nobody.
 */
export async function headIsRight({ pool, log, now }: HeadCheck, head: HeadToCheck): Promise<boolean> {
  const { first, at, described } = head;
  const knownAt = now();
  const { rows } = await pool.query<{ document: StateAnswer; position: number; changed: number | null }>({
    name: 'check-head',
    text: `SELECT document, position::float8 AS position,
        (SELECT max(recorded_from)::float8 FROM read.timeline t WHERE t.policy = h.policy) AS changed
      FROM read.policy_heads h WHERE policy = $1 AND made_at <= $2 AND until > $2 AND basis = ${HEAD_BASIS}`,
    values: [first.position, knownAt],
  });
  const [stored] = rows;
  if (!stored || !described || stored.position < (stored.changed ?? 0) || stored.position > at) return true;
  const coordinate = { recorded: at, knownAt, validAt: knownAt };
  const slug = policyOf(first.stream);
  const { title, kind, jurisdiction, aliases = [] } = described.registration;
  const row = { policy: first.position, slug, title, kind, jurisdiction, aliases };
  const answer = stateAnswer(
    row,
    { ...coordinate, recordedAt: null },
    await replayedFacts({ log, replays }, slug, coordinate),
  );
  return shown(answer) === shown(stored.document);
}

/** The part of a document that is served as it is: each answer gets its own resume point. */
const shown = ({ resume: _resume, ...document }: StateAnswer): string =>
  canonicalJson(JSON.parse(JSON.stringify(document)));
