import { type BoxShape, type Drawing, type Ink, type Shape, type TextShape, TEXT_PX } from './shapes.js';

/** What is used of a canvas' two-dimensional context, so that anything that draws can stand in for it. */
export interface Pen<Fill> {
  fillStyle: Fill | string;
  strokeStyle: Fill | string;
  globalAlpha: number;
  lineWidth: number;
  lineJoin: 'round' | 'bevel' | 'miter';
  font: string;
  textAlign: 'start' | 'center' | 'end' | 'left' | 'right';
  setLineDash(segments: number[]): void;
  clearRect(x: number, y: number, width: number, height: number): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  beginPath(): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  fill(): void;
  stroke(): void;
  fillText(text: string, x: number, y: number): void;
  strokeText(text: string, x: number, y: number): void;
}

/** What inks and patterns are on one canvas, in the scheme of the moment. */
export interface CanvasColours<Fill> {
  readonly colourOf: (ink: Ink) => string;
  /** A pattern made of its tile; undefined while it is being made. */
  readonly patternOf: (pattern: NonNullable<BoxShape['pattern']>) => Fill | undefined;
}

/** Paints a drawing on a canvas: the same shapes that {@link paintSvg} makes elements of. */
export function paintCanvas<Fill>(
  pen: Pen<Fill>,
  { width, height, shapes }: Drawing,
  colours: CanvasColours<Fill>,
): void {
  pen.clearRect(0, 0, width, height);
  pen.lineJoin = 'round';
  pen.font = `${TEXT_PX}px system-ui, sans-serif`;
  // Setting what is set already costs as much as drawing.
  let ink: Ink | undefined;
  let isDashed: boolean | undefined;
  let isInkLost = true;
  for (const shape of shapes) {
    // Patterns and texts are drawn with other fills than their ink.
    if (shape.ink !== ink || isInkLost) {
      pen.fillStyle = pen.strokeStyle = colours.colourOf(shape.ink);
      pen.lineWidth = shape.ink === 'rule' ? 0.75 : 1.5;
      ink = shape.ink;
    }
    isInkLost = shape.kind === 'text' || shape.kind === 'box';
    if (isDashed !== (shape.isDashed ?? false)) {
      isDashed = shape.isDashed ?? false;
      pen.setLineDash(isDashed ? [3, 2] : []);
    }
    paintShape(pen, shape, colours);
  }
}

function paintShape<Fill>(pen: Pen<Fill>, shape: Shape, colours: CanvasColours<Fill>): void {
  if (shape.kind === 'box') return paintBox(pen, shape, colours);
  if (shape.kind === 'text') return paintText(pen, shape, colours);
  pen.beginPath();
  if (shape.kind === 'disc') {
    pen.arc(shape.x, shape.y, shape.radius, 0, 2 * Math.PI);
    if (!shape.isHollow && !shape.isDashed) return pen.fill();
  } else {
    const [[x, y] = [0, 0], ...rest] = shape.points;
    pen.moveTo(x, y);
    for (const point of rest) pen.lineTo(...point);
  }
  pen.stroke();
}

function paintBox<Fill>(pen: Pen<Fill>, shape: BoxShape, { patternOf }: CanvasColours<Fill>): void {
  const { x, y, width, height, pattern = 'solid' } = shape;
  if (shape.isHollow || shape.isDashed) return pen.strokeRect(x, y, width, height);
  if (pattern === 'plain') {
    pen.strokeRect(x, y, width, height);
    pen.globalAlpha = 0.2;
  }
  pen.fillRect(x, y, width, height);
  pen.globalAlpha = 1;
  const over = pattern === 'solid' || pattern === 'plain' ? undefined : patternOf(pattern);
  if (over === undefined) return;
  pen.fillStyle = over;
  pen.fillRect(x, y, width, height);
}

function paintText<Fill>(pen: Pen<Fill>, shape: TextShape, { colourOf }: CanvasColours<Fill>): void {
  pen.textAlign = shape.align === 'middle' ? 'center' : shape.align;
  pen.strokeStyle = colourOf('ground');
  pen.lineWidth = 3;
  pen.strokeText(shape.text, shape.x, shape.y);
  pen.fillText(shape.text, shape.x, shape.y);
}
