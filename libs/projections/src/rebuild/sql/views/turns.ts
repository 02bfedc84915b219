import { STANCE_SCALE } from '#analysis';
import { aboutEvent, withEvent } from './described.js';
import { type SqlPoint, ANALYTICS, OPEN, hasHappened, lastOfRow, stands, viewOfTable } from './view.js';

/** The view of turns: who changed position, by the rules of `#analysis`. */

const OF_SERIES = 'PARTITION BY s.policy, s.actor, s.on_behalf_of ORDER BY s.occurred_order';

/** The stances that were taken, each with how many of its actor, about its policy, say something up to it and before it. */
const takenAt = (at: SqlPoint): string => `SELECT s.*, count(s.stance) OVER (${OF_SERIES}) AS number,
    count(s.stance) OVER (${OF_SERIES} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS numbers_before,
    lag(s.stance) OVER (${OF_SERIES}) IS NULL AS is_silent
  FROM read.stances s WHERE ${hasHappened('s', at)}`;

const SCALE = STANCE_SCALE.map((stance) => `'${stance}'`).join(', ');

const placeOnScale = (row: string): string => `array_position(ARRAY[${SCALE}], ${row}.stance)`;

const isReversal = (one: string, other: string): string =>
  `${one}.stance = 'support' AND ${other}.stance IN ('oppose', 'refuse')`;

const KIND = `CASE WHEN s.stance IS NULL THEN 'to-silence'
  WHEN ${isReversal('b', 's')} OR ${isReversal('s', 'b')} THEN 'reversal'
  WHEN ${placeOnScale('s')} < ${placeOnScale('b')} THEN 'hardening' ELSE 'softening' END`;

/** Silence is compared with the stance before it, and no stance with a silence. */
const STATED = `SELECT s.policy, s.event, s.position, s.public_from, s.actor, s.on_behalf_of, ${KIND} AS kind,
    b.stance AS from_stance, b.event AS from_event, b.edtf AS from_occurred, b.role AS from_role, s.stance AS to_stance, s.role AS to_role,
    b.earliest AS from_earliest, ${lastOfRow('b')} AS from_last, s.earliest AS to_earliest, ${lastOfRow('s')} AS to_last,
    b.event = ANY (s.follows) AS is_after, b.event = ANY (s.names) AS acknowledged
  FROM taken s JOIN taken b ON b.policy = s.policy AND b.actor = s.actor AND b.on_behalf_of IS NOT DISTINCT FROM s.on_behalf_of
    AND b.stance IS NOT NULL AND b.number = s.numbers_before
  WHERE b.stance IS DISTINCT FROM s.stance AND NOT (s.stance IS NULL AND s.is_silent)`;

const mark = (name: string): string =>
  `coalesce(${ANALYTICS}.milliseconds((n.marks ->> '${name}')::timestamptz), ${name === 'earliest' ? '-' : ''}${OPEN})`;

/** The event that is undone, if it is in force. */
const undoneAt = (at: SqlPoint): string => `LEFT JOIN LATERAL (
  SELECT n.body, n.body ->> 'occurred' AS edtf, ${mark('earliest')} AS earliest, least(${mark('latest')}, ${mark('settled')}) AS last
  FROM read.timeline n WHERE n.event = u.undoes AND n.counts AND ${stands('n', at)} LIMIT 1) f ON true`;

/** Those who made an event and can be named: no group, and not anonymous; each as they are named last. */
const NAMED = `SELECT DISTINCT ON (x.entry ->> 'name') x.entry ->> 'name' AS actor, x.entry ->> 'onBehalfOf' AS on_behalf_of,
    CASE WHEN json_typeof(x.entry -> 'role') = 'string' THEN x.entry ->> 'role' END AS role
  FROM json_array_elements(f.body -> 'actors') WITH ORDINALITY x(entry, place)
  WHERE json_typeof(x.entry -> 'name') = 'string' AND x.entry ->> 'kind' IS DISTINCT FROM 'group'
    AND x.entry ->> 'anonymous' IS DISTINCT FROM 'true'
  ORDER BY x.entry ->> 'name', x.place DESC`;

