import { type Drawing, type Ink, moveShape, widthOfText } from '../graphics/paint/shapes.js';

const GAP_PX = 10;

/** Drawings one below the other. */
export function stackDrawings(drawings: readonly Drawing[]): Drawing {
  let height = 0;
  const shapes = drawings.flatMap((drawing) => {
    const y = height;
    height += drawing.height + GAP_PX;
    return drawing.shapes.map((shape) => moveShape(shape, { x: 0, y }));
  });
  return { width: Math.max(...drawings.map(({ width }) => width), 1), height: Math.max(height - GAP_PX, 1), shapes };
}

const LINE_PX = 14;

/** A line of text as a drawing. */
export const writeLine = (text: string, ink: Ink): Drawing => ({
  width: Math.ceil(widthOfText(text)),
  height: LINE_PX,
  shapes: [{ kind: 'text', ink, align: 'start', x: 0, y: 11, text }],
});

/** A drawing with room around it. */
export const addRoom = ({ width, height, shapes }: Drawing, room: number): Drawing => ({
  width: width + 2 * room,
  height: height + 2 * room,
  shapes: shapes.map((shape) => moveShape(shape, { x: room, y: room })),
});
