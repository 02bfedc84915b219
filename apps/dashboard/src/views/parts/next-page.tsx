import type { VNode } from 'preact';
import type { Frame } from '../../pages/page.js';

interface NextPageProps {
  readonly frame: Frame;
  readonly next: string | null | undefined;
  /** What the list lists, in the plural. */
  readonly things: string;
}

/** The way to the next page of a list, and back to the first; nothing where all is shown. */
export function NextPage({ frame, next, things }: NextPageProps): VNode | null {
  const isFirst = !frame.address.parameters.has('cursor');
  if (!next && isFirst) return null;
  return (
    <p class="next-page">
      {isFirst ? null : <a href={frame.linkWith({ cursor: undefined })}>First {things}</a>}
      {!isFirst && next ? ' · ' : null}
      {next ? (
        <a rel="next" href={frame.linkWith({ cursor: next })}>
          Next {things}
        </a>
      ) : null}
    </p>
  );
}
