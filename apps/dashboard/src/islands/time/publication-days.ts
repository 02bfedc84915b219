import { useEffect, useState } from 'preact/hooks';
import { writeQuery } from '../../http/address.js';
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
  const pinned: [string, string][] = frame.address.parameters.has('recordedAt') ? [['recordedAt', `@${position}`]] : [];
  useEffect(() => {
    // In the order in which lanes ask for theirs, so that the two are one request.
    const query = writeQuery(new Map(pinned), { policy, shape: 'index' });
    void read<PublicationIndex>(askOverHttp, `/v1/events${query}`).then((index) => {
      if (index.ok) setDays(publicationDays(index.body, frame.dates));
    });
  }, [policy, position]);
  return days;
}
