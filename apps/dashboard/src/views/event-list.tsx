import type { VNode } from 'preact';
import type { PolicyEvent } from '../http/answers.js';
import type { Frame } from '../pages/page.js';
import { edtfInWords } from '../words/dates.js';
import { inWords } from '../words/words.js';

/** A list of events: when, what, said by whom. */
export function EventList({
  events,
  frame,
}: {
  readonly events: readonly PolicyEvent[];
  readonly frame: Frame;
}): VNode {
  if (events.length === 0) return <p class="empty">No event was known at this point.</p>;
  return (
    <ol class="events">
      {events.map((event) => (
        <li key={event.key}>
          <p class="when">
            {edtfInWords(event.occurred)} <span class="type">{inWords(event.type.replaceAll('.', ' '))}</span>
          </p>
          <p>
            <a href={frame.link(`/events/${event.key}`)}>{event.summary}</a>
          </p>
          <p class="by">
            {(event.sources ?? []).map(({ publisher }) => publisher).join(', ')}, public since{' '}
            {frame.dates.day(event.knownFrom)}
            {event.epistemic === undefined || event.epistemic === 'confirmed' ? '' : ` · ${event.epistemic}`}
            {event.modality === undefined || event.modality === 'actual' ? '' : ` · ${event.modality}`}
          </p>
        </li>
      ))}
    </ol>
  );
}
