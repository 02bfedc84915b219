import { aboutEvent, withEvent } from './described.js';
import { type SqlPoint, ANALYTICS, stands, viewOfTable } from './view.js';

/** The views of figures: what was counted, who says so, and what contradicts what. */

/** SQL for the key of the event that supersedes a figure; null where none does. */
const supersededBy = (row: string, at: SqlPoint): string => `(SELECT s.event FROM read.figure_supersessions s
  WHERE s.superseded = ${row}.event AND (s.subject = ${row}.subject OR s.subject IS NULL) AND ${stands('s', at)}
  ORDER BY s.occurred_order DESC LIMIT 1)`;

/** The ends of the numbers that a figure allows: "about" leaves a tenth open, to either side. */
const least = (
  row: string,
): string => `CASE ${row}.comparator WHEN 'at-most' THEN '-infinity' WHEN 'approx' THEN ${row}.value - abs(${row}.value) * 0.1::float8
  WHEN 'nearly' THEN CASE WHEN ${row}.value < 0 THEN ${row}.value ELSE ${row}.value - abs(${row}.value) * 0.1::float8 END ELSE ${row}.value END`;
const most = (
  row: string,
): string => `CASE ${row}.comparator WHEN 'at-least' THEN 'infinity' WHEN 'approx' THEN ${row}.value + abs(${row}.value) * 0.1::float8
  WHEN 'nearly' THEN CASE WHEN ${row}.value < 0 THEN ${row}.value + abs(${row}.value) * 0.1::float8 ELSE ${row}.value END ELSE ${row}.value END`;

/** So many events are named that conflict with a figure; the others are counted. */
const CONFLICTS_SHOWN = 20;

/** The events whose figures for the same thing cannot hold beside that of a row `t`, the nearest in value first. */
const conflicting = (at: SqlPoint): string => `(SELECT r.event, r.occurred_order,
    row_number() OVER (ORDER BY greatest(${least('t')} - r.most, r.least - ${most('t')})) AS place
  FROM (SELECT f.event, min(f.occurred_order) AS occurred_order, min(${most('f')}) AS most, max(${least('f')}) AS least FROM read.figures f
    WHERE f.subject = t.subject AND f.unit = t.unit AND f.value IS NOT NULL AND f.event <> t.event AND ${stands('f', at)}
      AND ${supersededBy('f', at)} IS NULL GROUP BY f.event) r
  WHERE t.value IS NOT NULL AND (r.most < ${least('t')} OR r.least > ${most('t')}) AND ${supersededBy('t', at)} IS NULL)`;

const conflictsWith = (at: SqlPoint): string =>
  `(SELECT coalesce(array_agg(c.event ORDER BY c.occurred_order), '{}') FROM ${conflicting(at)} c WHERE c.place <= ${CONFLICTS_SHOWN})`;

const which = { measure: 't.measure', unit: 't.unit', period: 't.period', compared_to: 't.compared_to' };

const rows = (at: SqlPoint, lists = ''): string => `${withEvent('read.figures', at)} ${lists} WHERE ${stands('t', at)}`;

export const figuresView = viewOfTable({
  table: 'figures',
  columns: (at) => ({
    ...aboutEvent(at),
    ...which,
    value: 't.value',
    comparator: 't.comparator',
    value_low: "CASE WHEN t.comparator IN ('exact', 'at-least') THEN t.value END",
    value_high: "CASE WHEN t.comparator IN ('exact', 'at-most', 'nearly') THEN t.value END",
    period_from: `${ANALYTICS}.first_day(t.period)`,
    period_to: `${ANALYTICS}.last_day(t.period)`,
    purpose: 't.purpose',
    claimed_by: 't.claimed_by',
    epistemic: 't.epistemic',
    conflict_count: `(SELECT count(*) FROM ${conflicting(at)} c)`,
    conflicts_with: conflictsWith(at),
    superseded_by: supersededBy('t', at),
    is_superseded: `${supersededBy('t', at)} IS NOT NULL`,
  }),
  from: (at) => rows(at),
});

export const figureClaimantsView = viewOfTable({
  table: 'figure_claimants',
  columns: (at) => ({ ...aboutEvent(at), ...which, ordinal: 'x.ordinal', claimant: 'x.name' }),
  from: (at) => rows(at, 'CROSS JOIN LATERAL unnest(t.claimed_by) WITH ORDINALITY x(name, ordinal)'),
});

export const figureConflictsView = viewOfTable({
  table: 'figure_conflicts',
  columns: (at) => ({ ...aboutEvent(at), ...which, ordinal: 'x.ordinal', conflicting_event: 'x.event' }),
  from: (at) => rows(at, `CROSS JOIN LATERAL unnest(${conflictsWith(at)}) WITH ORDINALITY x(event, ordinal)`),
});
