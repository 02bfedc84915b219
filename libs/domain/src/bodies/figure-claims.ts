import type { EventBody, Figure } from '../schema/event.js';
import { actorName } from '../values/names.js';

/** Names of those who say what an event says: those it is attributed to, else its actors. */
export const claimantsOf = ({
  attributedTo = [],
  actors = [],
}: Pick<EventBody, 'attributedTo' | 'actors'>): readonly string[] =>
  (attributedTo.length > 0 ? attributedTo : actors).map(actorName);

const LEAST: ReadonlySet<Figure['comparator']> = new Set(['exact', 'at-least']);
const MOST: ReadonlySet<Figure['comparator']> = new Set(['exact', 'at-most', 'nearly']);

/** The least and the most that a figure can be, as far as its value says so. */
export const valueBounds = ({ value, comparator }: Pick<Figure, 'value' | 'comparator'>) => ({
  valueLow: LEAST.has(comparator) ? value : null,
  valueHigh: MOST.has(comparator) ? value : null,
});
