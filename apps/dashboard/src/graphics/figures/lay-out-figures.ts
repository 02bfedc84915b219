import { groupBy } from '../../group-by.js';
import { type TimeWindow, placeOf } from '../time/scale.js';
import type { WallClock } from '../time/wall-time.js';
import { type ValueScale, scaleValues } from '../paint/value-scale.js';

/** A figure as one event claims it. Instants are milliseconds; infinite where open. */
export interface FigureClaim {
  /** Key of the event. */
  readonly event: string;
  readonly measure: string;
  readonly unit: string;
  /** The figure in words: "at least 30 000 people". */
  readonly words: string;
  readonly comparator: 'exact' | 'at-least' | 'at-most' | 'approx' | 'nearly' | 'vague';
  readonly value: number | null;
  /** Bounds between which it lies, where the claim itself says so; null where open. */
  readonly low: number | null;
  readonly high: number | null;
  /** The time that it speaks of; null where that has no place in the calendar. */
  readonly period: { readonly from: number; readonly to: number } | null;
  readonly periodWords: string;
  readonly claimedBy: readonly string[];
  readonly epistemic: string;
  readonly knownFrom: number;
  /** Key of the event that revised or withdrew it. */
  readonly supersededBy: string | null;
  /** Keys of events whose figure cannot be true together with it. */
  readonly conflictsWith: readonly string[];
}

/** The mark of one claim; pixels in its panel. */
export interface FigureMark {
  readonly claim: FigureClaim;
  /** The stretch that it stands over: its period, or from when on it was known until it was superseded. */
  readonly left: number;
  readonly right: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** The true value may lie anywhere on that side. */
  readonly arrow: 'up' | 'down' | 'none';
}

/** Two marks of a panel that are joined: by succession, or because both cannot be true. */
export interface FigureJoin {
  readonly kind: 'superseded' | 'conflict';
  readonly from: FigureMark;
  readonly to: FigureMark;
}

/** All claims of one measure in one unit. They are never averaged, and no line runs through them. */
export interface FigurePanel {
  readonly measure: string;
  readonly unit: string;
  readonly window: TimeWindow;
  readonly scale: ValueScale;
  /** By the start of their stretch. */
  readonly marks: readonly FigureMark[];
  readonly joins: readonly FigureJoin[];
  /** Claims that have no place: no number, or no time in the calendar. They are listed. */
  readonly unplaced: readonly FigureClaim[];
}

/** The height of a panel's values, and the space above them for the axis. */
export const PANEL = { top: 24, bottom: 144 };

/** How panels are laid out: claims over the times they speak of, or over the times at which they were known. */
export interface FigureSpace {
  readonly window: TimeWindow;
  readonly clock: WallClock;
}

/** One panel a measure and unit, by name: each claim over the period that it speaks of. */
export const layOutFigures = (claims: readonly FigureClaim[], plot: FigureSpace): readonly FigurePanel[] =>
  panelsOf(claims, plot, ({ period }) => period);

/** One panel a measure and unit: each claim from when on it was known until what superseded it was. Give one period. */
export function layOutVintages(claims: readonly FigureClaim[], plot: FigureSpace): readonly FigurePanel[] {
  const knownFrom = new Map(claims.map(({ event, knownFrom: from }) => [event, from]));
  return panelsOf(claims, plot, ({ knownFrom: from, supersededBy }) => ({
    from,
    to: supersededBy === null ? Infinity : (knownFrom.get(supersededBy) ?? Infinity),
  }));
}

type StretchOf = (claim: FigureClaim) => FigureClaim['period'];

function panelsOf(claims: readonly FigureClaim[], plot: FigureSpace, stretchOf: StretchOf): readonly FigurePanel[] {
  const panels = groupBy(claims, ({ measure, unit }) => JSON.stringify([measure, unit]));
  return [...panels.values()]
    .map((own) => panelOf(own, plot, stretchOf))
    .sort((one, other) => compareNames(one.measure, other.measure) || compareNames(one.unit, other.unit));
}

const compareNames = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

function panelOf(claims: readonly FigureClaim[], { window, clock }: FigureSpace, stretchOf: StretchOf): FigurePanel {
  const scale = scaleValues(
    claims.flatMap(({ value, low, high }) => [value, low, high].filter((each) => each !== null)),
    PANEL,
  );
  const placed = claims.flatMap((claim) => markOf(claim, { window, clock, scale, stretch: stretchOf(claim) }));
  const marks = placed.sort((one, other) => one.left - other.left || one.value - other.value);
  const hasMark = new Set(marks.map(({ claim }) => claim));
  return {
    measure: claims[0]?.measure ?? '',
    unit: claims[0]?.unit ?? '',
    window,
    scale,
    marks,
    joins: joinsOf(marks),
    unplaced: claims.filter((claim) => !hasMark.has(claim)),
  };
}

interface Placement extends FigureSpace {
  readonly scale: ValueScale;
  readonly stretch: FigureClaim['period'];
}

function markOf(claim: FigureClaim, { window, clock, scale, stretch }: Placement): readonly FigureMark[] {
  const value = claim.value ?? claim.low ?? claim.high;
  if (value === null || stretch === null || claim.comparator === 'vague') return [];
  const left = placeOf(window, clock.toWall(stretch.from));
  const right = placeOf(window, clock.toWall(stretch.to));
  if (right < 0 || left > window.width) return [];
  return [
    {
      claim,
      left: Math.max(left, 0),
      right: Math.min(right, window.width),
      value: scale.placeOf(value),
      low: scale.placeOf(claim.low ?? value),
      high: scale.placeOf(claim.high ?? value),
      arrow: ARROWS[claim.comparator] ?? 'none',
    },
  ];
}

const ARROWS: Readonly<Record<string, FigureMark['arrow']>> = { 'at-least': 'up', 'at-most': 'down' };

function joinsOf(marks: readonly FigureMark[]): readonly FigureJoin[] {
  const byEvent = groupBy(marks, ({ claim }) => claim.event);
  const order = new Map(marks.map((mark, index) => [mark, index]));
  return marks.flatMap((from) => [
    ...successorsOf(from, byEvent).map((to) => ({ kind: 'superseded' as const, from, to })),
    ...from.claim.conflictsWith
      .flatMap((event) => byEvent.get(event) ?? [])
      .filter((to) => isSamePeriod(from, to) && (order.get(from) ?? 0) < (order.get(to) ?? 0))
      .map((to) => ({ kind: 'conflict' as const, from, to })),
  ]);
}

const successorsOf = (from: FigureMark, byEvent: ReadonlyMap<string, readonly FigureMark[]>): readonly FigureMark[] =>
  (byEvent.get(from.claim.supersededBy ?? '') ?? []).filter((to) => isSamePeriod(from, to)).slice(0, 1);

const isSamePeriod = ({ claim: one }: FigureMark, { claim: other }: FigureMark): boolean =>
  one.period?.from === other.period?.from && one.period?.to === other.period?.to;
