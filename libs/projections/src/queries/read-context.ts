import type { Pool } from 'pg';
import { type Instant, type Position, position } from '#domain';
import type { EventLog } from '#event-log';
import type {
  Answered,
  CoordinateRequest,
  ReadOutcome,
  ReadRefusal,
  ResolvedCoordinate,
  Unanswered,
} from '../rows/answers.js';
import type { Descriptions } from '../core/descriptions.js';
import type { Replays } from '../core/replay/replay-threads.js';
import type { CurrentStates } from '../core/states/current-states.js';
import type { RecordTimes } from '../core/record-times.js';
import type { Progress } from '../core/progress.js';

/** How long a read waits for a position that is in the log and not yet in the read models. */
export const READ_WAIT_MS = 5000;

/** The name under which Nest hands the context to the handlers of queries. */
export const READ_CONTEXT = Symbol('read context');

/** What queries need: the tables, the log, the time, and how far the read models have come. */
export interface ReadContext {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly times: RecordTimes;
  readonly replays: Replays;
  readonly descriptions: Descriptions;
  readonly currentStates: Pick<CurrentStates, 'of'>;
  readonly now: () => Instant;
  readonly progress: () => Progress;
  readonly lagMs: () => number;
  /** True when a read model that answers rest on is not there yet. */
  readonly isBuilding: () => boolean;
  /** Waits until the read models hold a position, at most so long; answers the position that they hold. */
  readonly waitFor: (position: Position, timeoutMs: number) => Promise<Position>;
  /** The same for a question that rests on these read models only: one that is being built holds up no other. */
  readonly restingOn: (names: readonly string[]) => ReadContext;
  /** The same for a question about one policy, or all: a partition that is stopped holds up its own policies only. */
  readonly about: (policy: string | undefined) => ReadContext;
}

/** A coordinate that was resolved, or why it cannot be. */
export type Resolved = { readonly outcome: 'resolved'; readonly coordinate: ResolvedCoordinate } | Unresolved;

/** Why there is no such coordinate, or not yet. */
type Unresolved = Extract<ReadRefusal, { outcome: 'beyond-head' | 'behind' | 'in-future' | 'not-settled' }>;

/**
 * Settles what a request leaves open.
 *
 * `recorded`: the latest, unless asked for. `knownAt`: now at the latest record, else when that record was made.
 * `validAt`: as `knownAt`.
 */
export async function resolveCoordinate(
  { recordedAt, knownAt, validAt }: CoordinateRequest,
  context: ReadContext,
): Promise<Resolved> {
  if (context.isBuilding()) return { outcome: 'behind', reached: context.progress().position };
  const record = recordedAt === undefined ? latest(context) : await recordAt(recordedAt, context);
  if ('outcome' in record) return record;
  const known = knownAt ?? (recordedAt === undefined ? context.now() : (record.recordedAt ?? context.now()));
  return {
    outcome: 'resolved',
    coordinate: { recorded: record.position, recordedAt: record.recordedAt, knownAt: known, validAt: validAt ?? known },
  };
}

const latest = (context: ReadContext): Progress => context.progress();

async function recordAt(
  asked: NonNullable<CoordinateRequest['recordedAt']>,
  context: ReadContext,
): Promise<Progress | Unresolved> {
  if ('at' in asked && asked.at > context.now()) return { outcome: 'in-future' };
  const wanted = 'position' in asked ? asked.position : await context.log.positionAt(asked.at, READ_WAIT_MS);
  if (wanted === undefined) return { outcome: 'not-settled' };
  const progress = context.progress();
  if (wanted === progress.position) return progress;
  if (wanted > progress.position) {
    const head = await context.log.head();
    if (wanted > head.position) return { outcome: 'beyond-head', head: head.position };
    const reached = await context.waitFor(wanted, READ_WAIT_MS);
    // An answer at this position is promised to stay the same, so it cannot be given from what is there so far.
    if (reached < wanted) return { outcome: 'behind', reached };
  }
  return { position: position(wanted), recordedAt: await context.times.of(position(wanted)) };
}

/** Resolves a coordinate and answers at it. */
export async function answerAt<Answer extends object>(
  request: CoordinateRequest,
  context: ReadContext,
  answer: (coordinate: ResolvedCoordinate) => Promise<Answer | Unanswered>,
): Promise<ReadOutcome<Answer>> {
  const resolved = await resolveCoordinate(request, context);
  if (resolved.outcome !== 'resolved') return resolved;
  const answered = await answer(resolved.coordinate);
  return 'outcome' in answered ? answered : frameAnswer(answered, resolved.coordinate, context);
}

/** An answer with where it holds and how far the read side had come. */
export const frameAnswer = <Answer, At>(
  answer: Answer,
  coordinate: At,
  context: Pick<ReadContext, 'progress' | 'lagMs'>,
): Answered<Answer, At> => ({
  outcome: 'answered',
  answer,
  coordinate,
  engine: 'facts',
  position: context.progress().position,
  lagMs: context.lagMs(),
});
