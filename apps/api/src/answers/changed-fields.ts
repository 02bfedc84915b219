import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Position, instant, position } from '#domain';
import { DiffBetween, ReadSide } from '#projections';
import { CALENDAR, type Calendar } from '../tokens.js';

/** A write is acknowledged without saying what it changed rather than held up by read models that are behind. */
const LIMIT_MS = 1_000;

/** Says what single events changed about now. */
@Injectable()
export class ChangedFields {
  constructor(
    private readonly queries: QueryBus,
    private readonly readSide: ReadSide,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {}

  /**
   * The fields whose value about now is another since the event at that position, in order.
   *
   * Waits for the read models up to {@link LIMIT_MS}; undefined when they are not there by then. None for the event
   * that withdrew the policy.
   */
  async by(policy: string, recorded: Position): Promise<readonly string[] | undefined> {
    await this.readSide.waitFor(recorded, LIMIT_MS);
    if (this.readSide.progressOf(policy).position < recorded) return undefined;
    const now = instant(this.calendar.now());
    const asOf = (at: number) => ({ recordedAt: { position: position(at) }, knownAt: now, validAt: now });
    const outcome = await this.queries.execute(
      new DiffBetween({ policy, from: asOf(recorded - 1), to: asOf(recorded) }),
    );
    return outcome.outcome === 'answered' ? outcome.answer.changes.map(({ field }) => field) : [];
  }
}
