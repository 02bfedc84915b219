import { compareText } from '#temporal';
import { type ClaimedValue, rangeOf } from './conflict.js';

/** A figure among those that are about the same thing, in the same unit. */
export interface Rival extends ClaimedValue {
  readonly event: string;
  /** Compares, as text, in order of occurrence. */
  readonly occurred_order: string;
}

/** The events whose figures cannot hold beside one. */
export interface Conflicts {
  /** All of them. */
  readonly count: number;
  /** Keys of at most {@link CONFLICTS_SHOWN}, those nearest in value, in order of occurrence. */
  readonly events: readonly string[];
}

/** Says with which of the others a figure conflicts. */
export type ConflictsOf = (figure: Rival) => Conflicts;

export const NO_CONFLICTS: Conflicts = { count: 0, events: [] };

/** So many events are named that conflict with a figure; the others are counted. */
export const CONFLICTS_SHOWN = 20;

/** What the figures of one event about the same thing leave open at either end: beyond it, one of them cannot hold. */
interface Stance {
  readonly event: string;
  readonly order: string;
  /** The least of the upper bounds. */
  readonly most: number;
  /** The greatest of the lower bounds. */
  readonly least: number;
}

/**
 * Finds what conflicts among figures about the same thing, without comparing each with each: what lies wholly below a figure,
 * and what lies wholly above, are stretches of two sorted lists.
 */
export function rivalry(rivals: readonly Rival[]): ConflictsOf {
  const stances = stancesOf(rivals);
  const byMost = [...stances.values()].sort((one, other) => one.most - other.most);
  const byLeast = [...stances.values()].sort((one, other) => one.least - other.least);
  // An event whose own figures contradict each other may lie on both sides; such are few.
  const split = byMost.filter(({ most, least }) => most < least);
  return (figure) => {
    const range = rangeOf(figure);
    if (!range) return NO_CONFLICTS;
    const isBelow = ({ most }: Stance): boolean => most < range.least;
    const isAbove = ({ least }: Stance): boolean => least > range.most;
    const below = firstWhere(byMost, (stance) => !isBelow(stance));
    const above = firstWhere(byLeast, isAbove);
    const twice = split.filter((stance) => isBelow(stance) && isAbove(stance)).length;
    const own = stances.get(figure.event);
    const ownCount = own && (isBelow(own) || isAbove(own)) ? 1 : 0;
    const nearest = nearestOf(
      {
        below: byMost.slice(Math.max(below - CONFLICTS_SHOWN - 1, 0), below).reverse(),
        above: byLeast.slice(above, above + CONFLICTS_SHOWN + 1),
      },
      range,
    );
    return {
      count: below + byLeast.length - above - twice - ownCount,
      events: namesOf(nearest.filter(({ event }) => event !== figure.event)),
    };
  };
}

function stancesOf(rivals: readonly Rival[]): ReadonlyMap<string, Stance> {
  const stances = new Map<string, Stance>();
  for (const rival of rivals) {
    const range = rangeOf(rival);
    if (!range) continue;
    const { most, least } = stances.get(rival.event) ?? range;
    stances.set(rival.event, {
      event: rival.event,
      order: rival.occurred_order,
      most: Math.min(most, range.most),
      least: Math.max(least, range.least),
    });
  }
  return stances;
}

interface Sides {
  /** The nearest first. */
  readonly below: readonly Stance[];
  readonly above: readonly Stance[];
}

/** Both sides together, the nearest first. */
function nearestOf(
  { below, above }: Sides,
  { least, most }: { readonly least: number; readonly most: number },
): readonly Stance[] {
  return [
    ...below.map((stance) => ({ stance, gap: least - stance.most })),
    ...above.map((stance) => ({ stance, gap: stance.least - most })),
  ]
    .sort((one, other) => one.gap - other.gap)
    .map(({ stance }) => stance);
}

function namesOf(nearest: readonly Stance[]): readonly string[] {
  const named = [...new Map(nearest.map((stance) => [stance.event, stance])).values()].slice(0, CONFLICTS_SHOWN);
  return named.sort((one, other) => compareText(one.order, other.order)).map(({ event }) => event);
}

/** The index of the first for which a condition holds that holds for all after it; the length where none does. */
function firstWhere<Value>(sorted: readonly Value[], holds: (value: Value) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const value = sorted[middle];
    if (value !== undefined && holds(value)) to = middle;
    else from = middle + 1;
  }
  return from;
}
