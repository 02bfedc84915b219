import type { VNode } from 'preact';
import type { AtCoordinate, PolicyEvent } from '../../http/answers.js';
import type { Frame } from '../../pages/page.js';
import { LiveTail } from '../../islands/live/live-tail.js';
import { FilterForm } from '../parts/filter-form.js';
import { RowsTable } from '../parts/rows-table.js';
import { recordedColumns } from './event-columns.js';

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
        <LiveTail frame={frame} after={position}>
          <p class="quiet">
            Up to @{position}. What is recorded from now on appears here where scripts run; elsewhere load the page
            again. Programs follow <a href={`/v1/stream?after=${position}`}>the stream</a>.
          </p>
        </LiveTail>
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
          columns={recordedColumns(frame)}
        />
      )}
    </>
  );
}