/** An event that undoes another is a reversal of those who made both, else of the policy, and of nobody. */
const undoingsAt = (
  at: SqlPoint,
): string => `SELECT u.policy, u.event, u.position, u.public_from, u.undoes, u.earliest, ${lastOfRow('u')} AS last,
    f.edtf AS from_occurred, f.earliest AS from_earliest, f.last AS from_last, u.undoes = ANY (u.follows) AS is_after,
    y.actor, y.on_behalf_of, y.role, y.before
  FROM read.undoings u ${undoneAt(at)}
  LEFT JOIN LATERAL (SELECT a ->> 'actor' AS actor, a ->> 'onBehalfOf' AS on_behalf_of, a ->> 'role' AS role, m.role AS before
    FROM json_array_elements(u.actors) a JOIN (${NAMED}) m ON m.actor = a ->> 'actor' AND m.on_behalf_of IS NOT DISTINCT FROM a ->> 'onBehalfOf') y ON true
  WHERE ${hasHappened('u', at)}`;

/** Who undoes an event and says so as a stance has turned once. */
const IS_SAME = `s.actor = u.actor AND s.on_behalf_of IS NOT DISTINCT FROM u.on_behalf_of AND s.from_event = u.undoes AND s.event = u.event`;

const UNDONE = `SELECT u.policy, u.event, u.position, u.public_from, u.actor, u.on_behalf_of, coalesce(s.kind, 'reversal') AS kind,
    s.from_stance, u.undoes AS from_event, CASE WHEN s.event IS NULL THEN u.from_occurred ELSE s.from_occurred END AS from_occurred,
    CASE WHEN s.event IS NULL THEN u.before ELSE s.from_role END AS from_role, s.to_stance, CASE WHEN s.event IS NULL THEN u.role ELSE s.to_role END AS to_role,
    coalesce(s.from_earliest, u.from_earliest) AS from_earliest, coalesce(s.from_last, u.from_last) AS from_last,
    u.earliest AS to_earliest, u.last AS to_last, coalesce(s.is_after, u.is_after AND u.from_occurred IS NOT NULL) AS is_after, true AS acknowledged, u.undoes
  FROM undone u LEFT JOIN stated s ON ${IS_SAME}`;

/** Days between the two ends of a turn; dates that overlap may lie the other way round: then no days at least. */
const days = (bound: string, from: string, to: string): string =>
  `CASE WHEN t.${from} IS NOT NULL THEN greatest(${ANALYTICS}.${bound}(t.${from}, t.${to}), CASE WHEN ${ANALYTICS}.${bound}(t.${from}, t.${to}) IS NOT NULL THEN 0 END) END`;

const turnsAt = (
  at: SqlPoint,
): string => `(WITH taken AS (${takenAt(at)}), stated AS (${STATED}), undone AS (${undoingsAt(at)})
  SELECT s.*, NULL::text AS undoes FROM stated s WHERE NOT EXISTS (SELECT FROM undone u WHERE ${IS_SAME})
  UNION ALL ${UNDONE})`;

export const turnsView = viewOfTable({
  table: 'turns',
  columns: (at) => ({
    ...aboutEvent(at),
    actor: 't.actor',
    on_behalf_of: 't.on_behalf_of',
    kind: 't.kind',
    from_stance: 't.from_stance',
    from_event: 't.from_event',
    from_occurred: 't.from_occurred',
    from_role: 't.from_role',
    to_stance: 't.to_stance',
    to_role: 't.to_role',
    days_min: days('days_at_least', 'from_last', 'to_earliest'),
    days_max: days('days_at_most', 'from_earliest', 'to_last'),
    order: "CASE WHEN t.from_last < t.to_earliest OR t.is_after THEN 'certain' ELSE 'uncertain' END",
    acknowledged: 't.acknowledged',
    undoes: 't.undoes',
  }),
  from: (at) => withEvent(turnsAt(at), at),
});
