import { useEffect, useState } from 'preact/hooks';
import { read } from '../../http/ask.js';
import type { Frame } from '../../pages/page.js';
import { askOverHttp } from '../browser.js';
import { type PublicationDay, type PublicationIndex, publicationDays } from './publications.js';

/**
 * The days of publication in view, whatever is known at the coordinate shown: steps also lead forward.
 *
 * `position` is where the record shown ends: what came later, as in a page that follows the log, is looked up again.
 */
export function usePublicationDays(frame: Frame, position: number): readonly PublicationDay[] {
  const [days, setDays] = useState<readonly PublicationDay[]>([]);
  const [, policy] = /^\/policies\/([^/]+)/.exec(frame.address.path) ?? [];
  const pinned = frame.address.parameters.has('recordedAt') ? `&recordedAt=@${position}` : '';
  useEffect(() => {
    const narrowed = policy === undefined ? '' : `&policy=${policy}`;
    void read<PublicationIndex>(askOverHttp, `/v1/events?shape=index${narrowed}${pinned}`).then((index) => {
      if (index.ok) setDays(publicationDays(index.body, frame.dates));
    });
  }, [policy, position]);
  return days;
}
