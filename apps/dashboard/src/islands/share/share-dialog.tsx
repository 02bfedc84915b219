import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { EMBED_LABEL, NEWEST_LABEL, PINNED_LABEL, writeEmbedding } from '../../http/share/embedding.js';
import { type SharedPage, type SharedParts, sharedPage } from '../../http/share/shared-page.js';
import type { Frame } from '../../pages/page.js';
import { DataLinks } from '../../views/share/data-links.js';
import { CITATION_FORMS, type CitationForm, writeCitation } from '../../words/share/citations.js';
import { useCheckedRoot } from '../trust/checked-root.js';
import { CopyField } from './copy-field.js';
import { PermanentCitation } from './permanent-citation.js';

interface DialogProps {
  readonly frame: Frame;
  readonly page: SharedParts;
  readonly onClose: () => void;
}

/** What there is to share: a link, pinned by default; a citation; an embed; the data. */
export function ShareDialog({ frame, page, onClose }: DialogProps): VNode | null {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const shared = sharedPage(frame, page);
  if (shared === undefined) return null;
  return (
    <dialog ref={dialog} class="share-dialog" aria-labelledby="share-title" onClose={onClose}>
      <form method="dialog" class="share-head">
        <h2 id="share-title">Share, cite, download</h2>
        <button type="submit">Close</button>
      </form>
      <p class="quiet">{shared.sentence}.</p>
      <Links shared={shared} />
      <Citation shared={shared} />
      <PermanentCitation url={shared.data ?? shared.pinned} />
      <Embedding shared={shared} />
      <DataLinks shared={shared} />
    </dialog>
  );
}

interface PartProps {
  readonly shared: SharedPage;
}

function Links({ shared: { pinned, newest } }: PartProps): VNode {
  const [isNewest, setNewest] = useState(false);
  if (newest === undefined) return <CopyField label={PINNED_LABEL} text={pinned} />;
  return (
    <>
      <CopyField label={isNewest ? NEWEST_LABEL : PINNED_LABEL} text={isNewest ? newest : pinned} />
      <label class="switch">
        <input type="checkbox" checked={isNewest} onChange={(event) => setNewest(event.currentTarget.checked)} /> Always
        the newest
      </label>
    </>
  );
}

function Citation({ shared }: PartProps): VNode {
  const [form, setForm] = useState<CitationForm>('Text');
  const root = useCheckedRoot();
  return (
    <>
      <CopyField label="Citation" text={writeCitation(form, { ...shared, url: shared.pinned, root })} />
      <label class="switch">
        Form of the citation{' '}
        <select
          value={form}
          onChange={({ currentTarget: { value } }) => setForm(CITATION_FORMS.find((each) => each === value) ?? form)}
        >
          {CITATION_FORMS.map((each) => (
            <option value={each}>{each === 'Wikipedia' ? 'Wikipedia: {{cite web}}' : each}</option>
          ))}
        </select>
      </label>
    </>
  );
}

function Embedding({ shared }: PartProps): VNode {
  const [isGrowing, setGrowing] = useState(false);
  return (
    <>
      <CopyField label={EMBED_LABEL} text={writeEmbedding({ ...shared, address: shared.embed, isGrowing })} />
      <label class="switch">
        <input type="checkbox" checked={isGrowing} onChange={(event) => setGrowing(event.currentTarget.checked)} /> As
        high as its content (with a script of 0.2 KB)
      </label>
    </>
  );
}
