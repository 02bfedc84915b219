import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { paintCanvas } from '../../graphics/paint/canvas.js';
import type { Drawing } from '../../graphics/paint/shapes.js';
import { Plot } from '../plots/plot.js';
import { readCanvasColours, watchColours } from './canvas-colours.js';

interface LanePictureProps {
  readonly drawing: Drawing;
  readonly painter: 'svg' | 'canvas';
}

/** Lanes as a picture: of elements while there are few, else on a canvas. Hidden from readers, who have the list. */
export const LanePicture = ({ drawing, painter }: LanePictureProps): VNode =>
  painter === 'svg' ? <Plot drawing={drawing} /> : <LaneCanvas drawing={drawing} />;

function LaneCanvas({ drawing }: { readonly drawing: Drawing }): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef(drawing);
  shown.current = drawing;
  // Before the frame is shown, not after it: what moves with the hand must not come one frame late.
  useLayoutEffect(() => paint(canvas.current, drawing), [drawing]);
  useEffect(() => watchColours(() => paint(canvas.current, shown.current)), []);
  return <canvas ref={canvas} class="plot" aria-hidden="true" />;
}

function paint(canvas: HTMLCanvasElement | null, drawing: Drawing): void {
  const pen = canvas?.getContext('2d');
  if (!canvas || !pen) return;
  const scale = globalThis.devicePixelRatio;
  const [width, height] = [Math.round(drawing.width * scale), Math.round(drawing.height * scale)];
  // Setting a size also clears the canvas and all that was set, even if it is the same.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  paintCanvas(pen, drawing, readCanvasColours(canvas, pen));
}
