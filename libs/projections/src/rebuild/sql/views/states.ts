import { standsInRecord } from '../../../rows/table.js';
import { type SqlPoint, ANALYTICS, holds, ofPolicy, stands, time, viewOfTable } from './view.js';

/** The views of states: what holds of policies, when it held, and what differs. */

const BOXES = `(SELECT false AS is_uncertain, policy, field, value, event, recorded_from, recorded_to, known_from, known_to,
    valid_from, valid_to, since, until FROM read.boxes
  UNION ALL SELECT true, policy, field COLLATE "C", value, event, recorded_from, recorded_to, known_from, known_to,
    unsure_from, settled, unsure_from, settled FROM read.unsure)`;

/** What a value says; of a term or a figure without its unit. */
const plain = (value: string): string =>
  `(CASE WHEN jsonb_typeof(${value}) = 'object' AND ${value} ? 'value' THEN ${value} -> 'value' ELSE ${value} END)`;

/** A value in columns; what is neither a text nor a number is JSON. */
const flat = (value: string) => ({
  text: `CASE WHEN jsonb_typeof(${plain(value)}) NOT IN ('number', 'null') THEN ${plain(value)} #>> '{}' END`,
  number: `CASE WHEN jsonb_typeof(${plain(value)}) = 'number' THEN (${plain(value)} #>> '{}')::float8 END`,
  unit: `CASE WHEN jsonb_typeof(${value}) = 'object' THEN ${value} ->> 'unit' END`,
});

const ofValue = {
  value_text: flat('b.value').text,
  value_number: flat('b.value').number,
  unit: flat('b.value').unit,
};

const ofField = { policy: 'p.slug', field: 'b.field::text', ...ofValue, event: 'b.event' };

// That a plan may have ended is listed only if there is such a plan, as in /v1/facts.
const isListed = (
  at: SqlPoint,
): string => `(b.value IS NOT NULL OR b.is_uncertain AND (b.field !~ '^(plans|forecasts)[.]'
  OR EXISTS (SELECT FROM read.boxes h WHERE h.policy = b.policy AND h.field = b.field AND h.value IS NOT NULL AND ${holds('h', at)})))`;

export const factsView = viewOfTable({
  table: 'facts',
  columns: () => ({
    ...ofField,
    group: "split_part(b.field, '.', 1)",
    subject: "CASE WHEN strpos(b.field, '.') > 0 THEN substr(b.field, strpos(b.field, '.') + 1) END",
    valid_from: time('b.since'),
    valid_to: time('b.until'),
    is_uncertain: 'b.is_uncertain',
  }),
  more: () => ({ value: ['b.value', 'jsonb', 'The value as JSON.'] }),
  from: (at) => `${BOXES} b ${ofPolicy('b', at)} WHERE ${holds('b', at)} AND ${isListed(at)}`,
});

/** SQL for rows `b` of fields that had a value by a point, or are no plans: what was never there has no history of having ended. */
const hadValue = ({
  recorded,
}: SqlPoint): string => `(b.value IS NOT NULL OR b.field !~ '^(plans|forecasts)[.]' OR EXISTS
  (SELECT FROM read.boxes h WHERE h.policy = b.policy AND h.field = b.field AND h.value IS NOT NULL AND h.recorded_from <= ${recorded}))`;

export const historyView = viewOfTable({
  table: 'history',
  comment: 'All of known and valid time, by what was recorded by the pinned position: other pins do not matter.',
  columns: ({ recorded }) => ({
    ...ofField,
    value: 'b.value',
    recorded_from: 'b.recorded_from',
    // What ended after the position had not ended then.
    recorded_to: `CASE WHEN b.recorded_to <= ${recorded} THEN b.recorded_to END`,
    known_from: time('b.known_from'),
    known_to: time('b.known_to'),
    valid_from: time('b.valid_from'),
    valid_to: time('b.valid_to'),
    certainty: "CASE WHEN b.is_uncertain THEN 'uncertain' ELSE 'settled' END",
  }),
  from: (at) => `${BOXES} b ${ofPolicy('b', at)} WHERE b.recorded_from <= ${at.recorded} AND ${hadValue(at)}`,
});

