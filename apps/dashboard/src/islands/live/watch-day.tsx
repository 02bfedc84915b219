import type { VNode } from 'preact';
import { useLater } from '../later.js';
import { useNavigation } from '../navigation.js';
import { isWatchable } from './signals.js';
import type { WatchProps } from './watch-panel.js';

/** The place where a past day can be watched. Empty on the server, and where the page is of no such day. */
export function WatchDay(props: WatchProps): VNode | null {
  const isWanted = useNavigation() !== undefined && isWatchable(props.frame.address);
  const Panel = useLater(isWanted, () => import('./watch-panel.js').then(({ WatchPanel }) => WatchPanel));
  return isWanted && Panel !== undefined ? <Panel {...props} /> : null;
}
