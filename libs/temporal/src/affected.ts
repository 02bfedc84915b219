import { type Instant, type RecordedEvent, instant } from '#domain';
import type { PolicyHistory } from './policy-history.js';

/**
 * The events that may come to stand otherwise because one more was recorded: it, what it speaks of, and what dating
 * links connect to those. In order of position.
 *
 * Errs on the side of too many: a link counts that was ever recorded, in a body or a correction.
 */
export function affectedBy(event: RecordedEvent, history: PolicyHistory): readonly RecordedEvent[] {
  const affected = new Set<RecordedEvent>(chainFrom(event, history));
  for (const next of affected) for (const neighbour of history.datingNeighbours(next.key)) affected.add(neighbour);
  return [...affected].sort((one, other) => one.position - other.position);
}

/** The earliest known time at which the event can change anything. */
export function sinceWhenKnown(event: RecordedEvent, history: PolicyHistory): Instant {
  // Retracting a `source.attached` takes its publication back for all known time, so what hung on it moves from there.
  const publications = chainFrom(event, history).filter((link) => link === event || link.type === 'source.attached');
  return instant(Math.min(...publications.map(({ body }) => body.publishedAt.from)));
}

/** The event, what it targets, what that targets, and so on. */
function chainFrom(event: RecordedEvent, history: PolicyHistory): readonly RecordedEvent[] {
  const chain = [event];
  for (let last: RecordedEvent | undefined = event; last;) {
    const target: RecordedEvent | undefined =
      last.body.target === undefined ? undefined : history.event(last.body.target);
    if (!target || target.position >= last.position) break;
    chain.push(target);
    last = target;
  }
  return chain;
}
