import type { CanvasColours } from '../../graphics/paint/canvas.js';
import { PALETTE } from '../../graphics/paint/palette.js';
import type { Ink } from '../../graphics/paint/shapes.js';
import { PATTERNS } from '../../graphics/paint/svg.js';

type Colours = CanvasColours<CanvasPattern | CanvasGradient>;

let known: Colours | undefined;

/** The inks and patterns of the style sheet as they are now. They are read once, and again after a change of colours. */
export function readCanvasColours(place: Element, pen: CanvasRenderingContext2D): Colours {
  known ??= readColours(place, pen);
  return known;
}

/** Calls back when the colours of the page may have changed; answers how to stop. */
export function watchColours(onChange: () => void): () => void {
  const stopping = new AbortController();
  const forget = (): void => {
    known = undefined;
    onChange();
  };
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-contrast: more)'])
    matchMedia(query).addEventListener('change', forget, { signal: stopping.signal });
  const chosen = new MutationObserver(forget);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    stopping.abort();
    chosen.disconnect();
  };
}

/** A token has its colour for each scheme in it; only an element that is drawn with it has the one that counts. */
function readColours(place: Element, pen: CanvasRenderingContext2D): Colours {
  const probe = document.createElement('span');
  place.after(probe);
  const colours = new Map<string, string>();
  for (const [ink, { token }] of Object.entries(PALETTE)) {
    probe.style.color = `var(${token})`;
    colours.set(ink, getComputedStyle(probe).color);
  }
  probe.remove();
  const colourOf = (ink: Ink): string => colours.get(ink) ?? '#888';
  const patterns = new Map<string, CanvasPattern>(
    PATTERNS.flatMap(({ id, size, path }) => {
      const made = patternOf(pen, { size, path, colour: colourOf('ground') });
      return made ? [[id, made] as const] : [];
    }),
  );
  return { colourOf, patternOf: (pattern) => patterns.get(pattern) };
}

interface Tile {
  readonly size: number;
  readonly path: string;
  readonly colour: string;
}

/** A pattern as fine as the screen. */
function patternOf(pen: CanvasRenderingContext2D, { size, path, colour }: Tile): CanvasPattern | null {
  const scale = Math.max(Math.ceil(globalThis.devicePixelRatio), 1);
  const tile = document.createElement('canvas');
  tile.width = tile.height = size * scale;
  const own = tile.getContext('2d');
  if (!own) return null;
  own.scale(scale, scale);
  own.strokeStyle = colour;
  own.lineWidth = 1.5;
  own.stroke(new Path2D(path));
  const pattern = pen.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / scale));
  return pattern;
}
