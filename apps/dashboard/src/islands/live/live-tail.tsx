import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Frame } from '../../pages/page.js';
import { recordedColumns } from '../../views/live/event-columns.js';
import { RowsTable } from '../../views/parts/rows-table.js';
import { countOf } from '../../words/words.js';
import { keepConnected } from './connection.js';
import { isPinnedAddress } from './signals.js';
import { EMPTY_TAIL, addToTail, eventOfMessage, pauseOrGoOn } from './tail.js';

interface TailProps {
  readonly frame: Frame;
  /** The last position that the page shows already. */
  readonly after: number;
  /** What stands there before anything has come. */
  readonly children: ComponentChildren;
}

/** What is recorded while the page is open, the newest first; nothing moves where the page is pinned. */
export function LiveTail({ frame, after, children }: TailProps): VNode {
  const [tail, setTail] = useState(EMPTY_TAIL);
  const policy = frame.address.parameters.get('policy');
  const isPinned = isPinnedAddress(frame.address);
  useEffect(() => {
    if (isPinned) return undefined;
    const path = policy === undefined ? '/v1/stream' : `/v1/policies/${encodeURIComponent(policy)}/stream`;
    return keepConnected({
      after: String(after),
      address: (from) => `${path}?view=events&after=${from}`,
      kinds: ['event', 'caught-up'],
      hear: ({ kind, text }) => {
        const event = kind === 'event' ? eventOfMessage(text) : undefined;
        if (event !== undefined) setTail((grown) => addToTail(grown, event));
      },
      // The notice on top of the page says that the connection is lost.
      lose: () => undefined,
    });
  }, [policy, isPinned]);
  const { shown, held, isPaused } = tail;
  if (shown.length + held.length === 0) return <>{children}</>;
  return (
    <>
      <p>
        <button type="button" aria-pressed={isPaused} onClick={() => setTail(pauseOrGoOn)}>
          Pause
        </button>{' '}
        {isPaused ? `${countOf(held.length, 'event')} held back.` : 'New since this page was opened:'}
      </p>
      <RowsTable label="Events recorded since" isWordy rows={shown} columns={recordedColumns(frame)} />
    </>
  );
}
