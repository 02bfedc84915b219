import type { VNode } from 'preact';
import type { CorrectionEvent, FullEvent } from '../../http/events/event-answers.js';
import type { Frame } from '../../pages/page.js';
import { fieldName } from '../../words/event-words.js';
import { EventLink, textOrErased } from '../parts/references.js';
import { BodyValue } from './body-value.js';

interface ChangesProps {
  readonly event: FullEvent;
  readonly frame: Frame;
}

/** What was changed about an event since it was recorded: by which corrections, and what was recorded first. */
export function RecordChanges({ event, frame }: ChangesProps): VNode | null {
  const { corrections, retractedBy = [], recordedAs } = event;
  if (corrections.length === 0 && retractedBy.length === 0 && recordedAs === undefined) return null;
  return (
    <section>
      <h2>What was changed since</h2>
      {retractedBy.map((key) => (
        <p class="notice">
          It counts as never said: retracted by <EventLink event={key} frame={frame} />
        </p>
      ))}
      <ul>
        {corrections.map((correction) => (
          <li>
            <Correction correction={correction} frame={frame} />
          </li>
        ))}
      </ul>
      {recordedAs === undefined ? null : <FirstRecorded event={event} recordedAs={recordedAs} />}
    </section>
  );
}

function Correction({ correction, frame }: { readonly correction: CorrectionEvent; readonly frame: Frame }): VNode {
  return (
    <>
      Corrected on {frame.dates.day(correction.recordedAt)} (@{correction.position}), public since{' '}
      {frame.dates.day(correction.knownFrom)}:{' '}
      <EventLink event={correction.key} frame={frame}>
        {textOrErased(correction.reason ?? correction.summary)}
      </EventLink>
    </>
  );
}

interface FirstRecordedProps {
  readonly event: FullEvent;
  readonly recordedAs: Readonly<Record<string, unknown>>;
}

function FirstRecorded({ event, recordedAs }: FirstRecordedProps): VNode {
  const now: Readonly<Record<string, unknown>> = { ...event };
  const names = new Set([
    ...Object.keys(recordedAs),
    ...event.corrections.flatMap(({ changes = {} }) => Object.keys(changes)),
  ]);
  const differing = [...names].filter((name) => JSON.stringify(recordedAs[name]) !== JSON.stringify(now[name]));
  return (
    <table class="rows" role="table" aria-label="What was first recorded, and what stands now">
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            Field
          </th>
          <th scope="col" role="columnheader">
            First recorded
          </th>
          <th scope="col" role="columnheader">
            Now
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {differing.map((name) => (
          <tr role="row">
            <th scope="row" role="rowheader">
              {fieldName(name)}
            </th>
            <td role="cell" data-title="First recorded">
              <del>
                <BodyValue name={name} value={recordedAs[name]} />
              </del>
            </td>
            <td role="cell" data-title="Now">
              <ins>
                <BodyValue name={name} value={now[name]} />
              </ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
