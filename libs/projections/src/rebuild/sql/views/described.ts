import { actsOn } from '../../../core/records-in-force.js';
import { type SqlPoint, dayOfText, ofPolicy, stands, time } from './view.js';

/** What views say of events: where they are dated, published and known, and what they rest on. */

/** SQL that holds for a record that acts at a point about the event of a row. */
const acts = (record: string, row: string, { recorded, known }: SqlPoint): string =>
  actsOn(record, row, [recorded, known]);

/** The first key of a record that withdraws a source `s` of the event of a row. */
const withdrawnBy = (row: string, at: SqlPoint): string => `(SELECT w.event FROM read.timeline w
  WHERE ${acts('w', row, at)} AND w.type = 'source.retracted' AND w.body #>> '{source,publisher}' = s.source ->> 'publisher'
    AND w.body #>> '{source,title}' = s.source ->> 'title' ORDER BY w.published_order LIMIT 1)`;

/** The sources of the event of a row of the timeline: those that it names itself, then those attached to it. */
export const sourcesOf = (row: string, at: SqlPoint): string => `(SELECT s.source, s.attached_by,
    row_number() OVER (ORDER BY s.place, s.attached_order) AS ordinal, ${withdrawnBy(row, at)} AS withdrawn_by
  FROM (SELECT o.source, NULL::text AS attached_by, o.place, '' AS attached_order
      FROM json_array_elements(${row}.body -> 'sources') WITH ORDINALITY o(source, place)
    UNION ALL SELECT r.body -> 'source', r.event, 9007199254740991, r.published_order FROM read.timeline r
      WHERE ${acts('r', row, at)} AND r.type = 'source.attached' AND r.body #> '{source,genre}' IS NOT NULL) s)`;

const firstSource = (row: string, part: string, at: SqlPoint): string =>
  `(SELECT s.source ->> '${part}' FROM ${sourcesOf(row, at)} s WHERE s.withdrawn_by IS NULL ORDER BY s.ordinal LIMIT 1)`;

/** A mark of the dating in force of a row of the timeline. */
const mark = (row: string, name: string): string => `(${row}.marks ->> '${name}')::timestamptz`;

/** When the event of a row of the timeline happened, by its bounds; a row without an event has none. */
export const boundsOf = (row: string) => ({
  occurred_from: `CASE WHEN ${row}.event IS NOT NULL THEN coalesce(${mark(row, 'earliest')}, '-infinity') END`,
  occurred_to: `CASE WHEN ${row}.event IS NOT NULL THEN coalesce(${mark(row, 'latest')}, 'infinity') END`,
  occurred_settled: `CASE WHEN ${row}.event IS NOT NULL THEN coalesce(${mark(row, 'settled')}, 'infinity') END`,
});

/** How closely a date in EDTF names what it means. */
export const precisionInSql = (edtf: string): string => `CASE WHEN ${edtf} ~ '/' THEN 'interval'
  WHEN ${edtf} ~ '^\\[' THEN CASE WHEN ${edtf} ~ '^\\[\\.\\.|\\.\\.\\]$' THEN 'unknown' ELSE 'interval' END
  ELSE coalesce((ARRAY['year', 'month', 'day'])[array_position(ARRAY[4, 7, 10], length(regexp_replace(${edtf}, '[~?]', '')))], 'unknown') END`;

/** When a row of the timeline happened and was published, and its first source. */
export const tellsOf = (row: string, at: SqlPoint) => ({
  occurred: `${row}.body ->> 'occurred'`,
  ...boundsOf(row),
  occurred_precision: precisionInSql(`(${row}.body ->> 'occurred')`),
  published_at: `${row}.body ->> 'publishedAt'`,
  published_on: dayOfText(`(${row}.body ->> 'publishedAt')`),
  source_publisher: firstSource(row, 'publisher', at),
  source_title: firstSource(row, 'title', at),
  source_url: firstSource(row, 'url', at),
});

/** From when on a row `t` about an event could be known, and where the log has the event. */
export const KNOWLEDGE = {
  known_from: time('t.public_from'),
  known_on: `${time('t.public_from')}::date`,
  position: 't.position',
} as const;

/** What every row `t` of a read model tells of its event, read from {@link withEvent}. */
export const aboutEvent = (at: SqlPoint) => ({
  policy: 'p.slug',
  policy_title: 'p.title',
  event: 't.event',
  ...tellsOf('e', at),
  ...KNOWLEDGE,
});

/** Joins the policy `p` of rows `t`, and the row `e` of the timeline of their event; the log did not take some. */
export const withEvent = (rows: string, at: SqlPoint): string => `${rows} t ${ofPolicy('t', at)}
  LEFT JOIN LATERAL (SELECT n.* FROM read.timeline n WHERE n.event = t.event AND ${stands('n', at)} LIMIT 1) e ON true`;
