import type { VNode } from 'preact';
import type { SharedPage } from '../../http/share/shared-page.js';

/** The data behind a page, and the way to say that something is wrong with it. */
export function DataLinks({ shared }: { readonly shared: SharedPage }): VNode {
  const { data, table, picture } = shared;
  return (
    <>
      {data === undefined ? null : (
        <p>
          Data at this coordinate: <a href={data}>JSON</a>
          {table === undefined ? null : (
            <>
              {' '}
              · <a href={table}>CSV</a>
            </>
          )}
          {picture === undefined ? null : (
            <>
              {' '}
              · <a href={picture}>SVG</a>
            </>
          )}
        </p>
      )}
      <p>
        <a href={reportAddress(shared)}>Report a problem</a>{' '}
        <span class="quiet">by mail, with the pinned link in it</span>
      </p>
    </>
  );
}

const reportAddress = ({ title, pinned }: SharedPage): string =>
  `mailto:?subject=${encodeURIComponent(`Problem: ${title}`)}&body=${encodeURIComponent(`What is wrong:\n\nWhere:\n${pinned}\n`)}`;
