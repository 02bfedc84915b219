import type { Bar } from '../lanes/lay-out-bars.js';
import { nameBar } from '../lanes/name-marks.js';
import { type Shape, widthOfText } from './shapes.js';

/** Where the bars of a lane are drawn. */
export interface BarsAt {
  /** The left edge of the window. */
  readonly left: number;
  /** The upper edge of the lane. */
  readonly top: number;
  /** How wide the window is. */
  readonly width: number;
  readonly names: 'written' | 'none';
  /** Marks stand before them: then bars are a line below, without words. */
  readonly isBehindMarks: boolean;
}

const BAR = { top: 3, height: 14, doubt: 7 };
const LINE = { top: 17, height: 3, doubt: 2 };

/** Draws the bars of a lane, what may hold over what holds; words last, so that nothing crosses them. */
export const drawBars = (bars: readonly Bar[], at: BarsAt): readonly Shape[] => [
  ...bars.map((bar) => drawBar(bar, at)),
  ...bars.flatMap((bar) => drawEnd(bar, at)),
  ...(at.isBehindMarks ? [] : bars.flatMap((bar) => drawWords(bar, at))),
];

const isUncertain = ({ wall: { hold } }: Bar): boolean => hold === 'may-hold';

function drawBar(bar: Bar, { left, top, names, isBehindMarks }: BarsAt): Shape {
  const { hold, segment } = bar.wall;
  const size = isBehindMarks ? LINE : BAR;
  const height = isUncertain(bar) ? size.doubt : size.height;
  return {
    kind: 'box',
    ink: segment.look.tone,
    x: left + bar.left,
    y: top + size.top + (isBehindMarks && isUncertain(bar) ? -LINE.doubt : size.height - height),
    width: widthOf(bar),
    height,
    pattern: isUncertain(bar) ? 'hatch' : segment.look.pattern,
    ...(names === 'written' ? { name: nameBar(bar) } : {}),
    ...(hold === 'planned' || hold === 'conditional' ? { isHollow: true } : {}),
    ...(hold === 'conditional' ? { isDashed: true } : {}),
  };
}

// The room for the arrow of what has no known end.
const ARROW_PX = 8;

const isOpen = (bar: Bar): boolean => bar.wall.to === Infinity && !isUncertain(bar);

function widthOf(bar: Bar): number {
  const width = bar.right - bar.left;
  if (isOpen(bar)) return Math.max(width - ARROW_PX, 1);
  // The pixel that is left out shows the ground between neighbours.
  return width > 2 ? width - 1 : width;
}

function drawWords(bar: Bar, { left, top }: BarsAt): readonly Shape[] {
  if (isUncertain(bar)) return [];
  const { words, look } = bar.wall.segment;
  const text = labelFor({ words, letter: look.letter }, bar.right - bar.left);
  return text === '' ? [] : [{ kind: 'text', ink: 'text', align: 'start', x: left + bar.left + 4, y: top + 14, text }];
}

interface Label {
  readonly words: string;
  readonly letter: string;
}

/** What fits into a bar: the words, else the letter, else nothing. */
function labelFor({ words, letter }: Label, width: number): string {
  if (widthOfText(words) + 8 <= width) return words;
  return widthOfText(letter) + 8 <= width ? letter : '';
}

/** The open arrow at the end of what has no known end. */
function drawEnd(bar: Bar, { left, top, width, isBehindMarks }: BarsAt): readonly Shape[] {
  if (!isOpen(bar)) return [];
  const size = isBehindMarks ? LINE : BAR;
  const edge = left + width;
  const middle = top + size.top + size.height / 2;
  const reach = Math.max(size.height / 2, 3);
  return [
    {
      kind: 'line',
      ink: bar.wall.segment.look.tone,
      points: [
        [edge - ARROW_PX + 1, middle - reach],
        [edge - 2, middle],
        [edge - ARROW_PX + 1, middle + reach],
      ],
    },
  ];
}
