import type { ResolvedCoordinate } from '../../rows/answers.js';
import { type EventTimes, timeConditions } from '../../rows/event-times.js';
import type { Bind } from '../../rows/steps.js';
import { standsAt, storedInstant } from '../../rows/table.js';

/** Which figures a list shows; what is undefined does not filter. */
export interface FigureFilter {
  readonly policy?: string | undefined;
  readonly measure?: string | undefined;
  readonly unit?: string | undefined;
  /** Exact name of one who says so. */
  readonly claimedBy?: string | undefined;
  readonly epistemic?: string | undefined;
  readonly conflicting?: boolean | undefined;
  readonly superseded?: boolean | undefined;
  readonly times?: EventTimes | undefined;
}

/** SQL conditions that hold for the rows `t` of the figures that a filter lets through by what is stored. */
export const figureConditions = (filter: FigureFilter, at: ResolvedCoordinate, bind: Bind): readonly string[] => [
  ...columnConditions(filter, bind),
  ...eventConditionsOf(filter, at, bind),
];

const columnConditions = ({ unit, claimedBy: by, epistemic }: FigureFilter, bind: Bind): readonly string[] => [
  ...(unit === undefined ? [] : [`t.unit = ${bind(unit)}`]),
  ...(by === undefined ? [] : [`${bind(by)} = ANY (t.claimed_by)`]),
  ...(epistemic === undefined ? [] : [`t.epistemic = ${bind(epistemic)}`]),
];

function eventConditionsOf(
  { times = {} }: FigureFilter,
  { recorded, knownAt }: ResolvedCoordinate,
  bind: Bind,
): readonly string[] {
  const conditions = timeConditions('e', times, bind);
  if (conditions.length === 0) return [];
  const stands = standsAt('e', bind(recorded), bind(storedInstant(knownAt)));
  return [
    `EXISTS (SELECT FROM read.timeline e WHERE e.policy = t.policy AND e.event = t.event AND ${[stands, ...conditions].join(' AND ')})`,
  ];
}

/** How a figure stands among the others. */
interface Standing {
  readonly conflicts: { readonly count: number };
  readonly supersededBy: string | null;
}

/** True for a figure that a filter lets through by what no column says: it follows from the other figures at the coordinate. */
export const isWanted = ({ conflicts, supersededBy }: Standing, { conflicting, superseded }: FigureFilter): boolean =>
  (conflicting ?? conflicts.count > 0) === conflicts.count > 0 &&
  (superseded ?? supersededBy !== null) === (supersededBy !== null);
