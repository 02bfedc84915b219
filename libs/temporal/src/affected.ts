import { type Instant, type RecordedEvent, instant } from '#domain';
import type { PolicyHistory } from './policy-history.js';
import type { Publications } from './publications.js';

/** The publications before one more event was recorded, and after. */
export interface PublicationsAround {
  readonly before: Publications;
  readonly after: Publications;
}

/**
 * The earliest known time at which the event can change anything: its own publication and, since publications act by
 * what is recorded alone, every publication that it moved of what it speaks of.
 */
export function sinceWhenKnown(event: RecordedEvent, history: PolicyHistory, around: PublicationsAround): Instant {
  const targets = chainFrom(event, history).slice(1);
  return instant(Math.min(around.after.knownFrom(event), ...targets.flatMap((target) => moved(target, around))));
}

/** The event, what it targets, what that targets, and so on: of all others nothing that is their own changes by it. */
export function chainFrom(event: RecordedEvent, history: PolicyHistory): readonly RecordedEvent[] {
  const chain: RecordedEvent[] = [];
  for (let last: RecordedEvent | undefined = event; last; last = history.targetOf(last)) chain.push(last);
  return chain;
}

/** The publications that an event has before or after and not both; all of them where its own is shown otherwise. */
function moved(event: RecordedEvent, { before, after }: PublicationsAround): readonly Instant[] {
  const [were, are] = [before.of(event), after.of(event)];
  const isShownOtherwise =
    before.own(event) !== after.own(event) || before.correctedBy(event) !== after.correctedBy(event);
  const gone = were.filter(({ at, attachedBy }) => !are.some((one) => one.at === at && one.attachedBy === attachedBy));
  const come = are.filter(({ at, attachedBy }) => !were.some((one) => one.at === at && one.attachedBy === attachedBy));
  return (isShownOtherwise ? [...were, ...are] : [...gone, ...come]).map(({ at }) => at);
}
