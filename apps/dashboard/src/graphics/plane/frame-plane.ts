import { type Drawing, type Shape, fitsAt, moveShape } from '../paint/shapes.js';
import { ticksIn } from '../time/ticks.js';
import { nameDay } from '../time/wall-words.js';
import type { WallClock } from '../time/wall-time.js';
import type { PlaneLayout } from './lay-out-plane.js';

/** Room for "30 September 2025" on the left of a plane, and for days above. */
export const PLANE_MARGIN = { left: 120, top: 20 };

const LEFT_PX = PLANE_MARGIN.left;
const TOP_PX = PLANE_MARGIN.top;

// Lines of text do not fit closer than that.
const LINE_PX = 13;

/** A drawn plane with its axes: days of the world above, and on the left the days on which what is known changed. */
export const framePlane = (drawing: Drawing, layout: PlaneLayout, clock: WallClock): Drawing => ({
  width: drawing.width + LEFT_PX,
  height: drawing.height + TOP_PX,
  shapes: [
    ...drawing.shapes.map((shape) => moveShape(shape, { x: LEFT_PX, y: TOP_PX })),
    ...nameValidDays(layout),
    ...nameKnownDays(layout, clock),
  ],
});

const nameValidDays = ({ axes: { valid } }: PlaneLayout): readonly Shape[] =>
  ticksIn({ from: valid.from, to: valid.to, width: valid.length })
    .filter(({ place, label }) => fitsAt(place, label, valid.length))
    .map(({ place, label }) => ({
      kind: 'text',
      ink: 'quiet',
      align: 'start',
      x: LEFT_PX + place,
      y: 12,
      text: label,
    }));

function nameKnownDays({ axes: { known }, rectangles }: PlaneLayout, { toWall }: WallClock): readonly Shape[] {
  const walls = [...new Set(rectangles.map(({ box }) => toWall(box.known.from)))].filter(
    (wall) => wall >= known.from && wall <= known.to,
  );
  const days = walls.sort((one, other) => one - other).map((wall) => ({ y: known.placeOf(wall), text: nameDay(wall) }));
  let last = -Infinity;
  return days.flatMap(({ y, text }): readonly Shape[] => {
    if (y - last < LINE_PX) return [];
    last = y;
    return [{ kind: 'text', ink: 'quiet', align: 'end', x: LEFT_PX - 6, y: TOP_PX + y + 9, text }];
  });
}
