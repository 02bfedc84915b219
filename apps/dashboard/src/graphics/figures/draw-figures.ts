import { type Drawing, type Ink, type LineShape, type Shape, fitsAt } from '../paint/shapes.js';
import { ticksIn } from '../time/ticks.js';
import { type FigureJoin, type FigureMark, type FigurePanel, PANEL } from './lay-out-figures.js';

/** The accessible name of a claim's mark: "108 138 people, 2024, reported by Home Office, superseded". */
export function nameFigure({ claim }: FigureMark): string {
  const by = claim.claimedBy.length > 0 ? ` by ${claim.claimedBy.join(', ')}` : '';
  return [
    claim.words,
    claim.periodWords,
    `${claim.epistemic}${by}`,
    ...(claim.supersededBy === null ? [] : ['superseded']),
    ...(claim.conflictsWith.length === 0 ? [] : [`in conflict with ${claim.conflictsWith.length} other`]),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

const AXIS_PX = 64;

// The sign of a conflict stands right of its mark.
const SIGN_PX = 16;

/** Draws one panel: values left, time below, each claim by itself. `nameValue` writes the numbers of the axis. */
export function drawFigures(panel: FigurePanel, nameValue: (value: number) => string): Drawing {
  const shapes = [
    ...drawValues(panel, nameValue),
    ...drawTimes(panel),
    ...panel.joins.map(drawJoin),
    ...panel.marks.flatMap(drawClaim),
  ];
  return { width: AXIS_PX + panel.window.width + SIGN_PX, height: PANEL.bottom + 24, shapes };
}

type Place = readonly [x: number, y: number];

const line = (ink: Ink, points: readonly Place[], more: Partial<LineShape> = {}): LineShape => ({
  kind: 'line',
  ink,
  points: points.map(([x, y]) => [x + AXIS_PX, y] as const),
  ...more,
});

const drawValues = ({ scale, window }: FigurePanel, nameValue: (value: number) => string): readonly Shape[] =>
  scale.ticks.flatMap((value): readonly Shape[] => {
    const y = scale.placeOf(value);
    return [
      line('rule', [
        [0, y],
        [window.width, y],
      ]),
      { kind: 'text', ink: 'quiet', align: 'end', x: AXIS_PX - 6, y: y + 4, text: nameValue(value) },
    ];
  });

const drawTimes = ({ window }: FigurePanel): readonly Shape[] =>
  ticksIn(window).flatMap(({ place, label }): readonly Shape[] => [
    line('rule', [
      [place, PANEL.bottom],
      [place, PANEL.bottom + 5],
    ]),
    ...(fitsAt(place + 3, label, window.width)
      ? [
          {
            kind: 'text' as const,
            ink: 'quiet' as const,
            align: 'start' as const,
            x: AXIS_PX + place + 3,
            y: PANEL.bottom + 16,
            text: label,
          },
        ]
      : []),
  ]);

const middleOf = ({ left, right }: FigureMark): number => (left + right) / 2;

function drawJoin({ kind, from, to }: FigureJoin): Shape {
  const points = [from, to].map((mark): Place => [middleOf(mark), mark.value]);
  return kind === 'superseded'
    ? line('quiet', points, { name: `${from.claim.words} was superseded by ${to.claim.words}` })
    : line('trouble', points, { isDashed: true, name: `${from.claim.words} ≠ ${to.claim.words}: both cannot be true` });
}

// A claim about one day is as easy to see as one about a year.
const LEAST_PX = 5;

function drawClaim(mark: FigureMark): readonly Shape[] {
  const width = Math.max(mark.right - mark.left, LEAST_PX);
  const x = middleOf(mark) - width / 2 + AXIS_PX;
  const isSuperseded = mark.claim.supersededBy !== null;
  const height = mark.low - mark.high;
  return [
    ...(height > 0
      ? [{ kind: 'box' as const, ink: 'making' as const, pattern: 'plain' as const, x, y: mark.high, width, height }]
      : []),
    {
      kind: 'box',
      ink: 'making',
      x,
      y: mark.value - 2.5,
      width,
      height: 5,
      name: nameFigure(mark),
      ...(isSuperseded ? { isHollow: true } : {}),
    },
    ...drawArrow(mark),
    ...drawConflict(mark),
  ];
}

function drawArrow(mark: FigureMark): readonly Shape[] {
  if (mark.arrow === 'none') return [];
  const [x, away] = [middleOf(mark), mark.arrow === 'up' ? -1 : 1];
  const tip = mark.value + away * 16;
  return [
    line('making', [
      [x, mark.value],
      [x, tip],
    ]),
    line('making', [
      [x - 4, tip - away * 5],
      [x, tip],
      [x + 4, tip - away * 5],
    ]),
  ];
}

const drawConflict = (mark: FigureMark): readonly Shape[] =>
  mark.claim.conflictsWith.length === 0
    ? []
    : [{ kind: 'text', ink: 'trouble', align: 'start', x: mark.right + AXIS_PX + 4, y: mark.value + 4, text: '≠' }];
