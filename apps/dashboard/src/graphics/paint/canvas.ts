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
  const brush = { ...colours, ...holdPen(pen) };
  // Lines and discs alike that follow each other are one path: frames have thousands of them.
  let path: Path | undefined;
  for (const shape of shapes) {
    const next = pathOf(shape);
    if (path && !(next && areAlike(path, next))) endPath(pen, path);
    if (!next) paintAlone(shape, brush);
    else if (!path || !areAlike(path, next)) beginPath(next, brush);
    trace(pen, shape);
    path = next;
  }
  if (path) endPath(pen, path);
}

/** How a path of one or more shapes is drawn. */
interface Path {
  readonly ink: Ink;
  readonly isFilled: boolean;
  readonly isDashed: boolean;
}

function pathOf(shape: Shape): Path | undefined {
  if (shape.kind === 'box' || shape.kind === 'text') return undefined;
  const { ink, isHollow = false, isDashed = false } = shape;
  return { ink, isDashed, isFilled: shape.kind === 'disc' && !isHollow && !isDashed };
}

const areAlike = (one: Path, other: Path): boolean =>
  one.ink === other.ink && one.isFilled === other.isFilled && one.isDashed === other.isDashed;

/** A pen that remembers how it is set: setting what is set already costs as much as drawing. */
interface Held<Fill> {
  readonly pen: Pen<Fill>;
  readonly fill: (style: Fill | string) => void;
  readonly stroke: (style: string, width: number) => void;
  readonly dash: (isDashed: boolean) => void;
  readonly align: (align: Pen<Fill>['textAlign']) => void;
}

function holdPen<Fill>(pen: Pen<Fill>): Held<Fill> {
  const set: {
    fill?: Fill | string;
    stroke?: string;
    width?: number;
    isDashed?: boolean;
    align?: Pen<Fill>['textAlign'];
  } = {};
  return {
    pen,
    fill: (style) => {
      if (set.fill !== style) pen.fillStyle = set.fill = style;
    },
    stroke: (style, width) => {
      if (set.stroke !== style) pen.strokeStyle = set.stroke = style;
      if (set.width !== width) pen.lineWidth = set.width = width;
    },
    dash: (isDashed) => {
      if (set.isDashed !== isDashed) pen.setLineDash(isDashed ? [3, 2] : []);
      set.isDashed = isDashed;
    },
    align: (align) => {
      if (set.align !== align) pen.textAlign = set.align = align;
    },
  };
}

type Brush<Fill> = CanvasColours<Fill> & Held<Fill>;

const widthOfInk = (ink: Ink): number => (ink === 'rule' ? 0.75 : 1.5);

function beginPath<Fill>({ ink, isFilled, isDashed }: Path, { pen, fill, stroke, dash, colourOf }: Brush<Fill>): void {
  if (isFilled) fill(colourOf(ink));
  else stroke(colourOf(ink), widthOfInk(ink));
  dash(isDashed);
  pen.beginPath();
}

function endPath<Fill>(pen: Pen<Fill>, { isFilled }: Path): void {
  if (isFilled) pen.fill();
  else pen.stroke();
}

function trace<Fill>(pen: Pen<Fill>, shape: Shape): void {
  if (shape.kind === 'disc') {
    pen.moveTo(shape.x + shape.radius, shape.y);
    pen.arc(shape.x, shape.y, shape.radius, 0, 2 * Math.PI);
  } else if (shape.kind === 'line') {
    const [first, ...rest] = shape.points;
    if (first) pen.moveTo(...first);
    for (const point of rest) pen.lineTo(...point);
  }
}

function paintAlone<Fill>(shape: Shape, brush: Brush<Fill>): void {
  if (shape.kind === 'box') paintBox(shape, brush);
  else if (shape.kind === 'text') paintText(shape, brush);
}

function paintBox<Fill>(shape: BoxShape, { pen, fill, stroke, dash, colourOf, patternOf }: Brush<Fill>): void {
  const { x, y, width, height, ink, isHollow, isDashed = false, pattern = 'solid' } = shape;
  const isOutline = isHollow === true || isDashed;
  if (isOutline || pattern === 'plain') {
    stroke(colourOf(ink), widthOfInk(ink));
    dash(isDashed);
    pen.strokeRect(x, y, width, height);
  }
  if (isOutline) return;
  fill(colourOf(ink));
  if (pattern === 'plain') pen.globalAlpha = 0.2;
  pen.fillRect(x, y, width, height);
  if (pattern === 'plain') pen.globalAlpha = 1;
  const over = pattern === 'solid' || pattern === 'plain' ? undefined : patternOf(pattern);
  if (over === undefined) return;
  fill(over);
  pen.fillRect(x, y, width, height);
}

function paintText<Fill>(shape: TextShape, { pen, fill, stroke, dash, align, colourOf }: Brush<Fill>): void {
  align(shape.align === 'middle' ? 'center' : shape.align);
  stroke(colourOf('ground'), 3);
  fill(colourOf(shape.ink));
  dash(false);
  pen.strokeText(shape.text, shape.x, shape.y);
  pen.fillText(shape.text, shape.x, shape.y);
}
