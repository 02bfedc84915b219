import type { VNode } from 'preact';
import type { AtCoordinate, PolicyEvent } from '../../http/answers.js';
import type { Frame } from '../../pages/page.js';
import { edtfInWords } from '../../words/dates.js';
import { inWords } from '../../words/words.js';
import { FilterForm } from '../parts/filter-form.js';
import { EventLink, PolicyLink, textOrErased } from '../parts/references.js';
import { RowsTable } from '../parts/rows-table.js';

/** What was recorded last. */
export interface LiveData {
  readonly at: AtCoordinate;
  /** The positions that were looked at, both included. */
  readonly from: number;
  /** The newest first. */
  readonly events: readonly PolicyEvent[];
}

interface LiveProps {
  readonly data: LiveData;
  readonly frame: Frame;
}

/** The end of the log: what was recorded last, and a place for what comes next. */
export function Live({ data: { at, from, events }, frame }: LiveProps): VNode {
  const { position } = at.coordinate.recordedAt;
  return (
    <>
      <p class="lead">What was recorded last, whenever it happened. The newest comes first.</p>
      <FilterForm frame={frame} fields={[{ name: 'policy', label: 'Policy' }]} />
      <div id="stream" class="stream-place" data-after={position}>
        <p class="quiet">
          Up to @{position}. Without scripts this list does not move: load the page again. Programs follow{' '}
          <a href={`/v1/stream?after=${position}`}>the stream</a>.
        </p>
      </div>
      {events.length === 0 ? (
        <p class="empty">
          {position === 0
            ? 'Nothing was recorded yet.'
            : `No event came into force with the positions @${from} to @${position}.`}
        </p>
      ) : (
        <RowsTable
          label={`Events recorded from @${from} to @${position}`}
          isWordy
          rows={events}
          columns={[
            {
              title: 'Event',
              cell: ({ key, summary }) => (
                <EventLink event={key} frame={frame}>
                  {textOrErased(summary)}
                </EventLink>
              ),
            },
            { title: 'Type', cell: ({ type }) => inWords(type.replaceAll('.', ' ')) },
            { title: 'Policy', cell: (event) => <PolicyLink row={event} frame={frame} /> },
            { title: 'Happened', cell: ({ occurred }) => edtfInWords(occurred) },
            { title: 'Public since', cell: ({ knownFrom }) => frame.dates.day(knownFrom) },
            { title: 'Recorded', cell: (event) => `@${event.position}, ${frame.dates.moment(event.recordedAt)}` },
          ]}
        />
      )}
    </>
  );
}
