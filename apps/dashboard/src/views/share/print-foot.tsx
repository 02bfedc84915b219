import type { VNode } from 'preact';
import { type SharedParts, sharedPage } from '../../http/share/shared-page.js';
import { useCheckedRoot } from '../../islands/trust/checked-root.js';
import type { Frame } from '../../pages/page.js';

interface FootProps {
  readonly frame: Frame;
  readonly page: SharedParts;
}

/** What stands at the foot of every printed page: when this was so, where it is found for ever, and the log behind it. */
export function PrintFoot({ frame, page }: FootProps): VNode | null {
  const shared = sharedPage(frame, page);
  const root = useCheckedRoot();
  if (shared === undefined) return null;
  return (
    <p class="printed">
      {shared.sentence}. <a href={shared.pinned}>{shared.pinned}</a>
      {root === undefined ? '' : ` Checkpoint: ${root.size} entries, root ${root.digits}…, its signature checked here.`}
    </p>
  );
}
