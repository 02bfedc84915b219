import type { VNode } from 'preact';
import { EMBED_LABEL, NEWEST_LABEL, PINNED_LABEL, writeEmbedding } from '../../http/share/embedding.js';
import { type SharedParts, sharedPage } from '../../http/share/shared-page.js';
import type { Frame } from '../../pages/page.js';
import { writeCitation } from '../../words/share/citations.js';
import { DataLinks } from './data-links.js';
import { PrintFoot } from './print-foot.js';

interface ShareProps {
  readonly frame: Frame;
  readonly page: SharedParts;
}

/** What there is to share, to be unfolded at the foot of a page where no scripts run. */
export function PlainShare({ frame, page }: ShareProps): VNode | null {
  const shared = sharedPage(frame, page);
  if (shared === undefined) return null;
  return (
    <>
      <details class="share">
        <summary>Share, cite, download</summary>
        <PlainText label={PINNED_LABEL} text={shared.pinned} />
        {shared.newest === undefined ? null : <PlainText label={NEWEST_LABEL} text={shared.newest} />}
        <PlainText label="Citation" text={writeCitation('Text', { ...shared, url: shared.pinned, root: undefined })} />
        <PlainText label={EMBED_LABEL} text={writeEmbedding({ ...shared, address: shared.embed, isGrowing: false })} />
        <DataLinks shared={shared} />
      </details>
      <PrintFoot frame={frame} page={page} />
    </>
  );
}

function PlainText({ label, text }: { readonly label: string; readonly text: string }): VNode {
  return (
    <label class="copied">
      {label}
      <textarea readOnly rows={2} value={text} />
    </label>
  );
}
