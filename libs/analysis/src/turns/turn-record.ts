import { type EventVersion, isInRecord } from '#temporal';
import { datesOf } from '../dates/event-dates.js';
import { type TakenStance, type Undoing, namedActors, stancesIn, findUndoing } from './turn-events.js';
import type { TurnRecord, UndoneEvent } from './turns.js';

/** What turns are found in, of folded policies. What one undoes may stand in another, so all of them should be there. */
export class TurnRecordDraft implements TurnRecord {
  readonly stances: TakenStance[] = [];
  readonly undoings: Undoing[] = [];
  readonly undone = new Map<string, UndoneEvent>();

  /** Adds the events of a policy. */
  add(versions: readonly EventVersion[]): void {
    for (const version of versions) {
      this.stances.push(...stancesIn(version));
      const undoing = findUndoing(version);
      if (undoing) this.undoings.push(undoing);
      if (isInRecord(version)) this.undone.set(version.event.key, undoneEvent(version));
    }
  }
}

/** An event as those that undo it are compared with it. */
const undoneEvent = (version: EventVersion): UndoneEvent => ({
  event: version.event.key,
  actors: namedActors(version.body),
  dates: datesOf(version),
});