/** Boxes that follow each other in valid time with one value of one event are one stretch. */
const stretchesAt = (
  at: SqlPoint,
): string => `(SELECT policy, field, value, event, min(valid_from) AS begins, max(valid_to) AS ends
  FROM (SELECT *, count(*) FILTER (WHERE is_new) OVER (PARTITION BY policy, field ORDER BY valid_from) AS stretch
    FROM (SELECT x.policy, x.field, x.value, x.event, x.valid_from, x.valid_to, (lag(x.valid_to) OVER line, lag(x.event) OVER line, lag(x.value) OVER line)
        IS DISTINCT FROM (x.valid_from, x.event, x.value) AS is_new FROM read.boxes x WHERE ${stands('x', at)}
      WINDOW line AS (PARTITION BY x.policy, x.field ORDER BY x.valid_from)) box) numbered
  GROUP BY policy, field, value, event, stretch)`;

export const seriesView = viewOfTable({
  table: 'series',
  comment: 'Here along valid time, as the record was then and as far as was known then; history has all boxes.',
  columns: () => ({ ...ofField, value: 'b.value', from: time('b.begins'), to: time('b.ends') }),
  from: (at) => `${stretchesAt(at)} b ${ofPolicy('b', at)} WHERE ${hadValue(at)}`,
});

const aboutStatus = (column: string, at: SqlPoint): string => `(SELECT ${column} FROM read.boxes s
  WHERE s.policy = p.policy AND s.field = 'status' AND s.value IS NOT NULL AND ${holds('s', at)} LIMIT 1)`;

export const policiesView = viewOfTable({
  table: 'policies',
  columns: (at) => ({
    policy: 'p.slug',
    title: 'p.title',
    kind: 'p.kind',
    jurisdiction: 'p.jurisdiction',
    aliases: 'p.aliases',
    status: aboutStatus("s.value #>> '{}'", at),
    status_event: aboutStatus('s.event', at),
    uncertain_fields: `(SELECT count(*) FROM ${BOXES} b WHERE b.policy = p.policy AND b.is_uncertain AND ${holds('b', at)} AND ${isListed(at)})`,
    event_count: `(SELECT count(*) FROM read.timeline t WHERE t.policy = p.policy AND t.counts AND ${stands('t', at)})`,
    same_as: 'p.same_as',
  }),
  more: (at) => ({
    facts: [
      `(SELECT coalesce(jsonb_object_agg(f.field, f.value), '{}') FROM read.boxes f
        WHERE f.policy = p.policy AND f.value IS NOT NULL AND ${holds('f', at)})`,
      'jsonb',
      'Every field that has a value, by its path.',
    ],
  }),
  from: (at) => `read.policies p WHERE p.withdrawn_by IS NULL AND ${stands('p', at)}`,
});

export const identifiersView = viewOfTable({
  table: 'identifiers',
  columns: () => ({
    policy: 'p.slug',
    ordinal: 'i.part + 1',
    authority: 'i.authority',
    identifier: 'i.identifier',
    address: 'i.address',
  }),
  from: (at) => `read.identifiers i ${ofPolicy('i', at)} WHERE ${stands('i', at)}`,
});

/** What holds of each field, an event that ended it without a value included. */
const factsOf = (
  at: SqlPoint,
): string => `(SELECT p.slug AS policy, b.field::text AS field, b.value, b.event, b.since, b.until
  FROM read.boxes b ${ofPolicy('b', at)} WHERE ${holds('b', at)})`;

/** SQL for the fields that differ between two points, `a` before and `b` after. */
export const differencesBetween = (before: SqlPoint, after: SqlPoint): string =>
  `${factsOf(before)} a FULL JOIN ${factsOf(after)} b USING (policy, field) WHERE a.value IS DISTINCT FROM b.value`;

