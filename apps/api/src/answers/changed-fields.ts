import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Position, instant, position } from '#domain';
import { DiffBetween, ReadSide } from '#projections';
import { CALENDAR, type Calendar } from '../tokens.js';

/** After this time a write is acknowledged without `changed`, so that slow read models do not hold it up. */
const LIMIT_MS = 1_000;

/** Finds the fields of the current state that an event changed. */
@Injectable()
export class ChangedFields {
  constructor(
    private readonly queries: QueryBus,
    private readonly readSide: ReadSide,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {}

  /**
   * The fields whose current value the event at that position changed, in order.
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
