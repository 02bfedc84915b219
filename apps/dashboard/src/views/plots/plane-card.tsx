import type { VNode } from 'preact';
import { namePlaneBox } from '../../graphics/plane/draw-plane.js';
import {
  type Direction,
  type PlaneLayout,
  type PlaneRectangle,
  adjoiningRectangle,
} from '../../graphics/plane/lay-out-plane.js';
import type { WallClock } from '../../graphics/time/wall-time.js';

interface PlaneCardProps {
  readonly layout: PlaneLayout;
  readonly focus: PlaneRectangle;
  readonly clock: WallClock;
  /** Where an event leads. */
  readonly linkTo: (event: string) => string;
  /** The comparison of two points of the plane. */
  readonly compare: (from: PlanePoint, to: PlanePoint) => string;
}

/** A point of the plane, as instants. */
export interface PlanePoint {
  readonly knownAt: number;
  readonly validAt: number;
}

const NEIGHBOURS: readonly { readonly direction: Direction; readonly words: string }[] = [
  { direction: 'up', words: 'Before it was known' },
  { direction: 'down', words: 'When more was known' },
  { direction: 'left', words: 'Of the time before' },
  { direction: 'right', words: 'Of the time after' },
];

/** The box in focus in words, the event behind it, and how it differs from the boxes around it. */
export function PlaneCard({ layout, focus, clock, linkTo, compare }: PlaneCardProps): VNode {
  return (
    <div class="plane-card">
      <p>
        <strong>{namePlaneBox(focus.box, clock)}</strong>, because of{' '}
        <a href={linkTo(focus.box.event)}>{focus.box.event}</a>
      </p>
      <ul>
        {NEIGHBOURS.map(({ direction, words }) => {
          const other = adjoiningRectangle(layout, focus, direction);
          if (!other) return null;
          const [from, to] = pointsAcross(other, focus, direction);
          return (
            <li>
              {words}: {other.box.words ?? 'absent'}, because of <a href={linkTo(other.box.event)}>{other.box.event}</a>{' '}
              · <a href={compare(from, to)}>what makes the difference</a>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** A point on each side of the edge that two boxes share, the earlier first. */
function pointsAcross(
  { box: other }: PlaneRectangle,
  { box: focus }: PlaneRectangle,
  direction: Direction,
): readonly [PlanePoint, PlanePoint] {
  const isEarlier = direction === 'up' || direction === 'left';
  const [first, second] = isEarlier ? [other, focus] : [focus, other];
  if (direction === 'up' || direction === 'down') {
    const validAt = latestOf(first.valid.from, second.valid.from, first.valid.to);
    return [
      { knownAt: second.known.from - 1, validAt },
      { knownAt: second.known.from, validAt },
    ];
  }
  const knownAt = latestOf(first.known.from, second.known.from, first.known.to);
  return [
    { knownAt, validAt: second.valid.from - 1 },
    { knownAt, validAt: second.valid.from },
  ];
}

/** The later of two beginnings; where both are open, just before the end. */
function latestOf(one: number, other: number, end: number): number {
  const from = Math.max(one, other);
  if (Number.isFinite(from)) return from;
  return Number.isFinite(end) ? end - 1 : 0;
}
