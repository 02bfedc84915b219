import type { VNode } from 'preact';
import type { Frame } from '../../pages/page.js';

interface NothingProps {
  /** As an instant. */
  readonly knownAt: string;
  /** When something was known first, as an instant. */
  readonly firstKnown: string | undefined;
  readonly frame: Frame;
}

/** Says that nothing was known on a day, and leads to the first one on which something was. */
export function NothingKnown({ knownAt, firstKnown, frame }: NothingProps): VNode {
  const { dates } = frame;
  const isLater = firstKnown !== undefined && firstKnown > knownAt;
  return (
    <p class="empty">
      On {dates.day(knownAt)} nothing was publicly known.
      {isLater ? (
        <>
          {' '}
          First:{' '}
          <a href={frame.linkWith({ knownAt: dates.isoDay(firstKnown), validAt: undefined })}>
            {dates.day(firstKnown)}
          </a>
        </>
      ) : null}
    </p>
  );
}
