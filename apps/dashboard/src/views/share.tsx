import type { VNode } from 'preact';
import type { Frame, OpenPage } from '../pages/page.js';
import { linkWith } from '../http/address.js';

interface ShareProps {
  readonly frame: Frame;
  readonly page: Pick<OpenPage, 'title' | 'coordinate' | 'permalink'>;
}

/** The links by which others see the same: pinned by default, the newest on demand, a citation, the data, an embed. */
export function Share({ frame, page }: ShareProps): VNode | null {
  const { permalink, coordinate, title } = page;
  if (permalink === undefined || coordinate === undefined) return null;
  const pinned = `${frame.origin}${permalink.replace(/^\/v1/, '')}`;
  const newest = `${frame.origin}${linkWith(frame.address, { knownAt: undefined, validAt: undefined, recordedAt: undefined, cursor: undefined })}`;
  const known = frame.dates.moment(coordinate.knownAt);
  const citation = `${frame.about.publisher ?? frame.about.name}: ${title}. What was known on ${known}, as recorded at position ${coordinate.recordedAt.position}. ${pinned}`;
  return (
    <details class="share">
      <summary>Share, cite, download</summary>
      <Copied label="Pinned link: shows the same for ever" text={pinned} />
      <Copied label="Newest link: moves on with what is known" text={newest} />
      <Copied label="Citation" text={citation} />
      <Copied
        label="Embed"
        text={`<iframe src="${pinned.replace(frame.origin, `${frame.origin}/embed`)}" title="${title.replaceAll('"', '&quot;')}" width="100%" height="480" loading="lazy"></iframe>`}
      />
      <p>
        Data at this coordinate: <a href={permalink}>JSON</a>
      </p>
    </details>
  );
}

/** A text to copy: selected as a whole when it is clicked or focused, so that no permission is needed. */
function Copied({ label, text }: { readonly label: string; readonly text: string }): VNode {
  return (
    <label class="copied">
      {label}
      <input readOnly value={text} onFocus={(event) => event.currentTarget.select()} />
    </label>
  );
}
