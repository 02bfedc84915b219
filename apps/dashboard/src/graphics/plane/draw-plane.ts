import { nameDay } from '../time/wall-words.js';
import type { WallClock } from '../time/wall-time.js';
import { type Drawing, type Shape, widthOfText } from '../paint/shapes.js';
import type { PlaneBox, PlaneLayout, PlaneRectangle, PlaneStretch } from './lay-out-plane.js';

/** The accessible name of a box: its value, of when, and since when that is known. */
export function namePlaneBox({ words = 'absent', known, valid, isUncertain }: PlaneBox, { toWall }: WallClock): string {
  const name = (stretch: PlaneStretch, open: string): string => {
    const from = stretch.from === -Infinity ? '' : `from ${nameDay(toWall(stretch.from))}`;
    const to = stretch.to === Infinity ? '' : `until ${nameDay(toWall(stretch.to - 1))}`;
    return [from, to].filter((part) => part !== '').join(' ') || open;
  };
  const value = isUncertain ? `perhaps ${words}` : words;
  return `${value} ${name(valid, 'at all times')}, known ${name(known, 'at all times')}`;
}

/** Draws a plane: boxes, what may have held over them, the diagonal, and the line of a cut at a valid wall time. */
export const drawPlane = (layout: PlaneLayout, clock: WallClock, cut: number | undefined): Drawing => ({
  width: layout.axes.valid.length,
  height: layout.axes.known.length,
  shapes: [
    ...layout.rectangles.flatMap((rectangle) => drawBox(rectangle, clock)),
    ...(layout.diagonal.length > 1
      ? [
          {
            kind: 'line' as const,
            ink: 'text' as const,
            isDashed: true,
            name: 'as it happened',
            points: layout.diagonal,
          },
        ]
      : []),
    ...drawCut(layout, cut),
  ],
});

function drawBox({ box, left, right, top, bottom }: PlaneRectangle, clock: WallClock): readonly Shape[] {
  const [width, height] = [right - left, bottom - top];
  const shape: Shape = {
    kind: 'box',
    ink: box.look.tone,
    pattern: box.isUncertain ? 'hatch' : box.look.pattern,
    x: left,
    y: top,
    width: width > 2 ? width - 1 : width,
    height: height > 2 ? height - 1 : height,
    name: namePlaneBox(box, clock),
  };
  const { words = 'absent' } = box;
  const isWritten = !box.isUncertain && widthOfText(words) + 8 <= width && height >= 16;
  return isWritten
    ? [shape, { kind: 'text', ink: 'text', align: 'start', x: left + 4, y: top + 13, text: words }]
    : [shape];
}

function drawCut({ axes: { valid, known } }: PlaneLayout, cut: number | undefined): readonly Shape[] {
  if (cut === undefined || cut < valid.from || cut > valid.to) return [];
  const x = valid.placeOf(cut);
  return [
    {
      kind: 'line',
      ink: 'accent',
      name: `cut at ${nameDay(cut)}`,
      points: [
        [x, 0],
        [x, known.length],
      ],
    },
  ];
}
