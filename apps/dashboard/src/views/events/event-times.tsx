import type { VNode } from 'preact';
import type { FullEvent } from '../../http/events/event-answers.js';
import type { Frame } from '../../pages/page.js';
import { type DateWords, edtfInWords } from '../../words/dates.js';
import { EventLink } from '../parts/references.js';

interface TimesProps {
  readonly event: FullEvent;
  readonly frame: Frame;
}

/** The three times of an event, each in a sentence: when it happened, since when it is public, when it was recorded. */
export function EventTimes({ event, frame }: TimesProps): VNode {
  const { dates } = frame;
  return (
    <dl class="body">
      <dt>Happened</dt>
      <dd>
        {edtfInWords(event.occurred)}. {describeDating(event.dating, dates)}
        {event.datedBy?.length ? (
          <>
            {' '}
            Dated with the help of{' '}
            {event.datedBy.map((key, index) => (
              <>
                {index === 0 ? '' : ', '}
                <EventLink event={key} frame={frame} />
              </>
            ))}
            .
          </>
        ) : null}
      </dd>
      <dt>Public since</dt>
      <dd>
        {dates.moment(event.knownFrom)}
        {dates.isoDay(event.knownFrom) === event.publishedAt.slice(0, 10)
          ? '.'
          : `; published on ${edtfInWords(event.publishedAt.slice(0, 10))}.`}
      </dd>
      <dt>Recorded</dt>
      <dd>
        {dates.moment(event.recordedAt)}, at position @{event.position} of the log.{' '}
        <a href={frame.linkWith({ recordedAt: `@${event.position}` })}>As it was recorded then</a>
      </dd>
    </dl>
  );
}

/** The bounds of a date in a sentence or two. */
function describeDating(dating: FullEvent['dating'], dates: DateWords): string {
  if (dating === undefined) return '';
  const { earliest, latest, settled } = dating;
  return `${boundsInWords(earliest, latest, dates)} ${settledInWords(settled, dates)}`.trim();
}

function boundsInWords(earliest: string | null, latest: string | null, dates: DateWords): string {
  if (earliest === null) return latest === null ? 'No bound is known.' : `Not after ${dates.day(latest)}.`;
  if (latest === null) return `Not before ${dates.day(earliest)}.`;
  if (dates.isoDay(earliest) === dates.isoDay(latest)) return '';
  return `Not before ${dates.day(earliest)}, not after ${dates.day(latest)}.`;
}

const settledInWords = (settled: string | null, dates: DateWords): string =>
  settled === null
    ? 'From when on it holds for certain is open; a source with a date would settle it.'
    : `It holds for certain from ${dates.day(settled)} on.`;
