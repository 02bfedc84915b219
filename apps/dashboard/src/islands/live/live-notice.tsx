import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Frame, OpenPage } from '../../pages/page.js';
import { useNavigation } from '../navigation.js';
import type { Notice, ShownPage } from './follow-log.js';
import { lossInWords, nameFew, newsInWords } from './live-words.js';
import { UNPINNED, isPinnedAddress } from './signals.js';

interface NoticeProps {
  readonly frame: Frame;
  readonly page: Pick<OpenPage, 'coordinate' | 'permalink'>;
  /** True while the reader wants to hear of changes to the day that is shown, and of nothing else. */
  readonly isWatching: boolean;
}

/**
 * Lets a page follow the log, and says what it does not show: what is new where the page is pinned, what was computed
 * anew, and since when nothing comes. Empty on the server.
 */
export function LiveNotice({ frame, page, isWatching }: NoticeProps): VNode {
  const [{ lostSince, restated, news }, setNotice] = useState<Notice>({ news: 0 });
  const navigation = useNavigation();
  const { address } = frame;
  const shown = useRef<ShownPage>({ address, ...page });
  shown.current = { address, coordinate: page.coordinate, permalink: page.permalink };
  const isFollowing = navigation !== undefined && page.coordinate !== undefined;
  useEffect(() => {
    if (!isFollowing) return;
    // Fetched when everything else is there.
    void import('./follow-log.js').then(({ followLog }) =>
      followLog({ shown: () => shown.current, refresh: () => navigation.refresh(), tell: setNotice }),
    );
  }, [isFollowing]);
  return (
    <div class="live-notice" aria-live="polite">
      {lostSince === undefined ? null : <p class="notice">{lossInWords(lostSince, frame.dates)}</p>}
      {restated === undefined ? null : <Restated policies={restated} frame={frame} />}
      {news === 0 || isWatching || !isPinnedAddress(address) ? null : (
        <p>
          {newsInWords(news)} ·{' '}
          <button type="button" onClick={() => navigation?.move(UNPINNED, 'final')}>
            Show
          </button>
        </p>
      )}
    </div>
  );
}

function Restated({ policies, frame }: { readonly policies: readonly string[]; readonly frame: Frame }): VNode {
  if (policies.length === 0) return <p class="notice">Our record was computed anew.</p>;
  const { named, rest } = nameFew(policies);
  return (
    <p class="notice">
      Our record was computed anew for{' '}
      {named.map((policy, index) => (
        <>
          {index === 0 ? '' : ', '}
          <a href={frame.link(`/policies/${policy}`)}>{policy}</a>
        </>
      ))}
      {rest}.
    </p>
  );
}