/** SQL for what is said of the events behind the values of {@link differencesBetween}. */
export const behindDifference = (before: SqlPoint, after: SqlPoint) => ({
  before_event: 'CASE WHEN a.value IS NOT NULL THEN a.event END',
  after_event: 'CASE WHEN b.value IS NOT NULL THEN b.event END',
  why: whyBetween(before, after),
  events: 'array_remove(ARRAY[a.event, nullif(b.event, a.event)], NULL)',
});

/** The first reason that applies, as `#temporal` has them: what happened to the events themselves, then what the other point did not see. */
const whyBetween = (before: SqlPoint, after: SqlPoint): string => `CASE
  WHEN ${eitherIs('o.retracted <> n.retracted', before, after)} THEN 'retracted'
  WHEN ${eitherIs('o.body::jsonb IS DISTINCT FROM n.body::jsonb', before, after)} THEN 'corrected'
  ${unseenFrom(before, 'b', after)} ${unseenFrom(after, 'a', before)} ELSE 'redated' END`;

const eitherIs = (
  condition: string,
  before: SqlPoint,
  after: SqlPoint,
): string => `EXISTS (SELECT FROM read.timeline o JOIN read.timeline n ON n.event = o.event
    WHERE o.event IN (a.event, b.event) AND ${stands('o', before)} AND ${stands('n', after)} AND ${condition})`;

/** Why the fact of a row, seen from one point, is missing at another: it had not happened, been published or recorded. */
const unseenFrom = (here: SqlPoint, row: string, there: SqlPoint): string => `
  WHEN ${row}.since > ${here.valid} OR ${row}.until <= ${here.valid} THEN 'happened'
  WHEN ${here.known} < ${recordOf(`${row}.event`, 'public_from', [here, there])} THEN 'published'
  WHEN ${here.recorded} < ${recordOf(`${row}.event`, 'position', [here, there])} THEN 'recorded-late'`;

/** A column of an event as the record of the first of two points has it, else that of the other. */
const recordOf = (event: string, column: string, points: readonly SqlPoint[]): string =>
  `coalesce(${points
    .map(
      ({ recorded }) =>
        `(SELECT s.${column} FROM read.timeline s WHERE s.event = ${event} AND ${standsInRecord('s', recorded)} LIMIT 1)`,
    )
    .join(', ')})`;

/** The point that the pins of the other side of a comparison give; where they are not set nothing was known. */
const FROM_PINS: SqlPoint = {
  recorded: `(SELECT ${ANALYTICS}.pinned_record('ptl.from_recorded'))`,
  known: `(SELECT ${ANALYTICS}.pinned_instant('ptl.from_known_at', NULL, '-infinity'))`,
  valid: `(SELECT ${ANALYTICS}.pinned_instant('ptl.from_valid_at', 'ptl.from_known_at', '-infinity'))`,
};

export const changesSincePins = viewOfTable({
  table: 'changes',
  comment:
    'Here from ptl.from_known_at, ptl.from_valid_at and ptl.from_recorded to the pinned times; without ptl.from_known_at from where nothing was known.',
  columns: (at) => ({
    policy: 'policy',
    field: 'field',
    before_text: flat('a.value').text,
    before_number: flat('a.value').number,
    before_unit: flat('a.value').unit,
    before: 'a.value',
    after_text: flat('b.value').text,
    after_number: flat('b.value').number,
    after_unit: flat('b.value').unit,
    after: 'b.value',
    why: behindDifference(FROM_PINS, at).why,
    events: behindDifference(FROM_PINS, at).events,
  }),
  more: (at) => ({
    before_event: [behindDifference(FROM_PINS, at).before_event, 'text', 'Key of the event behind the value before.'],
    after_event: [behindDifference(FROM_PINS, at).after_event, 'text', 'Key of the event behind the value after.'],
  }),
  from: (at) => differencesBetween(FROM_PINS, at),
});
