import type { VNode } from 'preact';
import type { Coordinate } from '../../http/answers.js';
import type { Side } from '../../http/compare/difference-answers.js';
import type { Frame } from '../../pages/page.js';

interface SentenceProps {
  readonly side: Side;
  readonly coordinate: Coordinate;
  readonly frame: Frame;
}

/** One side of a comparison in a sentence, with its dates. */
export function SideSentence({ side, coordinate, frame: { address, dates } }: SentenceProps): VNode {
  const { knownAt, validAt, recordedAt } = coordinate;
  const isAboutThatDay = validAt === knownAt || !address.parameters.has(`${side}.validAt`);
  const { position, at } = recordedAt;
  const isOfToday = !address.parameters.has(`${side}.recordedAt`);
  return (
    <p class="side-sentence">
      {side === 'from' ? 'From what' : 'To what'} was known on <strong>{dates.moment(knownAt)}</strong> about{' '}
      {isAboutThatDay ? 'that day' : <strong>{dates.moment(validAt)}</strong>}, as our record{' '}
      {isOfToday ? 'stands today' : 'stood'}
      {isOfToday || at === null ? '' : ` on ${dates.moment(at)}`} (@{position}).
    </p>
  );
}
