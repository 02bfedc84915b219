import { saysOver } from '../../../core/policy-facts.js';
import { aboutEvent, withEvent } from './described.js';
import { type SqlPoint, ANALYTICS, OPEN, hasHappened, holds, lastOfRow, time, viewOfTable } from './view.js';

/** The view of promises: what became of each, by the rules of `#analysis`. */

const moves = (row: string, at: SqlPoint): string => `${row}.way = 'moves' AND ${hasHappened(row, at)}`;

/** The promise that was made first of `t` and of those that it moves to another date, however often. */
const originAt = (at: SqlPoint): string => `CROSS JOIN LATERAL (
  WITH RECURSIVE earlier (key) AS (SELECT t.event
    UNION SELECT m.promise FROM earlier x JOIN read.settlements m ON m.event = x.key AND ${moves('m', at)})
  SELECT o.event, o.due_edtf, o.due_from, o.due_to FROM earlier x JOIN read.promises o ON o.event = x.key AND ${hasHappened('o', at)}
  ORDER BY o.occurred_order LIMIT 1) origin`;

const lastDue = (column: string): string =>
  `(array_agg(r.${column} ORDER BY r.occurred_order DESC) FILTER (WHERE r.due_edtf IS NOT NULL))[1] AS ${column}`;

/** The moves of `t` to other dates, and of what it was moved to; moves may run in a circle. */
const revisionsAt = (at: SqlPoint): string => `CROSS JOIN LATERAL (
  WITH RECURSIVE later (key) AS (SELECT t.event
    UNION SELECT m.event FROM later x JOIN read.settlements m ON m.promise = x.key AND ${moves('m', at)})
  SELECT coalesce(array_agg(r.event ORDER BY r.occurred_order), '{}') AS events, ${lastDue('due_from')}, ${lastDue('due_to')}
  FROM (SELECT DISTINCT ON (m.event) m.* FROM later x JOIN read.settlements m ON m.promise = x.key AND ${moves('m', at)}
    WHERE m.event <> t.event AND m.event <> x.key) r) moved`;

/** The first event that says one of some things of `t`. */
const firstSaying = (ways: string, name: string, at: SqlPoint): string => `LEFT JOIN LATERAL (
  SELECT s.* FROM read.settlements s WHERE s.promise = t.event AND s.way IN (${ways}) AND ${hasHappened('s', at)}
  ORDER BY s.occurred_order LIMIT 1) ${name} ON true`;

/** The end of the policy of `t`, if it came after the promise and before anything else that ended it. */
const endedAt = (at: SqlPoint): string => `LEFT JOIN LATERAL (
  SELECT b.event FROM read.boxes b WHERE b.policy = t.policy AND ${saysOver('b')}
    AND ${holds('b', at)} AND b.event <> t.event AND b.since > t.settled AND (said.event IS NULL OR b.since < said.settled)
  LIMIT 1) ended ON true`;

const stateAt = ({ valid }: SqlPoint): string => `CASE
  WHEN done.event IS NOT NULL THEN CASE WHEN t.due_edtf IS NULL OR ${lastOfRow('done')} <= t.due_to THEN 'met'
    WHEN done.earliest > t.due_to THEN 'late' ELSE 'met-or-late' END
  WHEN cardinality(moved.events) > 0 THEN 'replaced'
  WHEN ended.event IS NOT NULL OR said.way = 'withdraws' THEN 'dropped'
  WHEN said.way = 'misses' THEN 'missed'
  WHEN t.due_edtf IS NULL OR t.due_from = -${OPEN} AND ${valid} <= t.due_to OR ${valid} < t.due_from THEN 'pending'
  WHEN ${valid} <= t.due_to THEN 'due' ELSE 'overdue' END`;

const BECAUSE = `CASE WHEN done.event IS NOT NULL THEN ARRAY[done.event]
  WHEN cardinality(moved.events) > 0 THEN moved.events
  ELSE array_remove(ARRAY[coalesce(ended.event, said.event)], NULL) END`;

/** The date up to which slip is counted: one of its bounds. */
const countedTo = (done: string, bound: string, { valid }: SqlPoint): string => `CASE
  WHEN done.event IS NOT NULL THEN ${done}
  WHEN outcome.state = 'replaced' THEN moved.${bound}
  WHEN outcome.state = 'overdue' THEN ${valid}
  WHEN origin.event <> t.event AND outcome.state IN ('pending', 'due') THEN t.${bound} END`;

const date = (name: string, row: string) => ({
  [`${name}_on`]: `${row}.due_edtf`,
  [`${name}_from`]: time(`${row}.due_from`),
  [`${name}_to`]: time(`${row}.due_to`),
});

export const promisesView = viewOfTable({
  table: 'promises',
  columns: (at) => ({
    ...aboutEvent(at),
    promise: 't.event',
    kind: 't.kind',
    by: 't.made_by',
    summary: 't.summary',
    made_on: 't.edtf',
    ...date('due', 't'),
    ...date('first_due', 'origin'),
    replaces: 'nullif(origin.event, t.event)',
    moved_by: 'moved.events',
    state: 'outcome.state',
    because: BECAUSE,
    done_on: 'done.edtf',
    done_from: time('done.earliest'),
    done_to: time(lastOfRow('done')),
    slip_days_min: `${ANALYTICS}.days_at_least(origin.due_to, ${countedTo('done.earliest', 'due_from', at)})`,
    slip_days_max: `${ANALYTICS}.days_at_most(origin.due_from, ${countedTo(lastOfRow('done'), 'due_to', at)})`,
  }),
  from: (at) => `${withEvent('read.promises', at)} ${originAt(at)} ${revisionsAt(at)}
    ${firstSaying("'fulfils'", 'done', at)} ${firstSaying("'misses', 'withdraws'", 'said', at)} ${endedAt(at)}
    CROSS JOIN LATERAL (SELECT ${stateAt(at)} AS state) outcome WHERE ${hasHappened('t', at)}`,
});
