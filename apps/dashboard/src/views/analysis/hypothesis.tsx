import type { VNode } from 'preact';
import { leftOutIn } from '../../http/analysis/left-out.js';
import type { Frame } from '../../pages/page.js';
import { EventLink } from '../parts/references.js';

interface HypothesisProps {
  readonly frame: Frame;
  readonly isHypothetical: boolean;
}

/** Says that a page shows what would be without some events; or that it cannot, where its address asks for it. */
export function Hypothesis({ frame, isHypothetical }: HypothesisProps): VNode | null {
  const things = leftOutIn(frame.address);
  if (things.length === 0) return null;
  const back = <a href={frame.linkWith({ without: undefined, cursor: undefined })}>What is on record</a>;
  if (!isHypothetical) return <p class="notice">Nothing is left out here: this view shows the whole record. {back}</p>;
  return (
    <p class="notice">
      <strong>Hypothetical.</strong> As if there had never been{' '}
      {things.map(({ kind, id }, index) => (
        <>
          {index === 0 ? '' : ', nor '}
          {kind === 'source' ? (
            <a href={frame.link('/impact', { source: id })}>what rests on one source alone</a>
          ) : (
            <EventLink event={id} frame={frame} />
          )}
        </>
      ))}
      . Nothing on record says so: it cannot be checked, and is not to be cited. {back}
    </p>
  );
}
