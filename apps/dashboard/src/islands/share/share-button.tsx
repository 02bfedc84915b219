import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { SharedParts } from '../../http/share/shared-page.js';
import type { Frame } from '../../pages/page.js';
import { useLater } from '../later.js';

interface ButtonProps {
  readonly frame: Frame;
  readonly page: SharedParts;
}

/** The button that opens what there is to share; the dialog is fetched when it is wanted. */
export function ShareButton({ frame, page }: ButtonProps): VNode | null {
  const [isOpen, setOpen] = useState(false);
  const Dialog = useLater(isOpen, () => import('./share-dialog.js').then(({ ShareDialog }) => ShareDialog));
  // Nobody waits for what is only printed.
  const Printed = useLater(true, () => import('../../views/share/print-foot.js').then(({ PrintFoot }) => PrintFoot));
  if (page.isHypothetical || (page.coordinate === undefined && page.compared === undefined)) return null;
  return (
    <>
      <div class="share">
        <button type="button" id="share-open" aria-haspopup="dialog" onClick={() => setOpen(true)}>
          Share, cite, download
        </button>
        {isOpen && Dialog !== undefined ? <Dialog frame={frame} page={page} onClose={() => setOpen(false)} /> : null}
      </div>
      {Printed === undefined ? null : <Printed frame={frame} page={page} />}
    </>
  );
}
