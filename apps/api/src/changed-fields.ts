import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Position, instant, position } from '#domain';
import { DiffBetween, type Projections } from '#projections';
import { FRESHNESS_LIMIT_MS } from './http/freshness.js';
import { CALENDAR, type Calendar, READ_SIDE } from './tokens.js';

/** The read models that a comparison of states rests on. */
const STATES = ['policies', 'timeline', 'policy-facts'];

/** Says what single events changed about now. */
@Injectable()
export class ChangedFields {
  constructor(
    private readonly queries: QueryBus,
    @Inject(READ_SIDE) private readonly readSide: Pick<Projections, 'waitFor' | 'progressOf'>,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {}

  /**
   * The fields whose value about now is another since the event at that position, in order.
   *
   * Waits for the read models as a read would; undefined when they are not there in time.
   */
  async by(policy: string, recorded: Position): Promise<readonly string[] | undefined> {
    await this.readSide.waitFor(recorded, FRESHNESS_LIMIT_MS);
    if (this.readSide.progressOf(STATES).position < recorded) return undefined;
    const now = instant(this.calendar.now());
    const asOf = (at: number) => ({ recordedAt: { position: position(at) }, knownAt: now, validAt: now });
    const outcome = await this.queries.execute(
      new DiffBetween({ policy, from: asOf(recorded - 1), to: asOf(recorded) }),
    );
    return outcome.outcome === 'answered' ? outcome.answer.changes.map(({ field }) => field) : undefined;
  }
}
